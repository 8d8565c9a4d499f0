"""The installation under load while a node, and then a server, dies; and a bucket through the same cluster."""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from koutu.errors import ServiceUnavailable, Throttling

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

_CALLS = 12
_JOBS = 4
_CALLS_AFTER = 4
_KOUTU = str(Path(sys.executable).with_name("koutu"))


def persistently(call: Any) -> Any:
    """What a caller does whom the door turned away: the same call once more."""
    until = time.monotonic() + 240
    while True:
        try:
            return call()
        except (ServiceUnavailable, Throttling):
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def is_png(link: str) -> bool:
    with urllib.request.urlopen(link, timeout=60) as answer:
        return bool(answer.read().startswith(b"\x89PNG"))


def test_a_node_dies_under_load_and_nothing_acknowledged_is_lost(installation: Any) -> None:
    endpoint = installation.endpoint()
    before = set(installation.charged())
    acknowledged: list[str] = []
    half = threading.Event()

    def call(number: int) -> str:
        answer = persistently(lambda: endpoint.call("SegmentSky", "2019-12-30", {"ImageURL": installation.photo}))
        acknowledged.append(answer["RequestId"])
        if len(acknowledged) >= _CALLS // 3:
            half.set()
        return str(answer["Data"]["ImageURL"])

    def job(number: int) -> str:
        answer = persistently(lambda: endpoint.call("SegmentHDCommonImage", "2019-12-30", {"ImageUrl": installation.photo}))
        acknowledged.append(answer["RequestId"])
        params = {"JobId": answer["RequestId"]}
        while True:
            data = persistently(lambda: endpoint.call("GetAsyncJobResult", "2019-12-30", params))["Data"]
            if data["Status"] not in ("QUEUING", "PROCESSING"):
                assert data["Status"] == "PROCESS_SUCCESS", data
                return str(json.loads(data["Result"])["ImageUrl"])
            time.sleep(0.2)

    with ThreadPoolExecutor(8) as pool:
        links = [pool.submit(job, number) for number in range(_JOBS)] + [pool.submit(call, number) for number in range(_CALLS)]
        while not half.wait(0.5):
            assert not any(link.done() and link.exception() for link in links), "a call failed before anything was killed"
        installation.kill_node()
        results = [link.result() for link in links]
    assert all(is_png(link) for link in results)
    charged = installation.charged()
    assert len(charged) == len(set(charged))
    assert set(charged) - before == set(acknowledged)
    assert all(server.poll() is None for server in installation.servers)
    print(f"{_CALLS} calls and {_JOBS} jobs, one node of two killed: {len(acknowledged)} acknowledged, {len(results)} results")


def test_what_one_server_did_the_other_knows(installation: Any) -> None:
    endpoint = installation.endpoint()
    job_id = endpoint.call("SegmentHDCommonImage", "2019-12-30", {"ImageUrl": installation.photo})["RequestId"]
    states = {endpoint.call("GetAsyncJobResult", "2019-12-30", {"JobId": job_id})["Data"]["JobId"] for _ in range(6)}
    assert states == {job_id}
    assert any(key.startswith("service/results/") for key in installation.objects("koutu"))


def test_a_server_dies_and_the_other_goes_on(installation: Any) -> None:
    endpoint = installation.endpoint()
    installation.servers[0].kill()
    for _ in range(_CALLS_AFTER):
        answer = persistently(lambda: endpoint.call("SegmentSky", "2019-12-30", {"ImageURL": installation.photo}))
        assert is_png(answer["Data"]["ImageURL"])
    print(f"one server of two killed: {_CALLS_AFTER} calls, {_CALLS_AFTER} results")


def test_a_bucket_goes_on_after_a_kill(installation: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import obstore
    from obstore.store import from_url

    for name, value in installation.environment.items():
        monkeypatch.setenv(name, value)
    source, target = from_url("s3://photos"), from_url("s3://results")
    with urllib.request.urlopen(installation.photo) as answer:
        photo = answer.read()
    for number in range(5):
        obstore.put(source, f"album/{number}.jpg", photo)
    obstore.put(source, "album/broken.jpg", photo[:200])
    obstore.put(source, "album/notes.txt", b"no photo")
    # Networks run in the workers themselves: a bucket needs no deployment.
    environment = {**installation.environment, "KOUTU_ENGINE": "local"}
    command = [_KOUTU, "batch", "s3://photos", "s3://results", "SegmentSky", "--cpus", "1"]
    first = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 240
    while not installation.objects("results"):
        assert first.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    first.kill()
    first.wait()
    done = {key: obstore.head(target, key)["last_modified"] for key in installation.objects("results")}
    second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert second.returncode == 1, second.stderr
    assert "done before" in second.stdout
    assert "album/broken.jpg: InvalidImage.Content" in second.stderr
    assert set(installation.objects("results")) == {f"album/{number}.jpg.png" for number in range(5)}
    assert all(obstore.head(target, key)["last_modified"] == when for key, when in done.items())
    third = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert "1 photos to do, 5 done before" in third.stdout
    assert third.stdout.splitlines()[-1] == "0 done, 1 failed"
    print(f"a bucket of 6 photos, 1 of them broken, killed after {len(done)}: 5 results, none made twice")
