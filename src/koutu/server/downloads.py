"""Objects over HTTP, for whoever holds a signed link."""

import re
import time
import uuid
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from koutu.server.links import Links, Verdict
from koutu.server.rpc.serialise import to_xml
from koutu.server.storage import Meta, Objects

_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".bmp": "image/bmp", ".webp": "image/webp"}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


class Downloads:
    """Answers GET and HEAD for `/{key}` with a signature in the query."""

    def __init__(self, objects: Objects, links: Links) -> None:
        self._objects = objects
        self._links = links

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        key: str = request.path_params["key"]
        match self._links.check(key, request.query_params):
            case Verdict.UNSIGNED:
                return _error(request, 403, "AccessDenied", "You have no right to access this object.")
            case Verdict.WRONG:
                return _error(request, 403, "SignatureDoesNotMatch", "The signature of this link does not match it.")
            case Verdict.EXPIRED:
                return _error(
                    request,
                    403,
                    "AccessDenied",
                    "Request has expired.",
                    Expires=_iso(int(request.query_params["Expires"])),
                    ServerTime=_iso(time.time()),
                )
        meta = await self._objects.head(key)
        if meta is None:
            return _error(request, 404, "NoSuchKey", "The specified key does not exist.")
        return self._answer(request, meta)

    def _answer(self, request: Request, meta: Meta) -> Response:
        headers = {
            "Accept-Ranges": "bytes",
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": "private",
            "Content-Type": _TYPES.get(PurePosixPath(meta.key).suffix.lower(), "application/octet-stream"),
            "Last-Modified": format_datetime(meta.modified.astimezone(UTC), usegmt=True),
            "X-Content-Type-Options": "nosniff",
            "x-oss-request-id": _request_id(),
        }
        if meta.etag:
            headers["ETag"] = meta.etag if meta.etag.startswith('"') else f'"{meta.etag}"'
        span = _span(request.headers.get("range", ""), meta.size)
        if span is None:
            return _error(
                request,
                416,
                "InvalidRange",
                "The requested range cannot be satisfied.",
                {"Content-Range": f"bytes */{meta.size}"},
            )
        start, end = span
        status = 200
        if end - start != meta.size or ("range" in request.headers and _RANGE.fullmatch(request.headers["range"].strip())):
            status = 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{meta.size}"
        headers["Content-Length"] = str(end - start)
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers)
        return StreamingResponse(self._objects.stream(meta.key, start, end), status, headers)


def _span(header: str, size: int) -> tuple[int, int] | None:
    """From where to before where; the whole object for a header that is no single range, None for one out of reach."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or match[1] == match[2] == "":
        return 0, size
    if not match[1]:
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(size, int(match[2]) + 1) if match[2] else size
    return (start, end) if start < end else None


def _error(
    request: Request, status: int, code: str, message: str, headers: dict[str, str] | None = None, **more: str
) -> Response:
    request_id = _request_id()
    body = {"Code": code, "Message": message, "RequestId": request_id, "HostId": request.headers.get("host", ""), **more}
    return Response(
        to_xml("Error", body), status, {**(headers or {}), "x-oss-request-id": request_id}, media_type="application/xml"
    )


def _request_id() -> str:
    return str(uuid.uuid4()).upper()


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
