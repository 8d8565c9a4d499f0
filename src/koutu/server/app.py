"""The ASGI application: what is mounted where, what is opened at the start and closed at the end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from koutu import library
from koutu.errors import KoutuError
from koutu.server.accounts.backoffice import Backoffice, open_backoffice
from koutu.server.accounts.credentials import Credential
from koutu.server.accounts.quota import Quota
from koutu.server.accounts.windows import open_windows
from koutu.server.admin import create_admin
from koutu.server.bucket_error import bucket_error
from koutu.server.calls import Calls
from koutu.server.clock import Clock, utc_now
from koutu.server.console import Photos, Sessions, console_routes
from koutu.server.console import Rooms as ConsoleRooms
from koutu.server.downloads import Downloads
from koutu.server.error_pages import error_page
from koutu.server.gate import Gate
from koutu.server.health import Health
from koutu.server.jobs import Jobs
from koutu.server.links import Links
from koutu.server.metering import Metering
from koutu.server.metrics import Metrics
from koutu.server.production import Production
from koutu.server.rpc.admission import Admission, Caller
from koutu.server.rpc.assume_role import AssumeRole
from koutu.server.rpc.endpoint import Endpoint, versions
from koutu.server.rpc.nonces import open_nonces
from koutu.server.rpc.request import RpcRequest
from koutu.server.samples import Samples, serve_sample
from koutu.server.sources import Sources
from koutu.server.sources.results import Results
from koutu.server.storage import open_objects
from koutu.server.sweeper import Sweeper
from koutu.server.uploads import PostObject, Uploads
from koutu.server.workers import open_workers
from koutu.settings import Settings

_log = structlog.get_logger("koutu.server")


@dataclass(frozen=True, slots=True)
class _Rooms:
    """What the routes lead to, for as long as the server runs."""

    office: Backoffice
    endpoint: Endpoint
    post_object: PostObject
    downloads: Downloads
    health: Health
    metrics: Metrics
    drain: Callable[[], None]
    console: ConsoleRooms


def create_app(settings: Settings, clock: Clock = utc_now) -> Starlette:
    """The application for these settings; its lifespan opens and closes everything that it needs.

    Args:
        settings: of the server.
        clock: what signatures, keys, quotas, metering and billing go by.
    """
    admin = create_admin()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with _open(settings, clock) as rooms:
            app.state.rooms = rooms
            admin.state.backoffice = rooms.office
            yield

    return Starlette(
        routes=[
            Route("/", _root, methods=["GET", "POST"]),
            Route("/healthz", _live, methods=["GET"]),
            Route("/readyz", _ready, methods=["GET"]),
            Route("/metrics", _metrics, methods=["GET"]),
            Route("/errors/{code}", error_page, methods=["GET"]),
            Route("/samples/{name}", serve_sample, methods=["GET"]),
            Mount("/admin", admin),
            *(console_routes(_console) if settings.console else []),
            Route("/{key:path}", _download, methods=["GET"]),
        ],
        exception_handlers={HTTPException: _refused},
        lifespan=lifespan,
    )


@asynccontextmanager
async def _open(settings: Settings, clock: Clock) -> AsyncIterator[_Rooms]:
    async with AsyncExitStack() as stack:
        office = await anyio.to_thread.run_sync(stack.enter_context, open_backoffice(settings, clock))
        secrets = office.secrets
        windows = open_windows(settings, office.database)
        stack.callback(windows.close)
        objects = open_objects(settings)
        links = Links(secrets.derive("result-links"))
        uploads = Uploads(settings, objects, secrets.derive("uploads"))
        photos = Photos(objects, secrets.derive("playground"))
        sources = Sources(settings, inside=[uploads, photos, Results(objects, links), Samples(settings)])
        metering = Metering(office.ledger, clock)
        metrics = Metrics()
        workers = stack.enter_context(open_workers(settings.workers, settings.call_queue))
        job_workers = stack.enter_context(open_workers(settings.job_workers, settings.job_queue))
        metrics.watch("calls", workers)
        metrics.watch("job_threads", job_workers)
        jobs = Jobs(settings, Production(settings, sources, objects, job_workers, metrics), metering, metrics)
        await jobs.start()
        stack.push_async_callback(jobs.stop)
        calls = Calls(settings, Production(settings, sources, objects, workers, metrics), links, metering, jobs, metrics)

        async def find(access_key_id: str) -> Credential | None:
            return await anyio.to_thread.run_sync(office.credentials.find, access_key_id)

        async def authorize_upload(request: RpcRequest, caller: Caller) -> Mapping[str, Any]:
            return uploads.authorize(
                owner=caller.owner,
                scheme=request.base.partition("://")[0],
                host=request.host,
                user_agent=request.headers.get("user-agent", ""),
            )

        handlers = versions(calls.action, calls.job_result, authorize_upload, AssumeRole(office.temporary))
        health = Health(
            {
                "database": lambda: anyio.to_thread.run_sync(office.database.check, abandon_on_cancel=True),
                "objects": objects.check,
                "jobs": jobs.check,
            }
        )
        for work in (Sweeper(settings, objects, [uploads, photos], jobs, clock).run(), _warm_up(health)):
            stack.push_async_callback(_cancel, asyncio.create_task(work))
        nonces = open_nonces(settings)
        stack.push_async_callback(nonces.close)
        gate = Gate(office, Quota(settings.quotas, windows))
        admission = Admission(find, nonces, gate.permit, office.credentials.token_holds, clock)
        endpoint = Endpoint(admission, handlers, settings, metrics)

        def drain() -> None:
            health.draining = True
            calls.end_by(settings.drain_s)

        sessions = Sessions(secrets.derive("console-sessions"), office.credentials.find, settings.admin_token, clock)
        console = ConsoleRooms(office, sessions, endpoint, jobs, photos, uploads.max_bytes())
        yield _Rooms(office, endpoint, PostObject(uploads), Downloads(objects, links), health, metrics, drain, console)


async def _warm_up(health: Health) -> None:
    try:
        await anyio.to_thread.run_sync(library.warm_up, abandon_on_cancel=True)
        health.models = "ok"
    except KoutuError as error:
        health.models = "failing"
        _log.error("models could not be warmed up", code=error.code, reason=error.message)
    except Exception as error:
        health.models = "failing"
        _log.error("models could not be warmed up", exc_info=error)


async def _cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _console(request: Request) -> ConsoleRooms:
    rooms: _Rooms = request.app.state.rooms
    return rooms.console


async def _root(request: Request) -> Response:
    rooms: _Rooms = request.app.state.rooms
    if _is_visitor(request) and rooms.office.settings.console:
        return RedirectResponse("/console/")
    # An upload comes to the same place as a call: on loopback the bucket's host is this very host.
    if request.method == "POST" and request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await _guarded(rooms.post_object, request)
    return await rooms.endpoint(request)


def _is_visitor(request: Request) -> bool:
    """Whether a person opened the server's address in a browser."""
    return request.method == "GET" and not request.url.query and "text/html" in request.headers.get("accept", "")


async def _download(request: Request) -> Response:
    rooms: _Rooms = request.app.state.rooms
    return await _guarded(rooms.downloads, request)


async def _guarded(answer: Callable[[Request], Awaitable[Response]], request: Request) -> Response:
    try:
        return await answer(request)
    except Exception as error:
        _log.error("object request broke", path=request.url.path, exc_info=error)
        return bucket_error(request, 500, "InternalError", "The service failed; the server's log has the cause.")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = "MethodNotAllowed" if error.status_code == 405 else "NoSuchKey"
    return bucket_error(request, error.status_code, code, error.detail, error.headers)


async def _live(request: Request) -> Response:
    rooms: _Rooms = request.app.state.rooms
    return await rooms.health.live(request)


async def _ready(request: Request) -> Response:
    rooms: _Rooms = request.app.state.rooms
    return await rooms.health.ready(request)


async def _metrics(request: Request) -> Response:
    rooms: _Rooms = request.app.state.rooms
    return rooms.metrics.answer(request)
