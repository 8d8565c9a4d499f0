"""Asynchronous calls in a running application; the death of the server is tested in test_restart."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from koutu.errors import ImageContent


def _submit(wire: Any, photo_server: Any, path: str = "photo.png") -> str:
    body = wire.call("SegmentHDCommonImage", ImageUrl=photo_server.at(path))
    assert body["status_code"] == 200
    assert "GetAsyncJobResult" in body["Message"]
    assert set(body) == {"RequestId", "Message", "status_code"}
    job_id: str = body["RequestId"]
    return job_id


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _wait_for(wire: Any, job_id: str, state: str) -> None:
    _wait_until(lambda: wire.call("GetAsyncJobResult", JobId=job_id)["Data"]["Status"] == state)


def test_a_job_ends_with_a_link_and_one_entry(wire: Any, photo_server: Any) -> None:
    job_id = _submit(wire, photo_server)
    data = wire.job(job_id)
    assert (data["JobId"], data["Status"], data["status"]) == (job_id, "PROCESS_SUCCESS", "PROCESS_SUCCESS")
    result = json.loads(data["Result"])
    assert list(result) == ["ImageUrl"]
    assert wire.http.get(result["ImageUrl"]).content.startswith(b"\x89PNG")
    assert [(entry.request_id, entry.action) for entry in wire.entries()] == [(job_id, "SegmentHDCommonImage")]


def test_segment_body_is_a_job_when_asked_for(wire: Any, photo_server: Any) -> None:
    body = wire.call("SegmentBody", ImageURL=photo_server.at(), Async="true")
    assert "Data" not in body
    assert list(json.loads(wire.job(body["RequestId"])["Result"])) == ["ImageURL"]


def test_the_other_product_answers_too(wire: Any, photo_server: Any) -> None:
    job_id = _submit(wire, photo_server)
    wire.job(job_id)
    body = wire.call("GetAsyncJobResult", JobId=job_id, Version="2023-01-17")
    assert body["Data"]["Status"] == "PROCESS_SUCCESS"


def test_states_on_the_way(wire: Any, photo_server: Any) -> None:
    first, second = _submit(wire, photo_server, "slow"), _submit(wire, photo_server, "slow")
    _wait_for(wire, first, "PROCESSING")
    assert wire.call("GetAsyncJobResult", JobId=second)["Data"]["Status"] == "QUEUING"
    photo_server.gate.set()
    assert {wire.job(job_id)["Status"] for job_id in (first, second)} == {"PROCESS_SUCCESS"}


@pytest.mark.parametrize(
    ("error", "path", "code", "message"),
    [
        (ImageContent("not a picture"), "photo.png", "InvalidImage.Content", "not a picture"),
        (None, "missing", "InvalidImage.Download", "404"),
        (RuntimeError("secret detail"), "photo.png", "InternalError", "failed"),
    ],
)
def test_a_job_that_fails_says_why_and_leaves_nothing(
    wire: Any, photo_server: Any, engine: Any, error: Exception | None, path: str, code: str, message: str
) -> None:
    engine.error = error
    data = wire.job(_submit(wire, photo_server, path))
    assert (data["Status"], data["ErrorCode"]) == ("PROCESS_FAILED", code)
    assert message in data["ErrorMessage"]
    assert "secret" not in json.dumps(data)
    assert "Result" not in data
    assert wire.stored() == []
    assert wire.entries() == []


def test_a_job_is_its_accounts_business_alone(wire: Any, photo_server: Any) -> None:
    job_id = _submit(wire, photo_server)
    wire.job(job_id)
    info = next(info for info in wire.keys.all() if info.access_key_id == wire.key.access_key_id)
    colleague, stranger = wire.keys.create(account=info.account), wire.keys.create(account="stranger")
    assert wire.job(job_id, colleague)["Status"] == "PROCESS_SUCCESS"
    body = wire.call("GetAsyncJobResult", stranger, JobId=job_id)
    assert (body["Code"], body["status_code"]) == ("InvalidParameter", 400)
    unknown = wire.call("GetAsyncJobResult", stranger, JobId=job_id[::-1])
    assert body["Message"].replace(job_id, "") == unknown["Message"].replace(job_id[::-1], "")


def test_a_job_out_of_time(engine: Any, settings: Any, photo_server: Any, open_wire: Callable[[Any], Any]) -> None:
    with open_wire(settings.model_copy(update={"job_timeout_s": 0.3, "fetch_timeout_s": 20})) as wire:
        job_id = _submit(wire, photo_server, "slow")
        data = wire.job(job_id)
        assert (data["Status"], data["ErrorCode"]) == ("TIMEOUT_FAILED", "Timeout")
        photo_server.gate.set()
        assert wire.job(_submit(wire, photo_server))["Status"] == "PROCESS_SUCCESS"
        assert wire.call("GetAsyncJobResult", JobId=job_id)["Data"]["Status"] == "TIMEOUT_FAILED"
        assert len(wire.stored()) == len(wire.entries()) == len(engine.seen) == 1


def test_a_full_queue(engine: Any, settings: Any, photo_server: Any, open_wire: Callable[[Any], Any]) -> None:
    with open_wire(settings.model_copy(update={"job_queue": 1, "fetch_timeout_s": 20})) as wire:
        _wait_for(wire, _submit(wire, photo_server, "slow"), "PROCESSING")
        _submit(wire, photo_server, "slow")
        body = wire.call("SegmentHDCommonImage", ImageUrl=photo_server.at())
        assert (body["Code"], body["status_code"]) == ("ServiceUnavailable", 503)
        photo_server.gate.set()


def test_a_job_goes_on_after_a_stop_in_good_order(
    engine: Any, settings: Any, photo_server: Any, open_wire: Callable[[Any], Any]
) -> None:
    settings = settings.model_copy(update={"fetch_timeout_s": 20})
    with open_wire(settings) as wire:
        key, job_id = wire.key, _submit(wire, photo_server, "slow")
        _wait_for(wire, job_id, "PROCESSING")
    assert engine.seen == []
    photo_server.gate.set()
    with open_wire(settings) as wire:
        assert wire.job(job_id, key)["Status"] == "PROCESS_SUCCESS"
        assert [entry.request_id for entry in replace(wire, key=key).entries()] == [job_id]


def test_a_job_that_is_interrupted_too_often(
    engine: Any, settings: Any, photo_server: Any, open_wire: Callable[[Any], Any]
) -> None:
    settings = settings.model_copy(update={"job_retries": 1, "fetch_timeout_s": 20})
    with open_wire(settings) as wire:
        key, job_id = wire.key, _submit(wire, photo_server, "slow")
        _wait_until(lambda: len(photo_server.asked) == 1)
    with open_wire(settings):
        _wait_until(lambda: len(photo_server.asked) == 2)
    with open_wire(settings) as wire:
        data = wire.job(job_id, key)
    assert (data["Status"], data["ErrorCode"]) == ("LIMIT_RETRY_FAILED", "InternalError")
    assert engine.seen == []
