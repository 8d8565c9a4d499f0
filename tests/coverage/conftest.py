"""A live server whose vision is a plain shape, and a host of pictures for it."""

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import wire
from PIL import Image

from koutu.contract import ACTIONS

SIZE = 300, 240


@dataclass
class Stubbed:
    """A running server and what it can be asked."""

    base: str
    key: dict[str, str]
    folder: Path
    pictures: str
    client: httpx.Client

    def images(self, action: str, path: str = "photo.png") -> dict[str, str]:
        return {image.name: f"http://{self.pictures}/{path}" for image in ACTIONS[action].images}

    def call(self, action: str, **params: str) -> httpx.Response:
        query = wire.rpc_query(self.key, action, **params)
        return self.client.post("/", content=query, headers={"Content-Type": "application/x-www-form-urlencoded"})

    def another_key(self) -> dict[str, str]:
        """A key of another account."""
        return create_key(self.folder / "data", "another")

    def seen(self) -> dict[str, Any]:
        """What the last action was called with."""
        lines = (self.folder / "seen").read_text().splitlines()
        last: dict[str, Any] = json.loads(lines[-1])
        return last


def create_key(data: Path, account: str) -> dict[str, str]:
    koutu = str(Path(sys.executable).with_name("koutu"))
    command = [koutu, "keys", "create", "--json", "--account", account, "--data", str(data)]
    key: dict[str, str] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return key


def _png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(file, "PNG")
    return file.getvalue()


PICTURES = {
    "photo.png": _png(*SIZE),
    "slow.png": _png(*SIZE),
    "text.png": b"not a picture",
    "tiny.png": _png(8, 8),
    "wide.png": _png(11_000, 8),
    "long.png": _png(*SIZE) + bytes(41 * 1024 * 1024),
}


def made(name: str) -> bytes:
    """A picture by its name: `size-WIDTHxHEIGHT`, `bytes-COUNT`, or `format-KIND-MODE`."""
    kind, _, value = name.partition("-")
    if kind == "size":
        width, height = map(int, value.split("x"))
        return _png(width, height)
    if kind == "bytes":
        return PICTURES["photo.png"].ljust(int(value), b"\0")
    form, mode = value.split("-")
    file = io.BytesIO()
    Image.linear_gradient("L").resize(SIZE).convert(mode).save(file, form)
    return file.getvalue()


class _Pictures(BaseHTTPRequestHandler):
    gate = threading.Event()

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        if name == "absent.png":
            self.send_error(404)
            return
        if name == "slow.png":
            self.gate.wait(20)
        data = PICTURES[name] if name in PICTURES else made(name)
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            self.close_connection = True  # the server took no more than it may

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def pictures() -> Iterator[str]:
    _Pictures.gate.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pictures)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    _Pictures.gate.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, pictures: str) -> Iterator[Stubbed]:
    folder = tmp_path_factory.mktemp("server")
    environment = {**os.environ, "KOUTU_FETCH_ALLOW_HOSTS": pictures, "KOUTU_FETCH_TIMEOUT_S": "30"}
    key = create_key(folder / "data", "default")
    program = [sys.executable, str(Path(__file__).with_name("stub_vision.py")), str(folder)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*program, "serve", "--port", "0", "--data", str(folder / "data")],
            env=environment, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
    assert process.stdout
    line = process.stdout.readline()
    assert "http" in line, (folder / "log").read_text()
    base = "http" + line.strip().rpartition("http")[2]
    with httpx.Client(base_url=base, timeout=60, trust_env=False) as client:
        yield Stubbed(base, key, folder, pictures, client)
    process.terminate()
    process.wait(timeout=30)
    process.stdout.close()
