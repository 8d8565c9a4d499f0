"""`koutu keys`: access keys."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from koutu.cli.server_settings import server_settings
from koutu.errors import AccessKeyNotFound, KoutuError

if TYPE_CHECKING:
    from koutu.server.accounts.keys import Keys

app = typer.Typer(no_args_is_help=True, help="Access keys: create, list, disable, token.")

Data = Annotated[Path | None, typer.Option(help="The server's folder: database, objects, secret.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def create(
    account: Annotated[str, typer.Option(help="The account that the key belongs to; made where it is new.")] = "default",
    note: Annotated[str, typer.Option(help="What the key is for.")] = "",
    key_id: Annotated[str | None, typer.Option("--id", help="An existing id to bring along.")] = None,
    secret: Annotated[str | None, typer.Option(help="An existing secret to bring along.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make an access key; its secret is shown this once. A running server knows it at once."""
    with _keys(data) as keys:
        key = keys.create(account=account, note=note, access_key_id=key_id, access_key_secret=secret)
    if as_json:
        typer.echo(json.dumps({"access_key_id": key.access_key_id, "access_key_secret": key.access_key_secret}))
    else:
        typer.echo(f"access key id:     {key.access_key_id}\naccess key secret: {key.access_key_secret}")


@app.command("list")
def list_keys(data: Data = None, as_json: Json = False) -> None:
    """List the access keys, without their secrets."""
    with _keys(data) as keys:
        infos = keys.all()
    if as_json:
        rows = [
            {
                "access_key_id": info.access_key_id,
                "account": info.account,
                "active": info.active,
                "note": info.note,
                "created_at": info.created_at.isoformat(),
            }
            for info in infos
        ]
        typer.echo(json.dumps(rows))
        return
    table = Table("access key id", "account", "state", "created", "note")
    for info in infos:
        state = "active" if info.active else "disabled"
        table.add_row(info.access_key_id, info.account, state, f"{info.created_at:%Y-%m-%d %H:%M}", info.note)
    Console().print(table)


@app.command()
def token(access_key_id: Annotated[str, typer.Argument(help="The key's id.")], data: Data = None) -> None:
    """Print an access key's bearer token, for clients that send one instead of signing."""
    from koutu.server.rpc.bearer import make_token

    with _keys(data) as keys:
        credential = keys.find(access_key_id)
        if credential is None:
            raise AccessKeyNotFound(f"There is no access key {access_key_id}.")
        typer.echo(make_token(credential.access_key_id, credential.access_key_secret))


@app.command()
def disable(access_key_id: Annotated[str, typer.Argument(help="The key's id.")], data: Data = None) -> None:
    """Shut an access key out, from its next call on."""
    with _keys(data) as keys:
        keys.disable(access_key_id)
    typer.echo(f"{access_key_id} is disabled.")


@contextmanager
def _keys(data: Path | None) -> Iterator["Keys"]:
    from koutu.server.accounts.database import open_database
    from koutu.server.accounts.keys import Keys
    from koutu.server.accounts.secrets import open_secrets

    settings = server_settings(data=data)
    try:
        with closing(open_database(settings)) as database:
            yield Keys(database, open_secrets(settings))
    except KoutuError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from None
