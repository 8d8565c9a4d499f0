"""The machine's clock jumps: what was acknowledged stays, and is there when the clock is right again."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from koutu.errors import TimestampExpired

pytestmark = pytest.mark.long

_HOURS = 3 * 3600


@pytest.fixture
def set_clock(mortal: Any) -> Iterator[Callable[[float], None]]:
    """Sets the server's clock and waits until its sweeper has seen that, so that whatever it deletes is gone."""

    def set_by(seconds: float) -> None:
        seen = mortal.log().count("clock jumped")
        mortal.trouble("clock", str(seconds))
        mortal.wait(lambda: mortal.log().count("clock jumped") > seen)

    yield set_by
    (mortal.server.folder / "clock").unlink()


@pytest.mark.parametrize("seconds", [_HOURS, -_HOURS])
def test_results_and_jobs_outlive_a_jump(
    mortal: Any, check_whole: Callable[[str], bool], set_clock: Callable[[float], None], seconds: float
) -> None:
    link = mortal.segment()
    before = mortal.charged()
    slow = mortal.trouble("slow")
    job_id = mortal.submit()
    mortal.wait(lambda: mortal.state(job_id) == "PROCESSING")
    set_clock(seconds)
    with pytest.raises(TimestampExpired):
        mortal.segment()
    if seconds > 0:
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(link)
    slow.unlink()
    mortal.wait(lambda: job_id in mortal.charged())
    set_clock(0)
    assert check_whole(link)
    assert mortal.end(job_id)[0] == "PROCESS_SUCCESS"
    assert mortal.charged() == [*before, job_id]


def test_a_job_goes_on_in_a_server_that_was_down_for_longer_than_a_job_may_take(
    mortal: Any, set_clock: Callable[[float], None]
) -> None:
    slow = mortal.trouble("slow")
    job_id = mortal.submit()
    mortal.wait(lambda: mortal.state(job_id) == "PROCESSING")
    mortal.server.kill()
    mortal.trouble("clock", str(_HOURS))
    slow.unlink()
    mortal.server.start()
    mortal.wait(lambda: job_id in mortal.charged())
    set_clock(0)
    # The picture itself is not looked at: its file bears the true time, so that to this server it is hours old.
    assert mortal.state(job_id) == "PROCESS_SUCCESS"
    assert mortal.charged().count(job_id) == 1
