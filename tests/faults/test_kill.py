"""kill -9 at every stage of a call: nothing acknowledged is lost, nothing is charged twice, nothing half-written is served."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.long

_CALL = ("admit-after", "fetch-before", "fetch-after", "work-before", "work-after", "put-before", "put-after", "ledger-before")
_CHARGED = ("ledger-after", "answer-before")
_UNSUBMITTED = ("admit-after", "enqueue-before")
_SUBMITTED = ("enqueue-after", "fetch-before", "fetch-after", "work-before", "work-after", "put-before", "put-after")
_METERED = ("ledger-before", "ledger-after", "outcome-before", "outcome-after")


@pytest.mark.parametrize("point", [*_CALL, *_CHARGED])
def test_in_a_synchronous_call(mortal: Any, check_whole: Callable[[str], bool], point: str) -> None:
    before = mortal.charged()
    assert mortal.dies(point, "call") is None
    after = mortal.charged()
    assert len(after) - len(before) == (point in _CHARGED)
    assert check_whole(mortal.segment())
    assert len(mortal.charged()) == len(after) + 1


@pytest.mark.parametrize("point", [*_UNSUBMITTED, *_SUBMITTED, *_METERED])
def test_in_a_job(mortal: Any, check_whole: Callable[[str], bool], point: str) -> None:
    before = mortal.charged()
    job_id = mortal.dies(point, "job")
    if job_id is not None:
        state, link = mortal.end(job_id)
        assert (state, check_whole(link)) == ("PROCESS_SUCCESS", True)
        assert mortal.charged().count(job_id) == 1
    else:
        assert point in (*_UNSUBMITTED, *_SUBMITTED), "an answer was lost long after it should have gone"
        mortal.wait_until_idle()
        assert len(mortal.charged()) - len(before) == (point not in _UNSUBMITTED), "a job that was written down is done once"
    assert len(set(mortal.charged())) == len(mortal.charged())
