"""Query, form and JSON bodies, chunked or not."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import Request

from koutu.errors import InvalidParameter, Timeout, TooLarge
from koutu.server.rpc.parse import parse
from koutu.server.rpc.request import RpcRequest

pytestmark = pytest.mark.anyio

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


async def _parse(query: bytes = b"", body: bytes | list[bytes] = b"", kind: str = FORM, method: str = "POST") -> RpcRequest:
    pieces = body if isinstance(body, list) else [body]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.request", "body": b"", "more_body": False})
    iterator: AsyncIterator[dict[str, Any]] = _each(messages)
    headers = [(b"host", b"127.0.0.1:8080"), (b"content-type", kind.encode())]
    scope = {"type": "http", "method": method, "path": "/", "query_string": query, "headers": headers}
    return await parse(Request(scope, iterator.__anext__), "R", base="http://h", max_bytes=1000, timeout_s=0.2)


async def _each(messages: list[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    for message in messages:
        yield message


async def test_query_and_form_together() -> None:
    request = await _parse(b"Action=A&X=%E4%B8%AD+1%2B", b"Y=&Z=a%20b")
    assert request.params == {"Action": "A", "X": "中 1+", "Y": "", "Z": "a b"}
    assert request.action == "A"
    assert request.body == b"Y=&Z=a%20b"


async def test_pieces_of_a_body() -> None:
    assert (await _parse(body=[b"A=", b"1&", b"B=2"])).form == {"A": "1", "B": "2"}


async def test_json_is_spelled_out_as_the_sdks_do() -> None:
    document = {"A": "x", "B": True, "C": 3, "D": None, "L": ["p", "q"], "M": [{"N": 1}]}
    request = await _parse(body=json.dumps(document).encode(), kind=JSON + "; charset=utf-8")
    assert request.form == {"A": "x", "B": "true", "C": "3", "L.1": "p", "L.2": "q", "M.1.N": "1"}


async def test_the_same_value_twice_is_one_value() -> None:
    assert (await _parse(b"A=1", b"A=1")).params == {"A": "1"}


@pytest.mark.parametrize(
    ("query", "body", "kind"),
    [
        (b"A=1", b"A=2", FORM),
        (b"A=1&A=2", b"", FORM),
        (b"", b"A=%FF", FORM),
        (b"A=%FF", b"", FORM),
        (b"A=\xff", b"", FORM),
        (b"A=%00", b"", FORM),
        (b"", b"{", JSON),
        (b"", b"[1]", JSON),
        (b"", b'"x"', JSON),
        (b"", b'{"A": "\\ud800"}', JSON),
        (b"", b'{"A": 1, "A ": 2, "L": ' + b"[" * 20 + b"]" * 20 + b"}", JSON),
        (b"", b"[" * 900, JSON),
        (b"", b"hello", "text/plain"),
        (b"", b"\x89PNG", "application/octet-stream"),
    ],
)
async def test_refuses_what_cannot_be_read_one_way(query: bytes, body: bytes, kind: str) -> None:
    with pytest.raises(InvalidParameter):
        await _parse(query, body, kind)


async def test_refuses_a_large_body() -> None:
    with pytest.raises(TooLarge):
        await _parse(body=[b"A" * 600, b"B" * 600])


async def test_refuses_a_thousand_and_one_parameters() -> None:
    with pytest.raises(InvalidParameter, match="1000"):
        await _parse(query=b"&".join(b"a%d=1" % number for number in range(1001)))


async def test_does_not_wait_for_ever() -> None:
    async def never() -> Any:
        import anyio

        await anyio.sleep_forever()

    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}
    with pytest.raises(Timeout):
        await parse(Request(scope, never), "R", base="http://h", max_bytes=10, timeout_s=0.01)


@pytest.mark.parametrize(
    ("spelling", "xml"),
    [("XML", True), ("xml", True), ("Xml", True), ("JSON", False), ("json", False), ("None", False), ("", False)],
)
async def test_format_in_every_spelling(spelling: str, xml: bool) -> None:
    assert (await _parse(f"Format={spelling}".encode())).wants_xml is xml
