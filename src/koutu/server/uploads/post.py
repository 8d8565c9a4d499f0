"""PostObject: the bucket's side of an upload."""

import hashlib
import uuid
from collections.abc import Mapping

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from koutu.server.bucket_error import bucket_error
from koutu.server.public import bare_host
from koutu.server.rpc.serialise import to_xml
from koutu.server.uploads.errors import BucketError, MalformedPOSTRequest, RequestTimeout
from koutu.server.uploads.multipart import read_boundary, read_form
from koutu.server.uploads.uploads import Uploads

_SECONDS = 120


class PostObject:
    """Answers `POST /` with a multipart body."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads

    async def __call__(self, request: Request) -> Response:
        """Take one file."""
        try:
            fields, etag = await self._take(request)
        except BucketError as error:
            # What was not read of the body cannot be told from a next request, so the connection ends here.
            return bucket_error(request, error.status, error.code, error.message, {"Connection": "close"})
        headers = {"ETag": etag, "x-oss-request-id": str(uuid.uuid4()).upper()}
        match fields.get("success_action_status"):
            case "201":
                host = bare_host(request.headers.get("host", ""))
                location = f"{request.url.scheme}://{host}/{fields['key']}"
                answer = {"Bucket": host.partition(".")[0], "ETag": etag, "Key": fields["key"], "Location": location}
                return Response(to_xml("PostResponse", answer), 201, headers, media_type="application/xml")
            case "200":
                return Response(status_code=200, headers=headers)
            case _:
                return Response(status_code=204, headers=headers)

    async def _take(self, request: Request) -> tuple[Mapping[str, str], str]:
        boundary = read_boundary(request.headers.get("content-type", ""))
        try:
            with anyio.fail_after(_SECONDS):
                form = await read_form(request.stream(), boundary, lambda fields: self._uploads.admit(fields).max_bytes)
        except TimeoutError:
            raise RequestTimeout(f"The body did not come within {_SECONDS} seconds.") from None
        except ClientDisconnect:
            raise MalformedPOSTRequest("The body broke off.") from None
        await self._uploads.keep(form.fields["key"], form.file)
        return form.fields, f'"{hashlib.md5(form.file, usedforsecurity=False).hexdigest().upper()}"'
