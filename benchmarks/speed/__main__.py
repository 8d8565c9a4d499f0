"""Koutu beside its peers: `make bench`, or `python -m benchmarks.speed [--only PART ...] [--rounds N] [--write]`."""

import argparse
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.speed import growth, http, large, library, stages
from benchmarks.speed.photos import write_photos
from benchmarks.speed.plots import Plot

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
_START, _END = "<!-- {0}: printed by python -m benchmarks.speed --only {0} -->", "<!-- end of {0} -->"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    flags = next(line for line in lines if line.startswith("flags"))
    kinds = [kind for kind in ("avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8") if kind in flags]
    return f"{len(names)} cores {names[0]} ({', '.join(kinds) or 'no bf16, no VNNI'})"


def machine() -> str:
    """The machine and the versions, as the page names them."""
    parts = [f"{name} {version(name)}" for name in ("openvino", "numpy", "opencv-python-headless", "isal")]
    today = datetime.now(UTC).date()
    return f"{today}, {_processor()}, Python {platform.python_version()}, {', '.join(parts)}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="PART", help="some of the parts; all when absent")
    parser.add_argument("--rounds", type=int, default=5, help="rounds over the photos")
    parser.add_argument("--no-node", action="store_true", help="leave out the package that runs under Node")
    parser.add_argument("--write", action="store_true", help=f"put tables and plots into {PAGE.name}")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photos = write_photos(folder)
        parts: dict[str, Callable[[], Iterator[str | Plot]]] = {
            "library": lambda: library.lines(photos, options.rounds, node=not options.no_node),
            "memory": lambda: library.memory_lines(photos, node=not options.no_node),
            "stages": lambda: stages.lines(photos, options.rounds),
            "large": lambda: large.lines(folder, options.rounds),
            "growth": lambda: growth.lines(folder, options.rounds),
            "http": lambda: http.lines(photos, options.rounds),
            "concurrent": lambda: http.concurrent_lines(photos),
        }
        unknown = set(options.only or ()) - parts.keys()
        if unknown:
            parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
        for part in options.only or parts:
            print(f"\n{part}: {machine()}\n", flush=True)
            found = list(parts[part]())
            text = "\n\n".join(one for one in found if isinstance(one, str))
            print(text, flush=True)
            if options.write:
                for one in found:
                    if isinstance(one, Plot):
                        one.write()
                _write(part, f"{machine()}\n\n{text}")


def _write(part: str, text: str) -> None:
    """Put a part's text between its marks in the page."""
    page = PAGE.read_text(encoding="utf-8")
    start, end = _START.format(part), _END.format(part)
    if start not in page or end not in page:
        sys.exit(f"{PAGE} has no place for {part}")
    before, after = page.partition(start)[0], page.partition(end)[2]
    PAGE.write_text(f"{before}{start}\n{text}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
