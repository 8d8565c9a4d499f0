"""Prices, packages, payments, usage and invoices on the command line."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from koutu.cli.main import app

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, fresh_settings: None) -> Run:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--data", str(tmp_path / "data")])

    return run


def test_a_sale_from_price_book_to_invoice(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "book.toml"
    book.write_text(run("prices", "show", "documented").stdout, encoding="utf-8")
    assert "is sound: 6 billed actions, prices in CNY" in CliRunner().invoke(app, ["prices", "check", str(book)]).stdout
    assert json.loads(run("prices", "adopt", str(book), "--json").stdout)["in_force"] is True
    run("accounts", "create", "anna")
    assert json.loads(run("payments", "record", "anna", "20", "--json").stdout)["amount"] == "20"
    package = json.loads(run("packages", "buy", "anna", "SegmentHead", "10000", "--json").stdout)
    assert (package["price"], package["state"]) == ("0.01", "good")
    month = package["starts_at"][:7]
    bill = json.loads(run("invoice", "anna", month, "--json").stdout)
    if not bill["purchases"]:  # in Shanghai it is the next month already
        pytest.skip("the month has just changed")
    assert [line["amount"] for line in bill["purchases"]] == ["0.01"]
    rows = list(csv.DictReader(io.StringIO(run("invoice", "anna", month, "--csv").stdout)))
    assert (rows[-1]["kind"], rows[-1]["amount"]) == ("total", "0.01")
    assert run("usage", "--csv").stdout.startswith("account,month,action,calls,")
    assert json.loads(run("packages", "void", "1", "--json").stdout)["state"] == "voided"
    assert json.loads(run("payments", "balance", "anna", "--json").stdout)["balance"] == "20"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("payments", "record", "anna", "much"), "A number is written as 20"),
        (("payments", "record", "nobody", "1"), "no account"),
        (("prices", "adopt", "none.toml"), "cannot be read"),
        (("prices", "show", "x"), "has a number"),
        (("invoice", "nobody", "2026-03"), "no account"),
    ],
)
def test_a_fault_ends_with_its_message_and_status_1(run: Run, arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert message in result.stderr
