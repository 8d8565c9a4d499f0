"""Runs `koutu` and notes every address that it connects to in the file that the first argument names."""

import os
import sys

log = os.open(sys.argv.pop(1), os.O_CREAT | os.O_APPEND | os.O_WRONLY)


def watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        os.write(log, f"{arguments[1]}\n".encode())


sys.addaudithook(watch)

from koutu.cli.main import app  # noqa: E402 - the watch has to stand first

app()
