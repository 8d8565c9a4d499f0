"""`koutu keys`: access keys, and the temporary keys that they are exchanged for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import typer

from koutu.cli.office import Actions, Data, Json, moment, office, permission, show, show_one

app = typer.Typer(
    no_args_is_help=True, help="Access keys: create, list, permit, disable, enable, rotate, expire, assume, revoke."
)

KeyId = Annotated[str, typer.Argument(help="The key's id.", show_default=False)]
Account = Annotated[str | None, typer.Option(help="One account's alone.")]


@app.command()
def create(
    account: Annotated[str, typer.Option(help="The account that the key belongs to; made where it is new.")] = "default",
    note: Annotated[str, typer.Option(help="What the key is for.")] = "",
    key_id: Annotated[str | None, typer.Option("--id", help="An existing id to bring along.")] = None,
    secret: Annotated[str | None, typer.Option(help="An existing secret to bring along.")] = None,
    actions: Actions = "*",
    expires: Annotated[str | None, typer.Option(help="When the key ends by itself, as in 2027-01-31T12:00:00Z.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make an access key; its secret is shown this once. A running server knows it at once."""
    with office(data) as services:
        key = services.keys.create(
            account=account,
            note=note,
            access_key_id=key_id,
            access_key_secret=secret,
            permission=permission(actions),
            expires_at=moment(expires) if expires else None,
        )
    show_one(key, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Listed:
    access_key_id: str
    account: str
    state: str
    active: bool
    permission: object
    note: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@app.command("list")
def list_keys(account: Account = None, data: Data = None, as_json: Json = False) -> None:
    """List the access keys, without their secrets."""
    with office(data) as services:
        now = services.clock()
        rows = [
            _Listed(
                info.access_key_id,
                info.account,
                info.state(now),
                info.active,
                info.permission,
                info.note,
                info.created_at,
                info.expires_at,
                info.last_used_at,
            )
            for info in services.keys.all(account)
        ]
    columns = ("access_key_id", "account", "state", "permission", "expires_at", "last_used_at", "note")
    show(rows, columns, as_json=as_json)


@app.command()
def token(access_key_id: KeyId, data: Data = None) -> None:
    """Print an access key's bearer token, for clients that send one instead of signing."""
    from koutu.server.rpc.bearer import make_token

    with office(data) as services:
        typer.echo(make_token(access_key_id, services.keys.secret(access_key_id)))


@app.command()
def disable(access_key_id: KeyId, data: Data = None) -> None:
    """Shut an access key and its temporary keys out, from their next call on."""
    with office(data) as services:
        services.keys.disable(access_key_id)
    typer.echo(f"{access_key_id} is disabled.")


@app.command()
def enable(access_key_id: KeyId, data: Data = None) -> None:
    """Let a disabled access key in again."""
    with office(data) as services:
        services.keys.enable(access_key_id)
    typer.echo(f"{access_key_id} is enabled.")


@app.command()
def permit(
    access_key_id: KeyId,
    actions: Annotated[str, typer.Argument(help="Actions and families with commas between them; * is everything.")],
    data: Data = None,
) -> None:
    """Let an access key call these actions and no others."""
    with office(data) as services:
        info = services.keys.permit(access_key_id, permission(actions))
    typer.echo(f"{access_key_id} may call {', '.join(info.permission.names) or 'nothing'}.")


@app.command()
def expire(
    access_key_id: KeyId,
    at: Annotated[str, typer.Argument(help='When, as in 2027-01-31T12:00:00Z; "never" takes the end away.')],
    data: Data = None,
) -> None:
    """Have an access key end by itself."""
    with office(data) as services:
        info = services.keys.expire(access_key_id, None if at == "never" else moment(at))
    typer.echo(f"{access_key_id} ends {info.expires_at.isoformat() if info.expires_at else 'never'}.")


@app.command()
def rotate(
    access_key_id: KeyId,
    overlap_hours: Annotated[float, typer.Option(help="How long the old key stays good.", min=0)] = 0.0,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a key with the same account, permission and note, and have the old one end."""
    with office(data) as services:
        key = services.keys.rotate(access_key_id, overlap=timedelta(hours=overlap_hours))
    show_one(key, as_json=as_json)


@app.command()
def assume(
    access_key_id: KeyId,
    seconds: Annotated[int, typer.Option(help="How long the temporary key is good for: 900 to 43200.")] = 3600,
    actions: Actions = "*",
    session: Annotated[str, typer.Option(help="What the temporary key is for.")] = "cli",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Issue a temporary key for an access key; secret and security token are shown this once."""
    with office(data) as services:
        key = services.temporary.issue(access_key_id, session=session, seconds=seconds, permission=permission(actions))
    show_one(key, as_json=as_json)


@app.command()
def temporary(account: Account = None, data: Data = None, as_json: Json = False) -> None:
    """List the temporary keys that have not expired."""
    with office(data) as services:
        rows = services.temporary.all(account)
    columns = ("access_key_id", "parent", "account", "session", "permission", "expires_at", "revoked_at")
    show(rows, columns, as_json=as_json)


@app.command()
def revoke(
    access_key_id: Annotated[str, typer.Argument(help="A temporary key's id, or an access key's for all of its own.")],
    data: Data = None,
) -> None:
    """Shut temporary keys out for good, from their next call on."""
    from koutu.server.accounts.keys import TEMPORARY_PREFIX

    with office(data) as services:
        if access_key_id.startswith(TEMPORARY_PREFIX):
            services.temporary.revoke(access_key_id)
            count = 1
        else:
            services.keys.get(access_key_id)
            count = services.temporary.revoke_all(access_key_id)
    typer.echo(f"{count} temporary keys are revoked.")
