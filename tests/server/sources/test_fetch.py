"""Fetching from a real server on the loopback, and refusing to: no test here reaches any other address."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import anyio
import httpcore
import pytest

from koutu.errors import ImageDownload, ImageUnsafe, TooLarge
from koutu.server.sources import Sources
from koutu.server.sources.address import Address
from koutu.settings import Settings


class Handler(BaseHTTPRequestHandler):
    seen: list[dict[str, str]]

    def do_GET(self) -> None:
        type(self).seen.append({name.lower(): value for name, value in self.headers.items()})
        getattr(self, "answer_" + self.path.lstrip("/").split("?")[0].split("/")[0])()

    def answer_ok(self) -> None:
        self.body(b"x" * 1000)

    def answer_empty(self) -> None:
        self.body(b"")

    def answer_cookie(self) -> None:
        self.redirect("/ok", cookie=True)

    def answer_loop(self) -> None:
        self.redirect("/loop")

    def answer_hops(self) -> None:
        left = int(self.path.rsplit("/", 1)[1])
        self.redirect(f"/hops/{left - 1}" if left else "/ok")

    def answer_away(self) -> None:
        self.redirect(self.path.split("?", 1)[1])

    def answer_missing(self) -> None:
        self.send_error(404)

    def answer_gzip(self) -> None:
        self.body(b"x", encoding="gzip")

    def answer_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            self.close_connection = True

    def answer_claim(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1001")
        self.end_headers()

    def answer_short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "500")
        self.end_headers()
        self.wfile.write(b"x" * 20)
        self.close_connection = True

    def answer_trickle(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x")
                time.sleep(0.02)
        except OSError:
            self.close_connection = True

    def answer_garbage(self) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        self.close_connection = True

    def body(self, data: bytes, encoding: str = "") -> None:
        self.send_response(200)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def redirect(self, location: str, cookie: bool = False) -> None:
        self.send_response(302)
        if cookie:
            self.send_header("Set-Cookie", "a=b")
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Handler.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def base(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that a connection is opened to; one outside the loopback is a failure, not traffic."""
    opened: list[str] = []
    connect = httpcore.AnyIOBackend.connect_tcp

    async def recorded(self: httpcore.AnyIOBackend, host: str, *args: object, **kwargs: object) -> httpcore.AsyncNetworkStream:
        opened.append(host)
        if host != "127.0.0.1":
            raise httpcore.ConnectError(f"a test must not connect to {host}")
        return await connect(self, host, *args, **kwargs)

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", recorded)
    return opened


def fetch(
    url: str,
    *,
    allow: str = "127.0.0.1",
    max_bytes: int = 1000,
    timeout_s: float | None = None,
    answers: dict[str, list[str]] | None = None,
) -> bytes:
    async def lying(host: str, port: int) -> list[Address]:
        # The last answer stays; those before it are given once each, as a rebinding name server does.
        given = (answers or {}).get(host, [host])
        return [ip_address(text) for text in (given.pop(0) if len(given) > 1 else given[0]).split(",")]

    sources = Sources(Settings(fetch_allow_hosts=(allow,) if allow else ()), resolve=lying)

    async def run() -> bytes:
        return await sources.fetch(url, max_bytes=max_bytes, timeout_s=timeout_s, owner="somebody")

    return anyio.run(run)


def test_an_image_comes_as_it_is(base: str) -> None:
    assert fetch(base + "/ok") == b"x" * 1000
    assert fetch(base + "/empty") == b""


def test_a_real_name_is_resolved(server: ThreadingHTTPServer) -> None:
    async def run() -> bytes:
        url = f"http://localhost:{server.server_port}/ok"
        sources = Sources(Settings(fetch_allow_hosts=(f"localhost:{server.server_port}",)))
        return await sources.fetch(url, max_bytes=1000, timeout_s=None, owner="somebody")

    assert len(anyio.run(run)) == 1000


def test_an_unknown_name_is_a_download_error(connections: list[str]) -> None:
    async def unknown(host: str, port: int) -> list[Address]:
        raise OSError("Name or service not known")

    async def run() -> None:
        await Sources(Settings(), resolve=unknown).fetch(
            "http://nowhere.example/a", max_bytes=9, timeout_s=None, owner="somebody"
        )

    with pytest.raises(ImageDownload, match=r"nowhere\.example .* is not known"):
        anyio.run(run)
    assert connections == []


