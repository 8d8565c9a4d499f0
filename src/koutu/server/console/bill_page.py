"""The page of an account's month: what it cost, how the account stands, and its packages."""

import re
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from koutu.server.accounts.billing.invoice import invoice
from koutu.server.accounts.billing.money import show
from koutu.server.console.keys_page import visible_keys
from koutu.server.console.rendering import page
from koutu.server.console.rooms import Rooms
from koutu.server.console.sessions import Session

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


async def bill(request: Request, rooms: Rooms, session: Session) -> Response:
    """A month of the visitor's account; the administrator chooses the account."""
    office = rooms.office
    book = await anyio.to_thread.run_sync(office.prices.current)
    current = book.month(office.clock())
    wanted = request.query_params.get("month", "")
    month = wanted if _MONTH.fullmatch(wanted) else current
    accounts = await anyio.to_thread.run_sync(_accounts, rooms, session)
    account = chosen if (chosen := request.query_params.get("account", "")) in accounts else next(iter(accounts), None)
    values: dict[str, Any] = {"bill": None, "balance": None, "packages": []}
    if account is not None:
        values = {
            "bill": await anyio.to_thread.run_sync(invoice, office.database, account, month, office.clock),
            "balance": await anyio.to_thread.run_sync(office.payments.balance, account),
            "packages": await anyio.to_thread.run_sync(office.packages.all, account),
        }
    return page(
        request,
        "bill.html",
        session=session,
        accounts=accounts,
        account=account,
        month=month,
        current=current,
        show=show,
        **values,
    )


def _accounts(rooms: Rooms, session: Session) -> list[str]:
    if session.admin:
        return [account.name for account in rooms.office.accounts.all()]
    return sorted({key.account for key in visible_keys(rooms, session)})
