"""Errors of everything that is no API call, in the form that an object store gives them."""

import uuid
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from koutu.server.rpc.serialise import to_xml


def bucket_error(
    request: Request, status: int, code: str, message: str, headers: Mapping[str, str] | None = None, **more: str
) -> Response:
    """An `<Error>` document with Code, Message, RequestId, HostId and what else belongs to the code."""
    request_id = str(uuid.uuid4()).upper()
    body = {"Code": code, "Message": message, "RequestId": request_id, "HostId": request.headers.get("host", ""), **more}
    return Response(
        to_xml("Error", body), status, {**(headers or {}), "x-oss-request-id": request_id}, media_type="application/xml"
    )
