"""Which photos a command line means: files, patterns and folders with everything below them."""

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif", ".avif", ".heic", ".heif"}
)


@dataclass(frozen=True, slots=True)
class Source:
    """One photo.

    Attributes:
        path: where it is.
        place: its path below the folder that was named, without which a tree could not be kept; a file's name alone.
        problem: why it cannot be read, where that is known already.
    """

    path: Path
    place: Path
    problem: str = ""


def find_photos(names: Iterable[str], leave_out: Path | None, made_here: Iterable[str] = ()) -> Iterator[Source]:
    """The photos that names stand for, in a stable order.

    A folder stands for the pictures below it, told by their suffix in any case. Hidden files and folders are passed over, links
    are followed, and a folder that was seen already (a loop of links) is not entered again. Of several folders each keeps its
    name.

    Args:
        names: files, folders, and patterns that the shell did not expand.
        leave_out: a folder that is not searched: the results'.
        made_here: endings of files that are results themselves.
    """
    paths = [path for name in names for path in _expand(name)]
    folders = [path for path in paths if path.is_dir()]
    hidden = _identity(leave_out) if leave_out is not None else None
    endings = tuple(made_here)
    for path in paths:
        if path.is_dir():
            below = Path(path.resolve().name) if len(folders) > 1 else Path()
            yield from (source for source in _walk(path, below, hidden) if not source.path.name.endswith(endings or "\0"))
        else:
            yield Source(path, Path(path.name), "" if path.exists() else "no such file")


def _expand(name: str) -> list[Path]:
    path = Path(name).expanduser()
    if not os.path.lexists(path) and glob.has_magic(name):
        found = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207
        return [Path(one) for one in found] or [path]
    return [path]


def _walk(folder: Path, below: Path, hidden: tuple[int, int] | None) -> Iterator[Source]:
    seen = {hidden}
    problems: list[OSError] = []
    for name, subfolders, files in os.walk(folder, followlinks=True, onerror=problems.append):
        here = Path(name)
        identity = _identity(here)
        if identity is None or identity in seen:
            subfolders.clear()
            continue
        seen.add(identity)
        subfolders[:] = sorted(one for one in subfolders if not one.startswith("."))
        place = below / here.relative_to(folder)
        for file in sorted(files):
            if not file.startswith(".") and Path(file).suffix.lower() in SUFFIXES:
                yield Source(here / file, place / file)
    for error in problems:
        where = Path(error.filename)
        yield Source(where, below / where.relative_to(folder), f"the folder cannot be read: {error.strerror}")


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
