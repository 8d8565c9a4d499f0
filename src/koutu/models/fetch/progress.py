"""Progress of a download that another program makes: told by the growth of the folder it writes to."""

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from koutu.errors import EnvironmentFault

Progress = Callable[[str, int, int], None]

_POLL_SECONDS = 0.2


def run_watched(command: Sequence[str], folder: Path, expected: int, label: str, progress: Progress) -> None:
    """Run a package client to its end, telling how far `folder` has grown towards `expected` bytes.

    Raises:
        EnvironmentFault: it could not be started or failed; the message ends with what it printed last.
    """
    log = folder / "client.log"
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    except OSError as error:
        raise EnvironmentFault(f"{command[0]} could not be started: {error}.") from error
    try:
        while process.poll() is None:
            progress(label, min(_size(folder), expected), expected)
            time.sleep(_POLL_SECONDS)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode != 0:
        tail = log.read_text(errors="replace").strip()[-800:]
        raise EnvironmentFault(f"{label} failed with exit code {process.returncode}:\n{tail}")
    progress(label, expected, expected)


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue  # the client moved it meanwhile
    return total
