"""A live server that is watched, and a host of hostile files."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from hostile_files import cases


@dataclass
class Watched:
    """A running server, what it holds, and what it has connected to."""

    base: str
    key: dict[str, str]
    folder: Path
    process: subprocess.Popen[str]
    photo_host: str
    client: httpx.Client
    successes: int = 0
    memory: list[int] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])

    def megabytes(self) -> int:
        """Its resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        assert found
        return int(found[1]) // 1024

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def connected(self) -> set[str]:
        return set((self.folder / "connected").read_text().splitlines())

    def log(self) -> str:
        return (self.folder / "log").read_text()


class _Files(BaseHTTPRequestHandler):
    files: dict[str, bytes]

    def do_GET(self) -> None:
        data = self.files.get(self.path)
        self.send_response(404 if data is None else 200)
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def file_host() -> Iterator[tuple[str, dict[str, str]]]:
    """Host and port that the hostile files are at, and case name -> path."""
    names: dict[str, str] = {}
    _Files.files = {}
    for number, (_, case) in enumerate(cases()):
        names[case.name] = f"/{number}.jpg"
        _Files.files[f"/{number}.jpg"] = case.data
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}", names
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory, file_host: tuple[str, dict[str, str]]) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("server")
    environment = {**os.environ, "KOUTU_FETCH_ALLOW_HOSTS": file_host[0]}
    made = subprocess.run(
        [str(Path(sys.executable).with_name("koutu")), "keys", "create", "--json", "--data", str(folder / "data")],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    program = str(Path(__file__).with_name("watched.py"))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, program, str(folder / "connected"), "serve", "--port", "0", "--data", str(folder / "data")],
            env=environment, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
    assert process.stdout
    line = process.stdout.readline()
    assert "http" in line, (folder / "log").read_text()
    base = "http" + line.strip().rpartition("http")[2]
    with httpx.Client(base_url=base, timeout=60, trust_env=False) as client:
        yield Watched(base, json.loads(made.stdout), folder, process, file_host[0], client)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    process.stdout.close()
