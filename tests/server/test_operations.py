"""What whoever runs the server looks at: health, metrics, refusals with a hint, the lock of the data folder."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy.exc import OperationalError

from koutu import library
from koutu.errors import EnvironmentFault, InvalidParameter, ServiceUnavailable
from koutu.server.jobs.persist import RetriesUsedUp, persist
from koutu.server.ownership import own_data_folder
from koutu.settings import Settings


def test_ready_once_the_models_are_warm(wire: Any) -> None:
    answer = wire.http.get("/readyz")
    assert answer.json() == {
        "status": "ok",
        "parts": {"models": "ok", "server": "ok", "database": "ok", "objects": "ok", "jobs": "ok"},
    }
    assert answer.status_code == 200


def test_not_ready_while_a_part_fails(wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    health = wire.http.app.state.rooms.health

    async def gone() -> None:
        raise ConnectionError("gone")

    monkeypatch.setitem(health._checks, "objects", gone)
    answer = wire.http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["objects"] == "failing"
    assert wire.http.get("/healthz").status_code == 200


def test_metrics_count_calls_stages_and_pools(wire: Any, photo_server: Any) -> None:
    assert wire.call("SegmentBody", ImageURL=photo_server.at())["status_code"] == 200
    assert wire.call("NoSuchAction")["status_code"] == 404
    text = wire.http.get("/metrics").text
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(lines['koutu_requests_total{action="SegmentBody",code="OK"}']) >= 1
    assert float(lines['koutu_requests_total{action="",code="InvalidAction.NotFound"}']) >= 1
    for stage in ("parse", "admission", "fetch", "work", "store", "meter"):
        assert float(lines[f'koutu_stage_seconds_count{{stage="{stage}"}}']) >= 1
    assert float(lines["koutu_calls_held"]) == 0
    assert float(lines["koutu_calls_places"]) > 2
    assert float(lines["process_resident_memory_bytes"]) > 1e6
    assert "NoSuchAction" not in text


def test_a_refusal_says_when_to_come_back(wire: Any, engine: Any, photo_server: Any, sign_rpc: Any) -> None:
    engine.error = ServiceUnavailable("The server is too busy.", retry_after_s=2.2)
    params = {"Action": "SegmentBody", "ImageURL": photo_server.at()}
    form = urlencode(sign_rpc("POST", params, wire.key.access_key_id, wire.key.access_key_secret))
    answer = wire.http.post("/", content=form, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "3"
    assert answer.json()["Recommend"].endswith("/errors/ServiceUnavailable?retry_after=3")
    assert answer.json()["Message"] == "The server is too busy. Try again in 3 seconds."


def test_a_database_that_is_gone_is_a_state_and_not_a_crash(wire: Any, photo_server: Any, monkeypatch: Any) -> None:
    def gone(*args: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr("koutu.server.accounts.ledger.Ledger.record", gone)
    answer = wire.call("SegmentBody", ImageURL=photo_server.at())
    assert (answer["status_code"], answer["Code"]) == (503, "ServiceUnavailable")
    assert "locked" not in answer["Message"]
    assert wire.stored() == [], "what was not metered is not given away"


def test_a_job_that_never_fits_into_memory_ends_and_the_others_go_on(wire: Any, photo_server: Any, monkeypatch: Any) -> None:
    run = library.run
    tries = []

    def hungry(action: Any, images: Any, params: Any, **options: Any) -> Any:
        if action.name == "SegmentHDCommonImage" and params.get("ImageUrl", "").endswith("huge.png"):
            tries.append(1)
            raise MemoryError
        return run(action, images, params, **options)

    monkeypatch.setattr(library, "run", hungry)
    monkeypatch.setattr("koutu.server.jobs.persist._FIRST_WAIT_S", 0.001)
    huge = wire.call("SegmentHDCommonImage", ImageUrl=photo_server.at("huge.png"))["RequestId"]
    small = wire.call("SegmentHDCommonImage", ImageUrl=photo_server.at("small.png"))["RequestId"]
    ended = wire.job(huge)
    assert ended["Status"] == "LIMIT_RETRY_FAILED"
    assert "memory" in ended["ErrorMessage"]
    assert len(tries) == 5
    assert wire.job(small)["Status"] == "PROCESS_SUCCESS"
    assert [entry.request_id for entry in wire.entries()] == [small]


def test_what_is_the_caller_s_fault_is_not_tried_again() -> None:
    tries = []

    def wrong() -> None:
        tries.append(1)
        raise InvalidParameter("no")

    with pytest.raises(InvalidParameter):
        persist(wrong, tries=5, wait=lambda seconds: None)
    assert len(tries) == 1


def test_what_passes_is_tried_again() -> None:
    waits: list[float] = []
    outcomes = iter([MemoryError(), ServiceUnavailable("full"), None])

    def do() -> str:
        if (error := next(outcomes)) is not None:
            raise error
        return "done"

    assert persist(do, tries=3, wait=waits.append) == "done"
    assert waits == [0.5, 1.0]
    with pytest.raises(RetriesUsedUp, match="2 times: full"):
        persist(lambda: (_ for _ in ()).throw(ServiceUnavailable("full")), tries=2, wait=waits.append)


def test_a_second_server_on_a_data_folder_is_refused(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    with own_data_folder(settings), pytest.raises(EnvironmentFault, match="in use by the server with process id"):
        own_data_folder(settings).__enter__()
    with own_data_folder(settings):
        koutu = str(Path(sys.executable).with_name("koutu"))
        command = [koutu, "serve", "--port", "0", "--data", str(settings.data)]
        second = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert second.returncode == 1
        assert "is in use by the server with process id" in second.stderr
        assert "Traceback" not in second.stderr
    with own_data_folder(settings):
        pass


def test_a_drained_server_is_not_ready_and_ends_what_it_has(wire: Any) -> None:
    rooms = wire.http.app.state.rooms
    try:
        wire.http.portal.call(rooms.drain)
        assert wire.http.get("/readyz").json()["parts"]["server"] == "draining"
    finally:
        rooms.health.draining = False
        wire.http.portal.call(_go_on, rooms)


async def _go_on(rooms: Any) -> None:
    calls = rooms.endpoint._handlers["2019-12-30"]["SegmentBody"].__self__
    calls._ends = None


def test_the_log_line_of_a_call_names_request_and_stages(program: Any, photo_server: Any) -> None:
    program.start()
    key = program.create_key()
    request_id = program.call(key, "SegmentHDCommonImage", ImageUrl=photo_server.at())["RequestId"]
    assert program.stop() == 0
    line = next(json.loads(line) for line in program.log().splitlines() if request_id in line)
    assert line["action"] == "SegmentHDCommonImage"
    assert set(line["stages"]) >= {"parse", "admission", "enqueue"}
