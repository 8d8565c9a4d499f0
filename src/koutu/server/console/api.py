"""What the console's scripts ask for: photos kept, calls made, jobs looked at. Answers are JSON."""

import json
import time
from typing import Any
from urllib.parse import urlsplit

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from koutu.contract.wording import wording
from koutu.errors import KoutuError
from koutu.server.accounts.credentials import Credential
from koutu.server.console.jobs import row
from koutu.server.console.playground import CALLABLE
from koutu.server.console.rendering import language_of, texts
from koutu.server.console.rooms import Rooms
from koutu.server.console.sessions import Session, usable
from koutu.server.console.signed_calls import signed_call
from koutu.server.console.snippets import Call, Input, snippets
from koutu.server.public import public_base
from koutu.server.rpc.parse import read_body

_JSON_BYTES = 65_536
_JOBS_SHOWN = 50


def refusal(status: int, message: str, code: str = "") -> Response:
    """Why something is not answered."""
    return JSONResponse({"status": status, "answer": {"Code": code, "Message": message}}, status)


async def keep_photo(request: Request, rooms: Rooms, session: Session) -> Response:
    """Keep the body as a photo for an hour; gives its URL."""
    settings = rooms.office.settings
    credential = await _credential(request, rooms, session)
    if credential is None:
        return refusal(403, texts(language_of(request))["no_key"])
    try:
        data = await read_body(request, rooms.max_bytes, max(settings.body_timeout_s, 60))
    except KoutuError as error:
        return refusal(error.status, error.message, error.code)
    key = await rooms.photos.keep(str(credential.account_id), data)
    return JSONResponse({"url": f"{public_base(request, settings)}/{key}"})


async def call(request: Request, rooms: Rooms, session: Session) -> Response:
    """Make a call; gives what it was answered with, how long it took, and code for it."""
    try:
        order = json.loads(await read_body(request, _JSON_BYTES, rooms.office.settings.body_timeout_s))
        action = CALLABLE[order["action"]]
        base = public_base(request, rooms.office.settings)
        images = tuple(
            Input(p.name, str(given["file"]), _absolute(base, str(given["url"])), bool(given["sample"]))
            for p in action.images
            if (given := order["images"].get(p.name))
        )
        params = {str(name): str(value) for name, value in order["params"].items() if name.partition(".")[0] in action.params}
    except (KoutuError, ValueError, KeyError, TypeError, AttributeError):
        return refusal(400, "The order cannot be read.", "InvalidParameter")
    credential = await _credential(request, rooms, session)
    if credential is None:
        return refusal(403, texts(language_of(request))["no_key"])
    made = Call(action, base, images, params)
    started = time.perf_counter()
    response = await signed_call(rooms.endpoint, request, credential, action.name, made.wire)
    seconds = time.perf_counter() - started
    document = _document(request, response, seconds)
    if len(images) == len(action.images) and response.status_code == 200:
        document["code"] = await anyio.to_thread.run_sync(snippets, made)
    return JSONResponse(document)


async def jobs(request: Request, rooms: Rooms, session: Session) -> Response:
    """The newest jobs."""
    listed = await rooms.jobs.newest(session.account_id, _JOBS_SHOWN)
    return JSONResponse({"jobs": [row(job) for job in listed]})


async def job(request: Request, rooms: Rooms, session: Session) -> Response:
    """How a job stands, asked of the API."""
    credential = await _credential(request, rooms, session)
    if credential is None:
        return refusal(403, texts(language_of(request))["no_key"])
    started = time.perf_counter()
    params = {"JobId": request.path_params["job_id"]}
    response = await signed_call(rooms.endpoint, request, credential, "GetAsyncJobResult", params)
    return JSONResponse(_document(request, response, time.perf_counter() - started))


async def _credential(request: Request, rooms: Rooms, session: Session) -> Credential | None:
    """The key to call with: the visitor's own, or the one that the administrator chose."""
    chosen = request.query_params.get("key", "") if session.admin else session.access_key_id
    credential = await anyio.to_thread.run_sync(rooms.office.credentials.find, chosen)
    return credential if credential is not None and usable(credential, rooms.office.clock()) else None


def _document(request: Request, response: Response, seconds: float) -> dict[str, Any]:
    answer = json.loads(bytes(response.body))
    document: dict[str, Any] = {"status": response.status_code, "answer": answer, "seconds": round(seconds, 3)}
    if response.status_code != 200:
        words = wording(language_of(request))
        code = answer.get("Code", "")
        document |= {"cause": words.causes.get(code, ""), "cure": words.cures.get(code, "")}
    return document


def _absolute(base: str, url: str) -> str:
    """A sample's path as an address of this server."""
    return base + url if url.startswith("/samples/") and not urlsplit(url).netloc else url