def test_no_cookie_no_credential_no_proxy_goes_out(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert fetch(base + "/cookie") == b"x" * 1000
    assert [set(headers) for headers in Handler.seen] == [{"host", "accept", "accept-encoding", "user-agent"}] * 2


@pytest.mark.parametrize("path", ["/endless", "/claim"])
def test_bytes_are_limited(base: str, path: str) -> None:
    with pytest.raises(TooLarge, match="1000 bytes"):
        fetch(base + path)


def test_the_limit_itself_is_allowed(base: str) -> None:
    with pytest.raises(TooLarge):
        fetch(base + "/ok", max_bytes=999)


def test_the_whole_time_is_limited(base: str) -> None:
    with pytest.raises(ImageDownload, match=r"within 0\.3 seconds"):
        fetch(base + "/trickle", timeout_s=0.3)


def test_redirects_are_limited(base: str) -> None:
    assert fetch(base + "/hops/2") == b"x" * 1000
    with pytest.raises(ImageDownload, match="more than 3 times"):
        fetch(base + "/hops/3")
    with pytest.raises(ImageDownload, match="more than 3 times"):
        fetch(base + "/loop")


@pytest.mark.parametrize(
    ("path", "says"),
    [("/missing", "status 404"), ("/gzip", "compressed"), ("/short", "broke"), ("/garbage", "does not speak HTTP")],
)
def test_what_went_wrong_is_said(base: str, path: str, says: str) -> None:
    with pytest.raises(ImageDownload, match=says):
        fetch(base + path)


def test_tls_to_a_plain_server_is_a_download_error(base: str) -> None:
    with pytest.raises(ImageDownload, match="No secure connection"):
        fetch(base.replace("http:", "https:") + "/ok")


def test_a_closed_port_is_a_download_error(server: ThreadingHTTPServer) -> None:
    with pytest.raises(ImageDownload, match="could not be reached"):
        fetch("http://127.0.0.1:1/ok")


FORBIDDEN = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2a00:1450::5efe:7f00:1",
    "93.184.215.14,127.0.0.1",
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_a_name_that_leads_inside_is_refused(address: str, connections: list[str]) -> None:
    with pytest.raises(ImageUnsafe):
        fetch("http://innocent.example/a.jpg", answers={"innocent.example": [address]})
    assert connections == []


@pytest.mark.parametrize("address", [address for address in FORBIDDEN if "," not in address])
def test_a_literal_address_inside_is_refused(address: str, connections: list[str]) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(ImageUnsafe):
        fetch(f"http://{host}:8080/a.jpg", allow="")
    assert connections == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "localhost."])
def test_every_spelling_of_the_loopback_is_refused(host: str, connections: list[str]) -> None:
    async def run() -> None:
        await Sources(Settings()).fetch(f"http://{host}/", max_bytes=9, timeout_s=None, owner="somebody")

    with pytest.raises((ImageUnsafe, ImageDownload)):
        anyio.run(run)
    assert connections == []


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/", "http://[::1]:1/", "http://169.254.169.254/latest/meta-data/", "//innocent.example/"]
)
def test_a_redirect_inside_is_refused(base: str, address: str, connections: list[str]) -> None:
    with pytest.raises(ImageUnsafe):
        fetch(f"{base}/away?{address}", answers={"innocent.example": ["192.168.0.1"]})
    assert connections == ["127.0.0.1"]


def test_a_name_is_checked_again_for_every_connection(base: str, connections: list[str]) -> None:
    port = base.rsplit(":", 1)[1]
    with pytest.raises(ImageDownload):  # the public address is refused by the recorder above, and nothing else is tried
        fetch(f"http://rebinding.example:{port}/ok", answers={"rebinding.example": ["93.184.215.14", "127.0.0.1"]})
    assert connections == ["93.184.215.14"]
    with pytest.raises(ImageUnsafe):
        fetch(f"{base}/away?http://rebinding.example:{port}/ok", answers={"rebinding.example": ["127.0.0.1"]})
    assert connections == ["93.184.215.14", "127.0.0.1"]


@pytest.mark.parametrize("allow", ["inside.example", "inside.example:{port}"])
def test_the_operator_may_allow_a_private_host(base: str, allow: str, connections: list[str]) -> None:
    port = base.rsplit(":", 1)[1]
    answers = {"inside.example": ["127.0.0.1"]}
    assert len(fetch(f"http://inside.example:{port}/ok", allow=allow.format(port=port), answers=answers)) == 1000
    with pytest.raises(ImageUnsafe):
        fetch(f"http://inside.example:{port}/ok", allow="inside.example:1", answers=answers)
    with pytest.raises(ImageUnsafe):
        fetch(f"http://x.inside.example:{port}/ok", allow="inside.example", answers={"x.inside.example": ["127.0.0.1"]})


@pytest.mark.parametrize("address", ["169.254.169.254", "100.100.100.200", "0.0.0.0", "::ffff:127.0.0.1", "224.0.0.1"])
def test_nobody_may_allow_the_metadata_service(address: str, connections: list[str]) -> None:
    with pytest.raises(ImageUnsafe):
        fetch("http://inside.example/", allow="inside.example", answers={"inside.example": [address]})
    assert connections == []


def test_an_object_of_this_server_never_meets_the_network(connections: list[str]) -> None:
    class Store:
        async def read(self, url: str, *, owner: str, max_bytes: int) -> bytes | None:
            return b"held for " + owner.encode() if url == "http://127.0.0.1:8080/KEY" else None

    async def run() -> bytes:
        sources = Sources(Settings(), inside=[Store()])
        return await sources.fetch("http://http://127.0.0.1:8080/KEY", max_bytes=99, timeout_s=None, owner="me")

    assert anyio.run(run) == b"held for me"
    assert connections == []
