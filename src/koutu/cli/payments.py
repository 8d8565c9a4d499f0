"""`koutu payments`: what accounts paid, and how they stand."""

from typing import Annotated

import typer

from koutu.cli.office import Data, Json, decimal, office, show, show_one

app = typer.Typer(no_args_is_help=True, help="Payments: record, list, refund, void; balance and credit of an account.")

Account = Annotated[str, typer.Argument(help="The account's name.", show_default=False)]
Payment = Annotated[int, typer.Argument(help="The payment's number.", show_default=False)]
Note = Annotated[str, typer.Option(help="Free text.")]


@app.command()
def record(
    account: Account,
    amount: Annotated[str, typer.Argument(help="How much, in the price book's currency.", show_default=False)],
    reference: Annotated[str, typer.Option(help="The transfer's own number; it is not taken twice.")] = "",
    note: Note = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write down that an account paid; arrears that it settles are over at once."""
    with office(data) as services:
        show_one(services.payments.record(account, decimal(amount), reference=reference, note=note), as_json=as_json)


@app.command("list")
def list_payments(
    account: Annotated[str | None, typer.Argument(help="One account's alone.")] = None, data: Data = None, as_json: Json = False
) -> None:
    """List the payments, oldest first."""
    with office(data) as services:
        columns = ("id", "account", "at", "amount", "returned", "reference", "note")
        show(services.payments.all(account), columns, as_json=as_json)


@app.command()
def refund(
    payment: Payment,
    amount: Annotated[str | None, typer.Option(help="How much of it; by default all that is left.")] = None,
    note: Note = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write down that a payment was paid back."""
    with office(data) as services:
        back = services.payments.refund(payment, None if amount is None else decimal(amount), note=note)
        show_one(back, as_json=as_json)


@app.command()
def void(payment: Payment, note: Note = "", data: Data = None, as_json: Json = False) -> None:
    """Take back a payment that never came or was recorded by mistake."""
    with office(data) as services:
        show_one(services.payments.void(payment, note=note), as_json=as_json)


@app.command()
def balance(account: Account, data: Data = None, as_json: Json = False) -> None:
    """Show how an account stands: balance, credit, arrears, frozen or not."""
    with office(data) as services:
        show_one(services.payments.balance(account), as_json=as_json)


@app.command()
def credit(
    account: Account,
    amount: Annotated[str, typer.Argument(help="How far the balance may fall below zero.", show_default=False)],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Set how far an account's balance may fall below zero before it is in arrears."""
    with office(data) as services:
        show_one(services.payments.allow_credit(account, decimal(amount)), as_json=as_json)
