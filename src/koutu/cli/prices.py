"""`koutu prices`: price books, and since when they count."""

from pathlib import Path
from typing import Annotated

import typer

from koutu.cli.office import Data, Json, moment, office, show, show_one
from koutu.errors import InvalidParameter, KoutuError

app = typer.Typer(no_args_is_help=True, help="Price books: adopt, check, list, show, withdraw.")

Book = Annotated[str, typer.Argument(help="A TOML file, or documented for the cloud's own list.", show_default=False)]


@app.command()
def adopt(
    book: Book,
    starts: Annotated[str | None, typer.Option(help="When it begins to count, as in 2027-01-31T12:00:00Z; else now.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Have a price book count from now or from a later moment on. A running server follows without a restart."""
    with office(data) as services:
        show_one(services.prices.adopt(_read(book), moment(starts) if starts else None), as_json=as_json)


@app.command()
def check(book: Book) -> None:
    """Say whether a price book is sound; exit code 1 and the place of its fault if it is not."""
    from koutu.server.accounts.billing.book import parse_book

    try:
        found = parse_book(_read(book))
    except KoutuError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{found.name} is sound: {len(found.pay_as_you_go)} billed actions, prices in {found.currency}.")


@app.command("list")
def list_books(data: Data = None, as_json: Json = False) -> None:
    """List the price books in the order in which they begin to count."""
    with office(data) as services:
        show(services.prices.all(), ("id", "name", "currency", "starts_at", "withdrawn_at", "in_force"), as_json=as_json)


@app.command("show")
def show_book(
    book: Annotated[str, typer.Argument(help="A price book's number, or documented.", show_default=False)], data: Data = None
) -> None:
    """Print a price book as TOML, to read it or to start one of your own from it."""
    with office(data) as services:
        if book != "documented" and not book.isdecimal():
            raise InvalidParameter(f"A price book has a number, which {book[:40]!r} is not.")
        typer.echo(_read(book) if book == "documented" else services.prices.text(int(book)), nl=False)


@app.command()
def withdraw(
    book: Annotated[int, typer.Argument(help="The price book's number.", show_default=False)],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take back a price book that does not count yet."""
    with office(data) as services:
        show_one(services.prices.withdraw(book), as_json=as_json)


def _read(book: str) -> str:
    from koutu.server.accounts.billing.book import documented_text

    if book == "documented":
        return documented_text()
    try:
        return Path(book).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InvalidParameter(f"The price book {book} cannot be read: {error}") from None
