"""Files that appear whole or not at all."""

import os
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_PART = ".koutu-part-"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file under another name and rename it, making its folder.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.parent / f"{_PART}{os.getpid()}-{zlib.crc32(os.fsencode(path.name)):08x}"
    try:
        part.write_bytes(data)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def sweep(folders: Iterable[Path]) -> None:
    """Delete what killed runs left half-written in these folders."""
    for folder in folders:
        with suppress(OSError):
            for part in folder.glob(f"{_PART}*"):
                pid = part.name.removeprefix(_PART).partition("-")[0]
                if pid.isdigit() and not _alive(int(pid)):
                    part.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
