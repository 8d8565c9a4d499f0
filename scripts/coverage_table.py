"""Write docs/coverage.md: action x parameter, form or error code -> the tests that hold it; with --check say if it is fresh.

The tests are those that pytest collects from tests/coverage and tests/conformance; a row that no test names is an error.
"""

import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "coverage.md"
SUPPORT = ROOT / "tests" / "support"
HEAD = """# What is tested

Made from the contract and the collected tests by `scripts/coverage_table.py`; do not edit.

Every parameter, return form and error code of every action, with the tests that ask for it over the wire. `make test` runs
tests/coverage: the whole server, with a plain shape in the place of vision. `make conformance` runs tests/conformance: each
action through each official client, with the real vision. Codes under (any) can come to any call.
"""


class Collector:
    """Notes what pytest collects."""

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the collected tests."""
        self.items = list(items)


def collect() -> list[pytest.Item]:
    """The tests that the table is about."""
    collector = Collector()
    status = pytest.main(
        ["--collect-only", "-qq", "-m", "", str(ROOT / "tests" / "coverage"), str(ROOT / "tests" / "conformance")],
        plugins=[collector],
    )
    if status:
        raise SystemExit(f"the tests cannot be collected: {status}")
    return collector.items


def render() -> str:
    """The page's text; raises SystemExit for a row without a test."""
    sys.path.insert(0, str(SUPPORT))
    from contract_rows import Row, rows

    tests: dict[Row, set[str]] = defaultdict(set)
    clients: dict[str, set[str]] = defaultdict(set)
    for item in collect():
        name = f"{item.location[0].removeprefix('tests/')}::{getattr(item, 'originalname', item.name)}"
        params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        if "row" in params:
            tests[params["row"]].add(name)
        elif "action" in params and "form" in params:
            tests[Row(params["action"], "form", params["form"])].add(name)
        elif "action" in params and "client" in params:
            clients[params["action"]].add(name)
    lines = ["| action | what | which | tests |", "| --- | --- | --- | --- |"]
    for row in rows():
        found = set(tests[row])
        if row.kind == "parameter" and row.name.lower().endswith("url"):
            found |= clients[row.action]
        if not found:
            raise SystemExit(f"no test for {row}")
        lines.append(f"| {row.action} | {row.kind} | {row.name} | {', '.join(f'`{test}`' for test in sorted(found))} |")
    return HEAD + "\n" + "\n".join(lines) + "\n"


def main() -> int:
    """Write or check the page."""
    text = render()
    if "--check" in sys.argv:
        return 0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text else 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
