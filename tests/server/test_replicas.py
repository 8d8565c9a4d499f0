"""Two servers that share a database, a Redis and an object store are one service."""

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest


@pytest.fixture
def replicas(
    tmp_path: Path, new_postgresql: str, redis: str, new_program: Callable[[Path, dict[str, str]], Any]
) -> Iterator[list[Any]]:
    (tmp_path / "shared").mkdir()
    environment = {
        "KOUTU_DATABASE_URL": new_postgresql,
        "KOUTU_REDIS_URL": redis,
        "KOUTU_STORAGE_URL": f"file://{tmp_path}/shared",
        "KOUTU_SECRET_KEY": base64.b64encode(bytes(range(32))).decode(),
    }
    programs = [new_program(tmp_path / name / "data", {**environment, "KOUTU_REPLICA": name}) for name in ("one", "two")]
    for program in programs:
        program.start()
    yield programs
    for program in programs:
        assert program.stop() == 0


def test_two_servers_are_one_service(replicas: list[Any], photo_server: Any, sign_rpc: Any) -> None:
    one, two = replicas
    key = one.create_key()

    link = urlsplit(one.call(key, "SegmentCommonImage", ImageURL=photo_server.at())["Data"]["ImageURL"])
    with urllib.request.urlopen(link._replace(netloc=two.endpoint).geturl()) as response:
        assert response.read().startswith(b"\x89PNG")

    params = {"Action": "GetAsyncJobResult", "JobId": "none"}
    form = urlencode(sign_rpc("POST", params, key.access_key_id, key.access_key_secret)).encode()
    codes = []
    for program in (one, two):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"http://{program.endpoint}/", form)
        with caught.value as answer:
            codes.append(json.load(answer)["Code"])
    assert codes == ["InvalidParameter", "SignatureNonceUsed"]

    job_id = one.call(key, "SegmentHDCommonImage", ImageUrl=photo_server.at())["RequestId"]
    deadline = time.monotonic() + 120
    while (data := two.call(key, "GetAsyncJobResult", JobId=job_id)["Data"])["Status"] != "PROCESS_SUCCESS":
        assert data["Status"] in ("QUEUING", "PROCESSING")
        assert time.monotonic() < deadline
        time.sleep(0.05)
    result = json.loads(data["Result"])["ImageUrl"]
    assert urlsplit(result).netloc == two.endpoint
    with urllib.request.urlopen(result) as response:
        assert response.read().startswith(b"\x89PNG")
