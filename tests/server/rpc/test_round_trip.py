"""Whatever a client signs, in whatever spelling it sends it, is what the server signs."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from koutu.server.rpc import rpc_v1
from koutu.server.rpc.parse import parse
from koutu.server.rpc.request import RpcRequest

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
_PARAMS = st.dictionaries(_TEXT.filter(bool), _TEXT, max_size=8)


def _loose(text: str, safe: str = "", encoding: str | None = None, errors: str | None = None) -> str:
    return quote(text, safe="~!*()'")


def _parse(query: str, body: str) -> RpcRequest:
    messages = iter([{"type": "http.request", "body": body.encode(), "more_body": False}])

    async def receive() -> dict[str, object]:
        return next(messages)

    async def run() -> RpcRequest:
        headers = [(b"content-type", b"application/x-www-form-urlencoded")]
        scope = {"type": "http", "method": "POST", "path": "/", "query_string": query.encode(), "headers": headers}
        return await parse(Request(scope, receive), "R", base="http://h", max_bytes=100_000, timeout_s=5)

    return anyio.run(run)


@pytest.mark.parametrize("spelling", [quote_plus, quote, _loose])
@settings(deadline=None, max_examples=40)
@given(in_query=_PARAMS, in_body=_PARAMS)
def test_rpc(spelling: Callable[..., str], in_query: dict[str, str], in_body: dict[str, str]) -> None:
    in_body = {name: value for name, value in in_body.items() if name not in in_query}
    request = _parse(urlencode(in_query, quote_via=spelling), urlencode(in_body, quote_via=spelling))
    params = {name: value for name, value in {**in_query, **in_body}.items() if name != "Signature"}
    canonical = "&".join(f"{quote(name, safe='~')}={quote(params[name], safe='~')}" for name in sorted(params))
    text = f"POST&%2F&{quote(canonical, safe='~')}"
    assert rpc_v1.string_to_sign(request) == text
    digest = hmac.new(b"secret&", text.encode(), hashlib.sha1).digest()
    assert rpc_v1.sign("secret", text) == base64.b64encode(digest).decode()
