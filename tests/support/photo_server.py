"""A web server with photos."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files


class _Photos(BaseHTTPRequestHandler):
    """Serves PNG bytes; /slow waits until it is let go, /missing is not there."""

    gate: threading.Event
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/slow"):
            self.gate.wait(30)
        if self.path.startswith("/missing"):
            self.send_error(404)
            return
        body = (files("koutu.samples") / "skimage_astronaut.png").read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@dataclass
class Photos:
    """A web server with photos."""

    url: str
    gate: threading.Event
    asked: list[str]

    def at(self, path: str = "photo.png") -> str:
        return f"{self.url}/{path}"


@contextmanager
def photos_served() -> Iterator[Photos]:
    """Photos on a free port."""
    handler = type("Handler", (_Photos,), {"gate": threading.Event(), "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield Photos(f"http://127.0.0.1:{server.server_port}", handler.gate, handler.asked)
    handler.gate.set()
    server.shutdown()
    thread.join()
    server.server_close()
