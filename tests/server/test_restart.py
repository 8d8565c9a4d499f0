"""The server as a process: it dies in the middle of a job, and the next one ends the job."""

import json
import time
import urllib.request
from typing import Any

from koutu.server.accounts.database import open_database
from koutu.server.accounts.ledger import Ledger
from koutu.settings import Settings


def _wait(program: Any, key: Any, job_id: str, *states: str) -> Any:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        data = program.call(key, "GetAsyncJobResult", JobId=job_id)["Data"]
        if data["Status"] in states:
            return data
        time.sleep(0.05)
    raise AssertionError(data)


def test_a_job_survives_kill_9(program: Any, photo_server: Any) -> None:
    program.start()
    key = program.create_key()
    running = program.call(key, "SegmentHDCommonImage", ImageUrl=photo_server.at("slow"))["RequestId"]
    waiting = program.call(key, "SegmentHDCommonImage", ImageUrl=photo_server.at("slow"))["RequestId"]
    _wait(program, key, running, "PROCESSING")
    program.kill()
    photo_server.gate.set()
    program.start()
    for job_id in (running, waiting):
        data = _wait(program, key, job_id, "PROCESS_SUCCESS", "PROCESS_FAILED", "TIMEOUT_FAILED", "LIMIT_RETRY_FAILED")
        assert data["Status"] == "PROCESS_SUCCESS", (data, program.log())
        with urllib.request.urlopen(json.loads(data["Result"])["ImageUrl"]) as response:
            assert response.headers["content-type"] == "image/png"
            assert response.read().startswith(b"\x89PNG")
    assert program.stop() == 0
    database = open_database(Settings(data=program.folder))
    assert sorted(entry.request_id for entry in Ledger(database).entries()) == sorted([running, waiting])
    database.close()


def test_a_server_prints_one_line_and_stops_cleanly(program: Any) -> None:
    program.start()
    assert program.process.poll() is None
    with urllib.request.urlopen(f"http://{program.endpoint}/healthz") as response:
        assert json.load(response) == {"status": "ok"}
    assert program.stop() == 0
    assert program.log() == ""


def test_a_stop_in_the_middle_of_a_job_is_quiet_and_loses_nothing(program: Any, photo_server: Any) -> None:
    program.start()
    key = program.create_key()
    job_id = program.call(key, "SegmentHDCommonImage", ImageUrl=photo_server.at("slow"))["RequestId"]
    _wait(program, key, job_id, "PROCESSING")
    assert program.stop() == 0
    assert {json.loads(line)["event"] for line in program.log().splitlines()} == {"call"}
    photo_server.gate.set()
    program.start()
    assert _wait(program, key, job_id, "PROCESS_SUCCESS", "PROCESS_FAILED")["Status"] == "PROCESS_SUCCESS"
