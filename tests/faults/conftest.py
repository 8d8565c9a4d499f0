"""One server that the tests of this folder kill and trouble."""

import json
import sqlite3
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from benchmarks.load.service import VERSION, Service, photo_host, service, small_photo

from koutu.client.endpoint import Endpoint
from koutu.errors import KoutuError


@dataclass
class Mortal:
    """The server, a client of it, and the photo that its calls name."""

    server: Service
    endpoint: Endpoint
    photo: str

    def segment(self) -> str:
        """A synchronous call; its result's link."""
        answer = self.endpoint.call("SegmentCommonImage", VERSION, {"ImageURL": self.photo})
        return str(answer["Data"]["ImageURL"])

    def submit(self, photo: str = "") -> str:
        """An asynchronous call; its job."""
        return str(self.endpoint.call("SegmentHDCommonImage", VERSION, {"ImageUrl": photo or self.photo})["RequestId"])

    def ask(self, job_id: str) -> dict[str, str]:
        """What is said of a job."""
        data: dict[str, str] = self.endpoint.call("GetAsyncJobResult", VERSION, {"JobId": job_id})["Data"]
        return data

    def state(self, job_id: str) -> str:
        """How a job stands."""
        return self.ask(job_id)["Status"]

    def end(self, job_id: str) -> tuple[str, str]:
        """Wait for a job; its state and link."""
        self.wait(lambda: self.state(job_id) not in ("QUEUING", "PROCESSING"))
        data = self.ask(job_id)
        return data["Status"], json.loads(data["Result"])["ImageUrl"] if "Result" in data else data["ErrorMessage"]

    @staticmethod
    def wait(condition: Callable[[], object]) -> None:
        """Wait until something holds."""
        until = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < until
            time.sleep(0.05)

    def charged(self) -> list[str]:
        """The request ids of the ledger."""
        with closing(sqlite3.connect(self.server.data / "koutu.db")) as database:
            return [row[0] for row in database.execute("SELECT request_id FROM ledger ORDER BY id")]

    def wait_until_idle(self) -> None:
        """Wait until no job is open."""
        with closing(sqlite3.connect(self.server.data / "jobs.db")) as database:
            question = "SELECT count(*) FROM workflow_status WHERE status IN ('ENQUEUED', 'PENDING')"
            self.wait(lambda: not database.execute(question).fetchone()[0])

    def log(self) -> str:
        """What the server wrote."""
        return (self.server.folder / "log").read_text()

    def metrics(self) -> str:
        """What the server counts."""
        with urllib.request.urlopen(f"http://{self.server.address}/metrics", timeout=30) as answer:
            return str(answer.read().decode())

    def trouble(self, name: str, text: str = "") -> Path:
        """Ask for a fault; the file that stands for it."""
        file = self.server.folder / name
        file.write_text(text)
        return file

    def dies(self, point: str, do: str) -> str | None:
        """Make a call during which the server dies at a point, start it again; what the call gave, None for a broken one."""
        wish = self.trouble("die", point)
        try:
            answer = self.submit() if do == "job" else self.segment()
        except KoutuError:
            answer = None
        assert self.server.process is not None
        self.server.process.wait(60)
        assert not wish.exists()
        self.server.kill()
        self.server.start()
        return answer


@pytest.fixture(scope="package")
def mortal() -> Iterator[Mortal]:
    program = Path(__file__).with_name("mortal.py")
    settings = {"KOUTU_SWEEP_S": "0.5", "KOUTU_FETCH_TIMEOUT_S": "10"}
    with photo_host({"photo.jpg": small_photo(side=64)}) as photos, service(program=program, **settings) as server:
        yield Mortal(server, server.endpoint(timeout=30), f"{photos}/photo.jpg")


def whole(link: str) -> bool:
    """Whether a link leads to a whole PNG file."""
    with urllib.request.urlopen(link, timeout=30) as answer:
        data = answer.read()
    return bool(data.startswith(b"\x89PNG") and data.endswith(b"IEND\xaeB`\x82"))


@pytest.fixture
def check_whole() -> object:
    return whole
