"""Trying again what failed for a reason that passes, so that no trouble of the server's own costs an accepted job."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from koutu.errors import InternalError, KoutuError, ServiceUnavailable, Throttling

_T = TypeVar("_T")

_log = structlog.get_logger("koutu.server")
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 30
_NO_MEMORY = -4  # what OpenCV calls it


class RetriesUsedUp(InternalError):
    """A job failed again and again for a reason that is not the caller's."""


def persist(do: Callable[[], _T], *, tries: int, wait: Callable[[float], None]) -> _T:
    """Do something up to `tries` times, with pauses that double, as long as what stops it may pass.

    Raises:
        RetriesUsedUp: it did not pass.
        Exception: what else went wrong, at once.
    """
    for attempt in range(tries):
        try:
            return do()
        except Exception as error:
            if not passes(error):
                raise
            _log.warning("job step failed", attempt=attempt + 1, of=tries, reason=_reason(error))
            last = error
        if attempt + 1 < tries:
            wait(min(_FIRST_WAIT_S * 2**attempt, _LONGEST_WAIT_S))
    raise RetriesUsedUp(f"The job failed {tries} times: {_reason(last)}") from last


def passes(error: Exception) -> bool:
    """Whether an error tells of a state of the server: no memory, no database, no room, no store."""
    # Known by its looks, since this wing does not load the library that raises it.
    if type(error).__module__ == "cv2":
        return getattr(error, "code", 0) == _NO_MEMORY
    return isinstance(error, MemoryError | DBAPIError | PoolTimeout | ServiceUnavailable | Throttling)


def _reason(error: Exception) -> str:
    if isinstance(error, KoutuError):
        return error.message
    if isinstance(error, DBAPIError | PoolTimeout):
        return "the database could not be reached."
    return "there was not enough memory for this picture."
