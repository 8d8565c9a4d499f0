"""Where results go, and whether one is there already."""

import struct
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from koutu.cli.cutting.inputs import Source
from koutu.cli.whole_files import write_whole

_PNG_HEAD = 33  # the signature and the IHDR chunk
_KEY = b"Software\0"


@dataclass(frozen=True, slots=True)
class Task:
    """One photo and the file that its result goes to."""

    source: Source
    target: Path


def plan(sources: Sequence[Source], output: Path | None, ending: str, suffix: str) -> list[Task]:
    """Give every photo a file of its own.

    Args:
        sources: the photos.
        output: a file for one photo, or a folder, below which the photos' tree is kept; None = beside each photo.
        ending: what is put between name and suffix beside a photo.
        suffix: of the results, with its dot.
    """
    if output is not None and is_file_name(output):
        return [Task(source, output) for source in sources]

    def target(source: Source, name: str) -> Path:
        folder = source.path.parent if output is None else output / source.place.parent
        return folder / f"{name}{ending if output is None else ''}{suffix}"

    wanted = [target(source, source.path.stem) for source in sources]
    taken = Counter(_folded(path) for path in wanted)
    tasks: list[Task] = []
    given: set[str] = set()
    for source, path in zip(sources, wanted, strict=True):
        # a.jpg and a.png, or A.jpg and a.jpg where the file system knows no case, would have the same result.
        if taken[_folded(path)] > 1:
            path = target(source, source.path.name)
        number = 2
        free = path
        while _folded(free) in given:
            free = path.with_stem(f"{path.stem}-{number}")
            number += 1
        given.add(_folded(free))
        tasks.append(Task(source, free))
    return tasks


def is_file_name(output: Path) -> bool:
    """Whether an output that was asked for is one file, and not a folder."""
    return bool(output.suffix) and not output.is_dir()


def is_done(task: Task, settings: str) -> bool:
    """Whether the result is there, no older than its photo and, where its format can tell, made with the same settings."""
    try:
        result = task.target.stat()
        if result.st_mtime < task.source.path.stat().st_mtime or not result.st_size:
            return False
    except OSError:
        return False
    made_with = _read_stamp(task.target)
    return made_with is None or made_with == settings


def write(task: Task, data: bytes, settings: str) -> None:
    """Write a result whole or not at all, with the settings it was made with.

    Raises:
        OSError: it cannot be written.
    """
    write_whole(task.target, _stamp(data, settings))


def _folded(path: Path) -> str:
    return str(path).casefold()


def _stamp(data: bytes, settings: str) -> bytes:
    """The file with a note of its settings: a text chunk of a PNG, a comment of a JPEG; other formats are left as they are."""
    text = settings.encode("ascii", "backslashreplace")
    if data.startswith(b"\x89PNG"):
        body = b"tEXt" + _KEY + text
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        return data[:_PNG_HEAD] + chunk + data[_PNG_HEAD:]
    if data.startswith(b"\xff\xd8"):
        return data[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + data[2:]
    return data


def _read_stamp(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"\x89PNG"):
        size = int.from_bytes(head[_PNG_HEAD : _PNG_HEAD + 4])
        chunk = head[_PNG_HEAD + 4 : _PNG_HEAD + 8 + size]
        return chunk.removeprefix(b"tEXt" + _KEY).decode("ascii", "replace") if chunk.startswith(b"tEXt" + _KEY) else ""
    if head.startswith(b"\xff\xd8"):
        size = int.from_bytes(head[4:6])
        return head[6 : 4 + size].decode("ascii", "replace") if head[2:4] == b"\xff\xfe" else ""
    return None
