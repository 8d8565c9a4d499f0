"""`koutu accounts`: who owns keys, and what is activated for them."""

from typing import Annotated

import typer

from koutu.cli.office import Actions, Data, Json, office, permission, show, show_one

app = typer.Typer(no_args_is_help=True, help="Accounts: create, list, show, permit, close, open.")

Name = Annotated[str, typer.Argument(help="The account's name.", show_default=False)]
_COLUMNS = ("name", "active", "permission", "created_at")


@app.command()
def create(name: Name, actions: Actions = "*", data: Data = None, as_json: Json = False) -> None:
    """Make an account."""
    with office(data) as services:
        show_one(services.accounts.create(name, permission(actions)), as_json=as_json)


@app.command("list")
def list_accounts(data: Data = None, as_json: Json = False) -> None:
    """List the accounts, oldest first."""
    with office(data) as services:
        show(services.accounts.all(), _COLUMNS, as_json=as_json)


@app.command("show")
def show_account(name: Name, data: Data = None, as_json: Json = False) -> None:
    """Show one account."""
    with office(data) as services:
        show_one(services.accounts.get(name), as_json=as_json)


@app.command()
def permit(
    name: Name,
    actions: Annotated[str, typer.Argument(help="Actions and families with commas between them; * is everything.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Activate these actions for an account and no others."""
    with office(data) as services:
        show_one(services.accounts.permit(name, permission(actions)), as_json=as_json)


@app.command()
def close(name: Name, data: Data = None) -> None:
    """Shut an account out with all of its keys, from their next call on."""
    with office(data) as services:
        services.accounts.set_active(name, False)
    typer.echo(f"{name} is closed.")


@app.command("open")
def open_account(name: Name, data: Data = None) -> None:
    """Let a closed account in again."""
    with office(data) as services:
        services.accounts.set_active(name, True)
    typer.echo(f"{name} is open.")
