"""Print the quality table on the validation split: python -m benchmarks.quality [action ...]."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from training.common.datasets import thin

from benchmarks.quality.table import Row, print_table
from koutu.errors import ModelFault
from koutu.settings import current


def actions() -> list[str]:
    """The actions that have a file here."""
    return sorted(module.name for module in iter_modules([str(Path(__file__).parent)]) if module.name.startswith(_PREFIXES))


_PREFIXES = ("segment_", "refine_", "change_", "parse_", "wrong_")


def rows(names: list[str], *, both: bool) -> Iterator[Row]:
    """The rows of some actions; with ``both`` each carries the figure on permissive weights alone as well."""
    for name in names:
        module = import_module(f"benchmarks.quality.{name}")
        second = _permissive(module) if both else {}
        for row in module.rows():
            yield replace(row, permissive=second.get((row.dataset, row.metric)))


def _permissive(module: ModuleType) -> dict[tuple[str, str], float]:
    """Figures by set and metric on permissive weights; what needs other weights is left out."""
    before = os.environ.get("KOUTU_LICENCES")
    os.environ["KOUTU_LICENCES"] = "permissive"
    current.cache_clear()
    found: dict[tuple[str, str], float] = {}
    try:
        for row in module.rows():
            found[row.dataset, row.metric] = row.measured
    except ModelFault:
        pass
    finally:
        os.environ.pop("KOUTU_LICENCES")
        if before is not None:
            os.environ["KOUTU_LICENCES"] = before
        current.cache_clear()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("actions", nargs="*", help=f"some of: {', '.join(actions())}; all when absent")
    parser.add_argument("--every", type=int, default=1, help="score every so many-th photo alone")
    parser.add_argument(
        "--any", action="store_true", help="without the column of permissive weights, which takes as long again"
    )
    arguments = parser.parse_args()
    thin(arguments.every)
    print_table(rows(arguments.actions or actions(), both=not arguments.any))


if __name__ == "__main__":
    main()
