"""The page of access keys: an account looks at its own, the administrator makes and disables them."""

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from koutu.errors import KoutuError
from koutu.server.accounts.accounts import DEFAULT_ACCOUNT
from koutu.server.accounts.keys import KeyInfo, NewKey
from koutu.server.accounts.quota import quotas_of
from koutu.server.console.rendering import language_of, page, texts
from koutu.server.console.rooms import Rooms
from koutu.server.console.sessions import Session


def visible_keys(rooms: Rooms, session: Session) -> list[KeyInfo]:
    """The keys that a visitor may see: those of the account, or all for the administrator; blocks."""
    keys = rooms.office.keys.all()
    if session.admin:
        return keys
    account = next((key.account for key in keys if key.access_key_id == session.access_key_id), None)
    return [key for key in keys if key.account == account]


async def keys(request: Request, rooms: Rooms, session: Session) -> Response:
    """The list."""
    return await _page(request, rooms, session)


async def create(request: Request, rooms: Rooms, session: Session) -> Response:
    """Make a key; its secret is shown in this one answer."""
    if not session.admin:
        return RedirectResponse("/console/keys", 303)
    form = request.state.form
    account, note = form.get("account", "").strip()[:100] or DEFAULT_ACCOUNT, form.get("note", "").strip()[:200]
    try:
        made = await anyio.to_thread.run_sync(lambda: rooms.office.keys.create(account=account, note=note))
    except KoutuError as error:
        return await _page(request, rooms, session, problem=error.message)
    return await _page(request, rooms, session, made=made)


async def disable(request: Request, rooms: Rooms, session: Session) -> Response:
    """Shut a key out."""
    if session.admin:
        try:
            await anyio.to_thread.run_sync(rooms.office.keys.disable, request.state.form.get("access_key_id", ""))
        except KoutuError as error:
            return await _page(request, rooms, session, problem=error.message)
    return RedirectResponse("/console/keys", 303)


async def _page(request: Request, rooms: Rooms, session: Session, made: NewKey | None = None, problem: str = "") -> Response:
    office, now = rooms.office, rooms.office.clock()
    listed = await anyio.to_thread.run_sync(visible_keys, rooms, session)
    accounts = sorted({key.account for key in listed})
    wanted = request.query_params.get("account", "")
    account = wanted if wanted in accounts else next(iter(accounts), "")
    mode = office.settings.quotas
    quotas = []
    if account and mode != "off":
        quotas = await anyio.to_thread.run_sync(quotas_of, office.database, mode, account, now)
    return page(
        request,
        "keys.html",
        session=session,
        keys=listed,
        now=now,
        made=made,
        problem=problem,
        intro=texts(language_of(request))["keys_intro_admin" if session.admin else "keys_intro"],
        accounts=accounts,
        account=account,
        mode=mode,
        quotas=quotas,
    )
