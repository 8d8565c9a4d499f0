"""Print the quality table on the validation split: python -m benchmarks.quality [action ...]."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from benchmarks.quality.table import Row, print_table


def actions() -> list[str]:
    """The actions that have a file here."""
    return sorted(module.name for module in iter_modules([str(Path(__file__).parent)]) if module.name.startswith(_PREFIXES))


_PREFIXES = ("segment_", "refine_", "change_", "parse_", "wrong_")


def rows(names: list[str]) -> Iterator[Row]:
    for name in names:
        yield from import_module(f"benchmarks.quality.{name}").rows()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("actions", nargs="*", help=f"some of: {', '.join(actions())}; all when absent")
    print_table(rows(parser.parse_args().actions or actions()))


if __name__ == "__main__":
    main()
