"""Calls of the API that the console makes for whoever is signed in: signed with their key, through the same door as all."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from koutu.contract import VERSION
from koutu.server.accounts.credentials import Credential
from koutu.server.rpc.endpoint import Endpoint
from koutu.server.rpc.rpc_v1 import sign
from koutu.signing import canonical_query, enc


async def signed_call(
    endpoint: Endpoint, request: Request, credential: Credential, action: str, params: Mapping[str, str]
) -> Response:
    """Sign a call with a key and have it answered; permissions, quotas and metering apply as to every other.

    Args:
        endpoint: the API.
        request: the visitor's request, whose host, scheme and address the call has.
        credential: the key.
        action: what is called.
        params: its parameters, as on the wire.
    """
    full = {
        "Action": action,
        "Version": VERSION,
        "Format": "JSON",
        "AccessKeyId": credential.access_key_id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **params,
    }
    text = f"POST&%2F&{enc(canonical_query(full.items()))}"
    body = urlencode({**full, "Signature": sign(credential.access_key_secret, text)}).encode()
    headers = {
        "host": request.headers.get("host", ""),
        "content-type": "application/x-www-form-urlencoded",
        "content-length": str(len(body)),
        "user-agent": "Koutu console",
    }
    scope = {
        **request.scope,
        "method": "POST",
        "path": "/",
        "raw_path": b"/",
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return await endpoint(Request(scope, receive))
