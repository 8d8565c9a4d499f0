"""What a connection may do to the server before it has said anything of use."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from koutu.server.protocol import bounded_protocol


async def _echo(request: Request) -> PlainTextResponse:
    body = await request.body()
    return PlainTextResponse(f"{len(request.headers)} {body.decode()}")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[str]:
    """A server on a socket file, whose headers may take two seconds."""
    path = str(tmp_path / "s")
    app = Starlette(routes=[Route("/", _echo, methods=["GET", "POST"])])
    config = uvicorn.Config(app, uds=path, http=bounded_protocol(2), log_config=None, lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    ready = threading.Event()
    startup = server.startup

    async def started(sockets: list[socket.socket] | None = None) -> None:
        await startup(sockets)
        ready.set()

    server.startup = started  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run)
    thread.start()
    assert ready.wait(10)
    yield path
    server.should_exit = True
    thread.join()


@pytest.fixture
def connection(path: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(path)
        yield connection


def _answer(connection: socket.socket) -> bytes:
    answer = b""
    while piece := connection.recv(65536):
        answer += piece
    return answer


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_headers_that_do_not_come_end_the_connection(connection: socket.socket, begun: bytes) -> None:
    connection.sendall(begun)
    assert _answer(connection) == b""


def test_headers_of_a_second_request_have_to_come_too(connection: socket.socket) -> None:
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    first = b""
    while not first.endswith(b"\r\n\r\n1 "):
        first += connection.recv(65536)
    assert first.startswith(b"HTTP/1.1 200")
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    assert _answer(connection) == b""


def test_endless_headers_end_the_connection(connection: socket.socket) -> None:
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 90) for n in range(700)))
    assert _answer(connection).startswith(b"HTTP/1.1 431")


def test_a_body_may_take_longer_and_what_trails_it_is_dropped(connection: socket.socket) -> None:
    connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nab\r\n")
    threading.Event().wait(0.7)
    connection.sendall(b"1\r\nc\r\n0\r\nX-Trailer: 1\r\n\r\n")
    answer = _answer(connection)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"3 abc")
