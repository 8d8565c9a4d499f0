"""Connections that speak no HTTP, or never come to an end."""

import re
import socket
from typing import Any

import pytest

pytestmark = pytest.mark.long

RAW = {
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
    "nothing": b"",
    "new lines": b"\r\n\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n",
    "no version": b"GET / HTTP\r\n\r\n",
    "HTTP/3.7": b"GET / HTTP/3.7\r\nHost: a\r\n\r\n",
    "no host": b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    "two hosts": b"POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n",
    "odd host": b"POST / HTTP/1.1\r\nHost: <script>\r\nContent-Length: 0\r\n\r\n",
    "absolute": b"POST http://169.254.169.254/ HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    "connect": b"CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    "negative length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
    "huge length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nx",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bad chunk": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "huge chunk": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
    "odd coding": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
    "huge header": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    "header without colon": b"GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
    "folded header": b"GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n",
    "NUL in header": b"GET / HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
    "space in name": b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "upgrade": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "h2 upgrade": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "expect": b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n",
    "pipeline": b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 100,
    "broken body": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    "long line": b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("name", RAW)
def test_below_http(watched: Any, name: str) -> None:
    with socket.create_connection(("127.0.0.1", watched.port), timeout=20) as connection:
        try:
            connection.sendall(RAW[name])
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        except TimeoutError:
            pytest.fail("the server left the connection hanging")
        except OSError:
            answer = b""  # it may hang up on what is too large before all of it was sent
    for status in re.findall(rb"HTTP/1\.1 (\d{3})", answer):
        assert int(status) < 500, answer[:500]
    assert watched.client.get("/healthz").status_code == 200


def test_a_body_that_never_comes(watched: Any) -> None:
    """Many connections that say nothing more keep nobody else waiting."""
    idle = [socket.create_connection(("127.0.0.1", watched.port), timeout=20) for _ in range(100)]
    try:
        for connection in idle:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nA")
        assert watched.client.get("/healthz").status_code == 200
    finally:
        for connection in idle:
            connection.close()
