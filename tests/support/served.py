"""A server as a process of its own, with one access key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from program import Program


@dataclass(frozen=True)
class Served:
    """A running server."""

    endpoint: str
    key_id: str
    secret: str


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[Served]:
    """`koutu serve` on a free port, with its data and log in `folder` and settings as `KOUTU_...` names; killed at the end."""
    program = Program(folder / "data", {"KOUTU_FETCH_ALLOW_HOSTS": "127.0.0.1", **environment})
    key = program.create_key()
    try:
        program.start()
        yield Served(program.endpoint, key.access_key_id, key.access_key_secret)
    finally:
        if program.process is not None:
            program.kill()
