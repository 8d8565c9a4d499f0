"""A server as a process that a benchmark may load, watch, kill and start again; and a host of photos for it."""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path

from PIL import Image

from koutu.client.endpoint import Endpoint

VERSION = "2019-12-30"
PLAIN_VISION = Path(__file__).parents[2] / "tests" / "coverage" / "stub_vision.py"
_KOUTU = str(Path(sys.executable).with_name("koutu"))


@dataclass
class Service:
    """`koutu serve` on a folder.

    Attributes:
        folder: holds the server's data and its log.
        port: 0 for the first start, the same one ever after, so that clients find it again.
        program: a script that stands in for the command `koutu` and is given the folder first.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    program: Path | None = None
    port: int = 0
    key: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[str] | None" = None

    @property
    def data(self) -> Path:
        """The server's data folder."""
        return self.folder / "data"

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it serves."""
        command = [sys.executable, str(self.program), str(self.folder)] if self.program else [_KOUTU]
        command += ["serve", "--port", str(self.port), "--data", str(self.data)]
        with (self.folder / "log").open("a") as log:
            environment = {**os.environ, "KOUTU_FETCH_ALLOW_HOSTS": "127.0.0.1", **self.environment}
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if "serving on" not in line:
            raise SystemExit(f"the server did not start: {line}{(self.folder / 'log').read_text()[-2000:]}")
        self.port = int(line.rsplit(":", 1)[1])

    def endpoint(self, timeout: float = 120, account: str = "load") -> Endpoint:
        """A client of an account, made when it is first asked for."""
        if account not in self.key:
            command = [_KOUTU, "keys", "create", "--json", "--account", account, "--data", str(self.data)]
            self.key[account] = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        key = json.loads(self.key[account])
        return Endpoint(self.address, key["access_key_id"], key["access_key_secret"], timeout=timeout, retries=0)

    def wait_warm(self) -> None:
        """Wait until every model is loaded."""
        import urllib.request

        while True:
            with suppress(OSError), urllib.request.urlopen(f"http://{self.address}/readyz", timeout=30):
                return
            time.sleep(0.2)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self._gone()

    def stop(self) -> int:
        """End it in good order; the exit status."""
        assert self.process is not None
        self.process.terminate()
        return self._gone()

    def usage(self) -> dict[str, int]:
        """Memory in MB, open files, threads and sockets of the process."""
        assert self.process is not None
        proc = Path(f"/proc/{self.process.pid}")
        status = (proc / "status").read_text()
        links = []
        for entry in (proc / "fd").iterdir():
            with suppress(OSError):
                links.append(str(entry.readlink()))
        return {
            "memory": int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) // 1024,
            "files": sum(not link.startswith("socket:") for link in links),
            "sockets": sum(link.startswith("socket:") for link in links),
            "threads": int(re.findall(r"Threads:\s+(\d+)", status)[0]),
        }

    def _gone(self) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.stdout.close()
        status = self.process.wait()
        self.process = None
        return status


@contextmanager
def service(*, program: Path | None = None, **environment: str) -> Iterator[Service]:
    """A server in a temporary folder, started; it is killed and forgotten at the end of the block.

    With PLAIN_VISION as its program a plain shape stands in for every action's vision, so that all else can be loaded harder.
    """
    with tempfile.TemporaryDirectory(prefix="koutu-load-") as folder:
        server = Service(Path(folder), environment, program)
        server.start()
        try:
            yield server
        finally:
            if server.process is not None:
                server.kill()


@contextmanager
def photo_host(photos: dict[str, bytes]) -> Iterator[str]:
    """A web server with these files; its base URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = photos[self.path.lstrip("/").partition("?")[0]]
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    class Host(ThreadingHTTPServer):
        request_queue_size = 256
        daemon_threads = True

    host = Host(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=host.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{host.server_port}"
    finally:
        host.shutdown()
        thread.join()
        host.server_close()


def small_photo(name: str = "skimage_chelsea.png", side: int = 320) -> bytes:
    """A sample photo, scaled down to a JPEG file."""
    with Image.open(io.BytesIO((files("koutu.samples") / name).read_bytes())) as image:
        image = image.convert("RGB")
        image.thumbnail((side, side))
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def percentile(values: list[float], part: float) -> float:
    """The value that `part` (0..1) of all lie at or below; 0 where there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0
