"""What keeps the console's pages safe in a browser: headers, and proof that a request comes from a page of ours."""

import hmac
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from koutu.server.console.sessions import Session

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def protect(response: Response, *, store: bool = False) -> Response:
    """Give a response the console's headers; `store` allows browsers to keep it."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "public, max-age=300" if store else "no-store")
    return response


def same_origin(request: Request) -> bool:
    """Whether a POST comes from a page of this host; clients that are no browsers send no Origin."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    return urlsplit(origin).netloc == request.headers.get("host", "")


def carries_token(session: Session, token: str) -> bool:
    """Whether `token` is the session's own."""
    return hmac.compare_digest(session.csrf.encode(), token.encode())
