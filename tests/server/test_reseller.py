"""The example that plays a reseller's month, against the calculation that is done by hand in the documentation."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reseller_month", ROOT / "examples" / "reseller_month.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_hand() -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Heading -> the table under it, of the part of docs/billing.md that is worked out by hand."""
    text = (ROOT / "docs" / "billing.md").read_text(encoding="utf-8")
    for title, body in re.findall(r"^### (\w+, 2026-\d\d \(EUR\))\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL):
        lines = [line for line in body.splitlines() if line.startswith("|")][2:]
        yield title, [tuple(cell.strip() for cell in line[1:-1].split("|")) for line in lines]


def test_the_months_invoices_are_those_done_by_hand(running: None, engine: Any, tmp_path: Path, example: ModuleType) -> None:
    with example.opened(tmp_path) as shop:
        example.play(shop)
        found = {
            f"{bill['account']}, {bill['month']} ({bill['currency']})": list(example.rows(bill))
            for bill in example.invoices(shop)
        }
    expected = dict(by_hand())
    assert len(expected) == 4
    assert found == expected
