"""`koutu usage` and `koutu invoice`: what was called, and what it comes to."""

import json
from typing import Annotated

import typer

from koutu.cli.office import Data, Json, as_document, office, show

Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]


def usage(
    account: Annotated[str | None, typer.Argument(help="One account's alone.")] = None,
    month: Annotated[str | None, typer.Option(help="One month alone, as 2026-03.")] = None,
    action: Annotated[str | None, typer.Option(help="One action alone.")] = None,
    data: Data = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Show calls by account, month and action, and what they were paid with."""
    from koutu.server.accounts.billing.usage import usage, usage_csv

    _one_form(as_json, as_csv)
    with office(data) as services:
        rows = usage(services.database, account=account, month=month, action=action)
    if as_csv:
        typer.echo(usage_csv(rows), nl=False)
        return
    columns = ("account", "month", "action", "calls", "free", "prepaid_qps", "package", "pay_as_you_go", "points", "amount")
    show(rows, columns, as_json=as_json)


def invoice(
    account: Annotated[str, typer.Argument(help="The account's name.", show_default=False)],
    month: Annotated[str, typer.Argument(help="The month, as 2026-03.", show_default=False)],
    data: Data = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Show the bill of an account for a month, line by line; that of the running month is what it comes to so far."""
    from koutu.server.accounts.billing.invoice import invoice, invoice_csv

    _one_form(as_json, as_csv)
    with office(data) as services:
        found = invoice(services.database, account, month, services.clock)
    if as_csv:
        typer.echo(invoice_csv(found), nl=False)
    elif as_json:
        typer.echo(json.dumps(as_document(found), ensure_ascii=False))
    else:
        show(found.lines, ("kind", "item", "calls", "points", "unit_price", "amount"), as_json=False)
        document = as_document(found)
        for name in ("total", "payable", "opening", "paid", "closing"):
            typer.echo(f"{name + ':':9}{document[name]} {found.currency}")


def _one_form(as_json: bool, as_csv: bool) -> None:
    if as_json and as_csv:
        raise typer.BadParameter("--json and --csv exclude each other.")
