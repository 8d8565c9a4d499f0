"""The console's pages for whoever is signed in."""

from dataclasses import dataclass

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from koutu import library
from koutu.contract import ACTIONS
from koutu.models.catalog import Entry, catalog
from koutu.models.store import Store
from koutu.server.console.charts import HEIGHT, WIDTH, bars
from koutu.server.console.jobs import row
from koutu.server.console.keys_page import visible_keys
from koutu.server.console.playground import CALLABLE, describe, families, samples
from koutu.server.console.rendering import language_of, page, texts
from koutu.server.console.rooms import Rooms
from koutu.server.console.sessions import Session
from koutu.server.console.snippets import KINDS
from koutu.server.console.usage import read_usage

_JOBS_SHOWN = 50


async def home(request: Request, rooms: Rooms, session: Session) -> Response:
    """Every action with a sample."""
    available = await anyio.to_thread.run_sync(lambda: {name for name, action in CALLABLE.items() if library.available(action)})
    pictures = {name: samples(action)[0] for name, action in CALLABLE.items()}
    return page(request, "home.html", session=session, families=families(), available=available, pictures=pictures)


async def play(request: Request, rooms: Rooms, session: Session) -> Response:
    """The playground of one action."""
    action = CALLABLE.get(request.path_params["action"])
    if action is None:
        return RedirectResponse("/console/", 303)
    language = language_of(request)
    keys = await anyio.to_thread.run_sync(visible_keys, rooms, session) if session.admin else []
    data = describe(action, language, rooms.office.settings) | {"texts": texts(language), "keyed": not session.admin}
    return page(
        request,
        "play.html",
        session=session,
        action=action,
        families=families(),
        samples=samples(action),
        data=data,
        kinds=[(kind, kind.replace("-", "_")) for kind in KINDS],
        keys=[key for key in keys if key.state(rooms.office.clock()) == "active"],
        limits=action.limits if rooms.office.settings.limits == "documented" else None,
    )


async def jobs(request: Request, rooms: Rooms, session: Session) -> Response:
    """The newest asynchronous calls."""
    listed = await rooms.jobs.newest(session.account_id, _JOBS_SHOWN)
    data = {"texts": texts(language_of(request))}
    return page(request, "jobs.html", session=session, jobs=[row(job) for job in listed], data=data)


async def usage(request: Request, rooms: Rooms, session: Session) -> Response:
    """Calls and latencies of the last days."""
    now = rooms.office.clock()
    window = await anyio.to_thread.run_sync(read_usage, rooms.office.database, session.account_id, now)
    return page(
        request,
        "usage.html",
        session=session,
        usage=window,
        width=WIDTH,
        height=HEIGHT,
        days=bars([(f"{day:%m-%d}", float(calls)) for day, calls in window.days]),
        hours=bars([(f"{hour:%H}:00", value) for hour, value in window.hours], " ms"),
    )


@dataclass(frozen=True, slots=True)
class _Model:
    entry: Entry
    installed: bool


async def models(request: Request, rooms: Rooms, session: Session) -> Response:
    """The networks, with their terms."""
    store = Store(rooms.office.settings.home)

    def look() -> list[_Model]:
        return [_Model(entry, store.installed(entry)) for entry in catalog().values()]

    return page(request, "models.html", session=session, models=await anyio.to_thread.run_sync(look), actions=ACTIONS)
