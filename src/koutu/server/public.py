"""How this server is called from outside."""

import re

from starlette.requests import Request

from koutu.settings import Settings

_HOST = re.compile(r"[A-Za-z0-9.-]{1,255}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


def bare_host(host: str) -> str:
    """A Host header without the scheme and the slash that some clients leave in it."""
    return host.split("://", 1)[-1].rstrip("/")


def public_base(request: Request, settings: Settings) -> str:
    """Scheme and host that the caller reaches this server by, without a slash at the end."""
    if settings.public_host:
        base = settings.public_host.rstrip("/")
        return base if "://" in base else f"{request.url.scheme}://{base}"
    host = bare_host(request.headers.get("host", ""))
    if not _HOST.fullmatch(host):
        address, port = request.scope.get("server") or (settings.host, settings.port)
        host = f"{address}:{port}"
    return f"{request.url.scheme}://{host}"
