"""`koutu packages`: points that accounts buy in advance."""

from typing import Annotated

import typer

from koutu.cli.office import Data, Json, decimal, office, show, show_one

app = typer.Typer(no_args_is_help=True, help="Packages of points: offers, buy, list, void.")

Note = Annotated[str, typer.Option(help="What the invoice says beside it.")]


@app.command()
def offers(data: Data = None, as_json: Json = False) -> None:
    """List the packages that the price book in force has on sale."""
    with office(data) as services:
        show(services.prices.current().packages.offers, ("points", "list_price", "price", "first_price"), as_json=as_json)


@app.command()
def buy(
    account: Annotated[str, typer.Argument(help="The account's name.", show_default=False)],
    action: Annotated[str, typer.Argument(help="The action that may draw from it, or general.", show_default=False)],
    points: Annotated[str, typer.Argument(help="Its size; koutu packages offers lists those on sale.", show_default=False)],
    price: Annotated[str | None, typer.Option(help="Another price than the price book's; 0 for a gift.")] = None,
    on_credit: Annotated[bool, typer.Option(help="Sell it although the balance does not cover it.")] = False,
    note: Note = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Sell an account a package; its price goes onto the balance."""
    with office(data) as services:
        package = services.packages.buy(
            account,
            None if action == "general" else action,
            decimal(points),
            price=None if price is None else decimal(price),
            on_credit=on_credit,
            note=note,
        )
        show_one(package, as_json=as_json)


@app.command("list")
def list_packages(
    account: Annotated[str | None, typer.Argument(help="One account's alone.")] = None, data: Data = None, as_json: Json = False
) -> None:
    """List the packages with what is left of them; the state "low" is the warning that little is."""
    with office(data) as services:
        columns = ("id", "account", "action", "points", "left", "price", "expires_at", "state")
        show(services.packages.all(account), columns, as_json=as_json)


@app.command()
def void(
    package_id: Annotated[int, typer.Argument(help="The package's number.", show_default=False)],
    refund: Annotated[str | None, typer.Option(help="How much goes back; by default the price of the points left.")] = None,
    note: Note = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take a package back and refund what is left of it."""
    with office(data) as services:
        package = services.packages.void(package_id, refund=None if refund is None else decimal(refund), note=note)
        show_one(package, as_json=as_json)
