"""Objects over HTTP, for whoever holds a signed link."""

import re
import time
import uuid
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from koutu.server.bucket_error import bucket_error
from koutu.server.links import Links, Verdict
from koutu.server.storage import Meta, Objects

_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".bmp": "image/bmp", ".webp": "image/webp"}
_RANGE = re.compile(r"bytes=(?:(\d+)-(\d*)|-(\d+))", re.ASCII)


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
                return bucket_error(request, 403, "AccessDenied", "You have no right to access this object.")
            case Verdict.WRONG:
                return bucket_error(request, 403, "SignatureDoesNotMatch", "The signature of this link does not match it.")
            case Verdict.EXPIRED:
                return bucket_error(
                    request,
                    403,
                    "AccessDenied",
                    "Request has expired.",
                    Expires=_iso(int(request.query_params["Expires"])),
                    ServerTime=_iso(time.time()),
                )
        meta = await self._objects.head(key)
        if meta is None:
            return bucket_error(request, 404, "NoSuchKey", "The specified key does not exist.")
        return self._answer(request, meta)

    def _answer(self, request: Request, meta: Meta) -> Response:
        headers = {
            "Accept-Ranges": "bytes",
            "Access-Control-Allow-Origin": "*",
            "Cache-Control": "private",
            "Content-Type": _TYPES.get(PurePosixPath(meta.key).suffix.lower(), "application/octet-stream"),
            "Last-Modified": format_datetime(meta.modified.astimezone(UTC), usegmt=True),
            "X-Content-Type-Options": "nosniff",
            "x-oss-request-id": str(uuid.uuid4()).upper(),
        }
        if meta.etag:
            headers["ETag"] = meta.etag if meta.etag.startswith('"') else f'"{meta.etag}"'
        start, end, status = 0, meta.size, 200
        if (wanted := _RANGE.fullmatch(request.headers.get("range", "").strip())) is not None:
            start, end = _span(wanted, meta.size)
            if start >= end:
                unreachable = {"Content-Range": f"bytes */{meta.size}"}
                return bucket_error(request, 416, "InvalidRange", "The requested range cannot be satisfied.", unreachable)
            status = 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{meta.size}"
        headers["Content-Length"] = str(end - start)
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers)
        return StreamingResponse(self._objects.stream(meta.key, start, end), status, headers)


def _span(wanted: re.Match[str], size: int) -> tuple[int, int]:
    """From where to before where, within an object of `size` bytes."""
    first, last, tail = wanted.groups()
    if tail:
        return max(0, size - int(tail)), size
    return int(first), min(size, int(last) + 1) if last else size


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
