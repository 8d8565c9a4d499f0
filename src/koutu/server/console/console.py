"""The console's routes: which page or answer stands where, and who may have it."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from koutu.server.console import api, bill_page, keys_page, pages, sign_in
from koutu.server.console.forms import read_form
from koutu.server.console.guard import carries_token, protect, same_origin
from koutu.server.console.rendering import language_of, page, texts
from koutu.server.console.rooms import Rooms
from koutu.server.console.sessions import Session
from koutu.server.console.static import static

Handle = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Request, Rooms, Session], Awaitable[Response]]
Admit = Callable[[Request, Session], Awaitable[Response | None]]
_PAGES: dict[str, Answer] = {
    "/console/": pages.home,
    "/console/play/{action}": pages.play,
    "/console/jobs": pages.jobs,
    "/console/usage": pages.usage,
    "/console/bill": bill_page.bill,
    "/console/keys": keys_page.keys,
    "/console/models": pages.models,
}
_READS: dict[str, Answer] = {"/console/api/jobs": api.jobs, "/console/api/jobs/{job_id}": api.job}
_WRITES: dict[str, Answer] = {"/console/api/photos": api.keep_photo, "/console/api/calls": api.call}
_FORMS: dict[str, Answer] = {
    "/console/keys/create": keys_page.create,
    "/console/keys/disable": keys_page.disable,
    "/console/sign-out": sign_in.sign_out,
}
_NO_SESSION = 401


def console_routes(rooms_of: Callable[[Request], Rooms]) -> list[Route]:
    """Everything under /console.

    Args:
        rooms_of: gives what the console of the running server works with.
    """

    def open_to_all(answer: Callable[[Request, Rooms], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            return protect(await answer(request, rooms_of(request)))

        return handle

    def signed_in(
        answer: Answer, admit: Callable[[Request, Session], Awaitable[Response | None]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            rooms = rooms_of(request)
            session = await rooms.session(request)
            if session is None:
                if request.method == "GET" and "/api/" not in request.url.path:
                    return protect(RedirectResponse(sign_in.PATH, 303))
                return protect(api.refusal(_NO_SESSION, texts(language_of(request))["stale"]))
            refused = await admit(request, session)
            return protect(refused if refused is not None else await answer(request, rooms, session))

        return handle

    return [
        Route("/console", _to_home, methods=["GET"]),
        Route("/console/static/{name}", static, methods=["GET"]),
        Route("/console/language/{language}", sign_in.choose_language, methods=["GET"]),
        Route(sign_in.PATH, open_to_all(sign_in.show), methods=["GET"]),
        Route(sign_in.PATH, open_to_all(sign_in.try_), methods=["POST"]),
        *(Route(path, signed_in(answer, _anything), methods=["GET"]) for path, answer in (_PAGES | _READS).items()),
        *(Route(path, signed_in(answer, _script), methods=["POST"]) for path, answer in _WRITES.items()),
        *(Route(path, signed_in(answer, _form), methods=["POST"]) for path, answer in _FORMS.items()),
    ]


async def _to_home(request: Request) -> Response:
    return RedirectResponse("/console/", 307)


async def _anything(request: Request, session: Session) -> Response | None:
    return None


async def _script(request: Request, session: Session) -> Response | None:
    good = same_origin(request) and carries_token(session, request.headers.get("x-csrf-token", ""))
    return None if good else api.refusal(403, texts(language_of(request))["stale"])


async def _form(request: Request, session: Session) -> Response | None:
    form = await read_form(request)
    request.state.form = form
    good = same_origin(request) and carries_token(session, form.get("csrf", ""))
    return None if good else page(request, "message.html", 403, session=session, message=texts(language_of(request))["stale"])
