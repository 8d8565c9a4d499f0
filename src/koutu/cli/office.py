"""What the operators' commands share: the services, moments and permissions as options, tables and JSON."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from koutu.cli.server_settings import server_settings
from koutu.errors import InvalidParameter, KoutuError

if TYPE_CHECKING:
    from koutu.server.accounts.backoffice import Backoffice
    from koutu.server.accounts.permission import Permission

Data = Annotated[Path | None, typer.Option(help="The server's folder: database, objects, secret.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Actions = Annotated[str, typer.Option(help="Actions and families with commas between them; * is everything.")]


@contextmanager
def office(data: Path | None) -> Iterator["Backoffice"]:
    """The services of the installation; an error of theirs ends the command with its message and status 1."""
    from koutu.server.accounts.backoffice import open_backoffice

    try:
        with open_backoffice(server_settings(data=data)) as services:
            yield services
    except KoutuError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from None


def permission(text: str) -> "Permission":
    """The permission that an option names."""
    from koutu.server.accounts.permission import Permission

    return Permission.parse(text)


def moment(text: str) -> datetime:
    """The moment that an option names, in ISO 8601; without a zone it is in UTC.

    Raises:
        InvalidParameter: it is none.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidParameter(f"A moment is written as 2027-01-31T12:00:00Z, not {text[:40]!r}.") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def decimal(text: str) -> Decimal:
    """The exact number that an option names.

    Raises:
        InvalidParameter: it is none.
    """
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InvalidParameter(f"A number is written as 20 or 0.007, not {text[:40]!r}.") from None


def show(rows: Sequence[Any], columns: Sequence[str], *, as_json: bool) -> None:
    """Print dataclasses as a table of these fields, or all of their fields as a JSON list."""
    if as_json:
        typer.echo(json.dumps([as_document(row) for row in rows], ensure_ascii=False))
        return
    table = Table(*(column.replace("_", " ") for column in columns))
    for row in rows:
        document = as_document(row)
        table.add_row(*(_cell(document[column]) for column in columns))
    Console().print(table)


def show_one(row: Any, *, as_json: bool) -> None:
    """Print a dataclass: a line for each field, or as JSON."""
    document = as_document(row)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    width = max(len(name) for name in document) + 1
    for name, value in document.items():
        typer.echo(f"{name.replace('_', ' ') + ':':{width}} {_cell(value)}")


def as_document(row: Any) -> dict[str, Any]:
    """A dataclass as JSON knows it: moments in ISO 8601, amounts as digits, permissions as names, rows within it likewise."""
    return {field.name: _plain(getattr(row, field.name)) for field in dataclasses.fields(row)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple):
        return [as_document(row) for row in value]
    return list(value.names) if hasattr(value, "names") else value


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)
