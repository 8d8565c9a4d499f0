"""The HTTP face of the RPC API: one request in, one answer out, whatever happens."""

import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import Request
from starlette.responses import Response

from koutu.contract import ACTIONS, VERSION
from koutu.errors import ActionNotFound, InternalError, InvalidVersion, KoutuError, MissingParameter, ServiceUnavailable
from koutu.server.metrics import Metrics, call_stages
from koutu.server.public import public_base
from koutu.server.rpc.admission import Admission, Caller
from koutu.server.rpc.parse import parse, read_query
from koutu.server.rpc.request import RpcRequest, wants_xml
from koutu.server.rpc.serialise import failure, success
from koutu.settings import Settings

Handler = Callable[[RpcRequest, Caller], Awaitable[Mapping[str, Any]]]

_log = structlog.get_logger("koutu.server")
_VIAPI_VERSION = "2023-01-17"
_DATABASE_BACK_S = 2
_UPLOAD_VERSION = "2019-12-19"
_STS_VERSION = "2015-04-01"


class Endpoint:
    """Answers calls.

    Args:
        admission: proves callers.
        handlers: version -> action -> what answers it; the answer is what stands beside RequestId.
        settings: body_bytes, body_timeout_s, public_host and docs_url count.
        metrics: counts the answers.
    """

    def __init__(
        self, admission: Admission, handlers: Mapping[str, Mapping[str, Handler]], settings: Settings, metrics: Metrics
    ) -> None:
        self._admission = admission
        self._handlers = handlers
        self._settings = settings
        self._metrics = metrics
        self._known = frozenset(name for actions in handlers.values() for name in actions)

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        started = time.perf_counter()
        request_id = str(uuid.uuid4()).upper()
        with structlog.contextvars.bound_contextvars(request_id=request_id), call_stages() as stages:
            code, action, response = await self._answer(request, request_id, started, stages)
        self._metrics.answered(action if action in self._known else "", code, time.perf_counter() - started)
        return response

    async def _answer(
        self, request: Request, request_id: str, started: float, stages: Mapping[str, float]
    ) -> tuple[str, str, Response]:
        """The code ("OK" where there is no error), the action as it was asked for, and the response."""
        settings, log = self._settings, _log
        base = public_base(request, settings)
        xml, action = False, ""
        try:
            xml = wants_xml(read_query(request))
            with self._metrics.stage("parse"):
                call = await parse(
                    request, request_id, base=base, max_bytes=settings.body_bytes, timeout_s=settings.body_timeout_s
                )
            xml, action = call.wants_xml, call.action
            log = log.bind(action=action[:60])
            handler = self._route(call)
            with self._metrics.stage("admission"):
                caller = await self._admission.admit(call)
            log = log.bind(access_key_id=caller.access_key_id)
            response = success(call.action, request_id, await handler(call, caller), xml=xml)
            log.info("call", code="OK", ms=_ms(started), stages=stages)
            return "OK", action, response
        except KoutuError as error:
            # Being too busy is a state, not a fault; the others are looked into by whoever runs the server.
            fault = error.status >= 500 and not isinstance(error, ServiceUnavailable)
            level = logging.ERROR if fault else logging.INFO
            log.log(level, "call", code=error.code, ms=_ms(started), stages=stages, exc_info=error if fault else None)
            failed = error
        except (DBAPIError, PoolTimeout) as error:
            log.error("call", code=ServiceUnavailable.code, ms=_ms(started), stages=stages, exc_info=error)
            failed = ServiceUnavailable("The server's database cannot be reached.", retry_after_s=_DATABASE_BACK_S)
        except Exception as error:
            log.error("call", code=InternalError.code, ms=_ms(started), stages=stages, exc_info=error)
            failed = InternalError("The service failed; the server's log has the cause under this RequestId.")
        recommend = (settings.docs_url or f"{base}/errors/") + failed.code
        if failed.retry_after is not None:
            recommend += f"?retry_after={failed.retry_after}"
        response = failure(failed, request_id, host=request.headers.get("host", ""), recommend=recommend, xml=xml)
        return failed.code, action, response

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


def versions(
    action: Handler, job_result: Handler, authorize_upload: Handler, assume_role: Handler
) -> dict[str, dict[str, Handler]]:
    """The products that answer on this port: imageseg, the job half of viapi, uploads of OpenPlatform, STS."""
    calls = {name: action for name in ACTIONS if name != "GetAsyncJobResult"}
    return {
        VERSION: {**calls, "GetAsyncJobResult": job_result},
        _VIAPI_VERSION: {"GetAsyncJobResult": job_result},
        _UPLOAD_VERSION: {"AuthorizeFileUpload": authorize_upload},
        _STS_VERSION: {"AssumeRole": assume_role},
    }
