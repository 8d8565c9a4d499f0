"""The HTTP face of the RPC API: one request in, one answer out, whatever happens."""

import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response

from koutu.contract import ACTIONS, VERSION
from koutu.errors import ActionNotFound, InternalError, InvalidVersion, KoutuError, MissingParameter, ServiceUnavailable
from koutu.server.public import public_base
from koutu.server.rpc.admission import Admission, Caller
from koutu.server.rpc.parse import parse, read_query
from koutu.server.rpc.request import RpcRequest, wants_xml
from koutu.server.rpc.serialise import failure, success
from koutu.settings import Settings

Handler = Callable[[RpcRequest, Caller], Awaitable[Mapping[str, Any]]]

_log = structlog.get_logger("koutu.server")
_VIAPI_VERSION = "2023-01-17"
_UPLOAD_VERSION = "2019-12-19"


class Endpoint:
    """Answers calls.

    Args:
        admission: proves callers.
        handlers: version -> action -> what answers it; the answer is what stands beside RequestId.
        settings: body_bytes, body_timeout_s, public_host and docs_url count.
    """

    def __init__(self, admission: Admission, handlers: Mapping[str, Mapping[str, Handler]], settings: Settings) -> None:
        self._admission = admission
        self._handlers = handlers
        self._settings = settings

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        started = time.perf_counter()
        settings = self._settings
        base = public_base(request, settings)
        request_id = str(uuid.uuid4()).upper()
        log = _log.bind(request_id=request_id)
        xml = False
        try:
            xml = wants_xml(read_query(request))
            call = await parse(request, request_id, base=base, max_bytes=settings.body_bytes, timeout_s=settings.body_timeout_s)
            xml = call.wants_xml
            log = log.bind(action=call.action[:60])
            handler = self._route(call)
            caller = await self._admission.admit(call)
            log = log.bind(access_key_id=caller.access_key_id)
            response = success(call.action, request_id, await handler(call, caller), xml=xml)
            log.info("call", code="OK", ms=_ms(started))
            return response
        except KoutuError as error:
            # Being too busy is a state, not a fault; the others are looked into by whoever runs the server.
            fault = error.status >= 500 and not isinstance(error, ServiceUnavailable)
            level = logging.ERROR if fault else logging.INFO
            log.log(level, "call", code=error.code, ms=_ms(started), exc_info=error if fault else None)
            failed = error
        except Exception as error:
            log.error("call", code=InternalError.code, ms=_ms(started), exc_info=error)
            failed = InternalError("The service failed; the server's log has the cause under this RequestId.")
        docs = settings.docs_url or f"{base}/errors/"
        return failure(failed, request_id, host=request.headers.get("host", ""), recommend=docs + failed.code, xml=xml)

    def _route(self, call: RpcRequest) -> Handler:
        if not call.action:
            raise MissingParameter("Action is required and is absent or empty.")
        if not call.version:
            raise MissingParameter("Version is required and is absent or empty.")
        handler = self._handlers.get(call.version, {}).get(call.action)
        if handler is not None:
            return handler
        serving = sorted(version for version, actions in self._handlers.items() if call.action in actions)
        if serving:
            raise InvalidVersion(f"{call.action} is served in version {' and '.join(serving)}, not {call.version[:40]!r}.")
        raise ActionNotFound(f"There is no action {call.action[:60]!r}.")


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


def versions(action: Handler, job_result: Handler, authorize_upload: Handler) -> dict[str, dict[str, Handler]]:
    """The products that answer on this port: imageseg, the job half of viapi, and the upload half of OpenPlatform."""
    calls = {name: action for name in ACTIONS if name != "GetAsyncJobResult"}
    return {
        VERSION: {**calls, "GetAsyncJobResult": job_result},
        _VIAPI_VERSION: {"GetAsyncJobResult": job_result},
        _UPLOAD_VERSION: {"AuthorizeFileUpload": authorize_upload},
    }
