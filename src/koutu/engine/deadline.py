"""Until when an answer is of use to whoever asked; known all along a call's way without being handed on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from koutu.errors import Timeout

_until: ContextVar[float | None] = ContextVar("koutu_deadline", default=None)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """What is called within this block has `seconds` of time in all; an earlier deadline around it stays."""
    around = _until.get()
    until = time.monotonic() + seconds
    token = _until.set(until if around is None else min(until, around))
    try:
        yield
    finally:
        _until.reset(token)


def remaining() -> float | None:
    """Seconds that are left, 0 or more; None where there is no deadline.

    Raises:
        Timeout: none are left.
    """
    until = _until.get()
    if until is None:
        return None
    left = until - time.monotonic()
    if left <= 0:
        raise Timeout("The call's time was up before its turn came.")
    return left
