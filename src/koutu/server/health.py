"""Whether the server lives, and whether it should be sent calls."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_log = structlog.get_logger("koutu.server")
_PATIENCE_S = 3.0

Check = Callable[[], Awaitable[None]]


class Health:
    """What `/healthz` and `/readyz` say.

    Args:
        checks: name -> raises where a part that every call needs cannot be used now.
    """

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = dict(checks)
        self.models = "warming up"
        self.draining = False

    async def live(self, request: Request) -> Response:
        """The event loop turns; an answer at all is the news."""
        return JSONResponse({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        """200 where calls would be answered now, else 503; both name each part."""
        parts = {"models": self.models, "server": "draining" if self.draining else "ok"}
        results = await asyncio.gather(*(self._ask(name, check) for name, check in self._checks.items()))
        parts |= dict(zip(self._checks, results, strict=True))
        good = all(state == "ok" for state in parts.values())
        return JSONResponse({"status": "ok" if good else "unready", "parts": parts}, 200 if good else 503)

    async def _ask(self, name: str, check: Check) -> str:
        try:
            await asyncio.wait_for(check(), _PATIENCE_S)
        except Exception as error:
            _log.warning("not ready", part=name, reason=str(error) or type(error).__name__)
            return "failing"
        return "ok"
