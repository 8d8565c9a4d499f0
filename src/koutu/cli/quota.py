"""`koutu quota`: calls per second, allowed by the operator or bought in advance."""

from typing import Annotated

import typer

from koutu.cli.office import Data, Json, moment, office, show, show_one

app = typer.Typer(
    no_args_is_help=True, help="Calls per second: show, set, clear, limits; and prepaid: buy, renew, upgrade, plans."
)

Account = Annotated[str, typer.Argument(help="The account's name.", show_default=False)]
Action = Annotated[str, typer.Argument(help="The action's name.", show_default=False)]
Qps = Annotated[int, typer.Argument(help="Calls per second.", show_default=False)]
ForAccount = Annotated[str, typer.Option(help="The account; * is every one that has no limit of its own.")]
ForAction = Annotated[str, typer.Option(help="The action; * is every one that has no limit of its own.")]
Months = Annotated[int | None, typer.Option(help="For so many months.", min=1)]
Days = Annotated[int | None, typer.Option(help="For so many days.", min=1)]


@app.command("show")
def show_quota(account: Account, data: Data = None, as_json: Json = False) -> None:
    """What an account has for every action now: with KOUTU_QUOTAS as it is set, and of it prepaid."""
    from koutu.server.accounts.quota import quotas_of

    with office(data) as services:
        rows = quotas_of(services.database, services.settings.quotas, account, services.clock())
    show(rows, ("action", "limit", "prepaid"), as_json=as_json)


@app.command("set")
def set_limit(qps: Qps, account: ForAccount = "*", action: ForAction = "*", data: Data = None, as_json: Json = False) -> None:
    """Set a limit; limits count with KOUTU_QUOTAS=custom, the most exact one first."""
    with office(data) as services:
        show_one(services.limits.set(qps, account, action), as_json=as_json)


@app.command()
def clear(account: ForAccount = "*", action: ForAction = "*", data: Data = None) -> None:
    """Take a limit away."""
    with office(data) as services:
        services.limits.clear(account, action)
    typer.echo(f"The limit for account {account} and action {action} is gone.")


@app.command()
def limits(data: Data = None, as_json: Json = False) -> None:
    """List the limits that were set."""
    with office(data) as services:
        show(services.limits.all(), ("account", "action", "qps"), as_json=as_json)


@app.command()
def buy(
    account: Account,
    action: Action,
    qps: Qps,
    months: Months = None,
    days: Days = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Buy calls per second from now on; for a month unless told otherwise."""
    from koutu.server.accounts.plans import period_of

    with office(data) as services:
        show_one(services.plans.buy(account, action, qps, *period_of(months, days)), as_json=as_json)


@app.command()
def renew(
    account: Account, action: Action, months: Months = None, days: Days = None, data: Data = None, as_json: Json = False
) -> None:
    """Go on with a running plan after its end; for a month unless told otherwise."""
    from koutu.server.accounts.plans import period_of

    with office(data) as services:
        show_one(services.plans.renew(account, action, *period_of(months, days)), as_json=as_json)


@app.command()
def upgrade(
    account: Account,
    action: Action,
    qps: Qps,
    days: Annotated[int | None, typer.Option(help="For so many days alone, not to the plan's end.", min=1)] = None,
    start: Annotated[str | None, typer.Option(help="When these days begin, as in 2027-01-31T12:00:00Z; else now.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Raise a running plan. There is no way to lower one."""
    if start and not days:
        raise typer.BadParameter("--start goes with --days.")
    with office(data) as services:
        if days:
            plan = services.plans.upgrade_for(account, action, qps, days, moment(start) if start else None)
        else:
            plan = services.plans.upgrade(account, action, qps)
        show_one(plan, as_json=as_json)


@app.command()
def plans(
    account: Annotated[str | None, typer.Argument(help="One account's alone.")] = None, data: Data = None, as_json: Json = False
) -> None:
    """List the calls per second that were bought."""
    with office(data) as services:
        columns = ("account", "action", "kind", "qps", "starts_at", "ends_at", "price")
        show(services.plans.all(account), columns, as_json=as_json)
