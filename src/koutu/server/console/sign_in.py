"""Signing in and out, and the choice of a language."""

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from koutu.contract.wording import LANGUAGES
from koutu.server.console.forms import read_form
from koutu.server.console.guard import same_origin
from koutu.server.console.rendering import LANGUAGE_COOKIE, language_of, page, texts
from koutu.server.console.rooms import Rooms
from koutu.server.console.sessions import Session, drop, keep

PATH = "/console/sign-in"
_YEAR_S = 365 * 86_400


async def show(request: Request, rooms: Rooms) -> Response:
    """The page to sign in on."""
    return _page(request, rooms)


async def try_(request: Request, rooms: Rooms) -> Response:
    """Sign in, or say why not."""
    words = texts(language_of(request))
    form = await read_form(request)
    key, token = form.get("access_key_id", "").strip(), form.get("admin_token", "").strip()
    address = request.client.host if request.client else ""
    names = (f"address {address}", f"key {key}")
    if not same_origin(request):
        return _page(request, rooms, words["stale"], 403)
    if wait := rooms.attempts.wait_s(*names):
        answer = _page(request, rooms, words["sign_in_wait"], 429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    if token:
        cookie = rooms.sessions.sign_in_admin(token)
    else:
        cookie = await anyio.to_thread.run_sync(rooms.sessions.sign_in, key, form.get("access_key_secret", "").strip())
    if cookie is None:
        rooms.attempts.failed(*names)
        return _page(request, rooms, words["token_wrong" if token else "sign_in_wrong"], 403, key)
    response = RedirectResponse("/console/", 303)
    keep(response, request, cookie)
    return response


async def sign_out(request: Request, rooms: Rooms, session: Session) -> Response:
    """End the session in this browser."""
    response = RedirectResponse(PATH, 303)
    drop(response)
    return response


async def choose_language(request: Request) -> Response:
    """Remember a language and go back to where the visitor was."""
    wanted, back = request.path_params["language"], request.query_params.get("back", "")
    inside = back.startswith("/console/") and "\\" not in back and "//" not in back
    response = RedirectResponse(back if inside else "/console/", 303)
    if wanted in LANGUAGES:
        secure = request.url.scheme == "https"
        response.set_cookie(LANGUAGE_COOKIE, wanted, max_age=_YEAR_S, path="/console", samesite="lax", secure=secure)
    return response


def _page(request: Request, rooms: Rooms, problem: str = "", status: int = 200, key: str = "") -> Response:
    admin = bool(rooms.office.settings.admin_token)
    return page(request, "sign_in.html", status, session=None, problem=problem, key=key, admin=admin)
