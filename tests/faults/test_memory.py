"""A picture that the machine has not the memory for: the system ends the worker, again and again, and the others go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.load.service import photo_host, service, small_photo

from tests.faults.conftest import Mortal, whole

pytestmark = pytest.mark.long

_RETRIES = 1


@pytest.fixture
def poor() -> Iterator[Mortal]:
    photo = small_photo(side=64)
    settings = {"KOUTU_JOB_RETRIES": str(_RETRIES), "KOUTU_JOB_WORKERS": "1", "KOUTU_FETCH_TIMEOUT_S": "30"}
    program = Path(__file__).with_name("mortal.py")
    with photo_host({"photo.jpg": photo, "huge.jpg": photo}) as photos, service(program=program, **settings) as server:
        yield Mortal(server, server.endpoint(timeout=60), f"{photos}/photo.jpg")


def test_a_picture_that_ends_the_server_ends_as_a_job_and_the_others_go_on(poor: Mortal) -> None:
    poor.trouble("hungry", "huge.jpg")
    huge = poor.submit(poor.photo.replace("photo.jpg", "huge.jpg"))
    for _ in range(_RETRIES + 1):
        assert poor.server.process is not None
        poor.server.process.wait(120)
        poor.server.kill()
        poor.server.start()
    small = poor.submit()
    state, why = poor.end(huge)
    assert (state, why) == ("LIMIT_RETRY_FAILED", "The job was interrupted too often.")
    state, link = poor.end(small)
    assert (state, whole(link)) == ("PROCESS_SUCCESS", True)
    assert poor.charged() == [small]
    assert poor.server.stop() == 0
