"""A server as a process of its own, with one access key."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Served:
    """A running server."""

    endpoint: str
    key_id: str
    secret: str


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[Served]:
    """`koutu serve` on a free port, with its data in `folder` and settings as `KOUTU_...` names; killed at the end."""
    koutu = str(Path(sys.executable).with_name("koutu"))
    env = {**os.environ, "KOUTU_FETCH_ALLOW_HOSTS": "127.0.0.1", **environment}
    command = [koutu, "keys", "create", "--json", "--data", str(folder)]
    key = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env).stdout)
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [koutu, "serve", "--port", "0", "--data", str(folder)], stdout=subprocess.PIPE, stderr=log, text=True, env=env
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        assert line.startswith("Koutu is serving on http://"), (line, (folder / "server.log").read_text())
        yield Served(line.removeprefix("Koutu is serving on http://"), key["access_key_id"], key["access_key_secret"])
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
