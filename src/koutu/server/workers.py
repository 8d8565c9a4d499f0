"""Threads that pictures are worked on in: a few at once, a bounded number waiting, accounts taking turns."""

import asyncio
import contextvars
import math
import os
import sys
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from koutu.errors import ServiceUnavailable, Throttling

_T = TypeVar("_T")

# An account may hold this many times the places that are still free: alone three in four of them, less with every other account
# that is there, and whoever comes anew finds one (the dynamic thresholds of shared-memory switches: Choudhury and Hahne, 1998).
_SHARE = 3
# How much the newest piece of work counts for in what one is expected to take.
_NEWEST = 0.2
# The part of its deadline that a call may be expected to need: some calls need more than expected, and whoever comes anew from
# another account has the turn before it.
_CERTAIN = 0.5
# The event loop goes before the work, so that refusals and states of jobs are quick on a machine that is full.
_NICENESS = 3


@dataclass(frozen=True, slots=True)
class _Work:
    do: Callable[[], Any]
    context: contextvars.Context
    outcome: "asyncio.Future[Any]"


class Workers:
    """A bounded pool, used from one event loop.

    Work of one account is done in the order it came in; between accounts the turn goes round, so that whoever sends one call
    does not wait behind somebody's hundred. A caller who stops waiting takes work that has not begun out of the line, but does
    not free a thread: that stays taken until the work in it is done, so that never more work is going on than `threads`.

    Args:
        threads: how many work at once.
        waiting: how many may be on their way to a thread.
    """

    def __init__(self, threads: int, waiting: int) -> None:
        self.threads = threads
        self.places = threads + waiting
        self._pool = ThreadPoolExecutor(threads, "koutu-work", _stand_back)
        self._held: Counter[str] = Counter()
        self._lines: OrderedDict[str, deque[_Work]] = OrderedDict()
        self._busy = 0
        self._expected_s = 0.0
        self._closed = False

    @property
    def held(self) -> int:
        """Places that are taken."""
        return self._held.total()

    @property
    def busy(self) -> int:
        """Threads that work."""
        return self._busy

    def wait_s(self) -> float:
        """Seconds that the last of all that are here is expected to wait for a thread."""
        return self._wait_s(self.held)

    def _wait_s(self, before: int) -> float:
        return max(0, before + 1 - self.threads) * self._expected_s / self.threads

    def _before(self, account: str) -> int:
        """How many have their turn before one more call of an account."""
        own = self._held[account]
        return own + sum(min(held, own + 1) for other, held in self._held.items() if other != account)

    @contextmanager
    def place(self, account: str, deadline_s: float = math.inf) -> Iterator[None]:
        """A place in the line, to be taken before anything is brought along that needs memory.

        Args:
            account: who asks.
            deadline_s: a call that would hardly be done by then is of no use to its caller, and refused.

        Raises:
            ServiceUnavailable: there is none left, or not in time.
            Throttling: the account holds more than its share.
        """
        free = self.places - self.held
        wait_s = self._wait_s(self._before(account))
        in_time = not self.held or wait_s + self._expected_s <= _CERTAIN * deadline_s
        if not free or not in_time:
            raise ServiceUnavailable("The server is too busy.", retry_after_s=wait_s)
        if self._held[account] >= _SHARE * free:
            raise Throttling(
                f"{self._held[account]} calls of this account are under way, which is its share of a busy server.",
                retry_after_s=wait_s,
            )
        self._held[account] += 1
        try:
            yield
        finally:
            self._held[account] -= 1
            if not self._held[account]:
                del self._held[account]

    async def run(self, account: str, work: Callable[[], _T]) -> _T:
        """Do a piece of blocking work when the account's turn comes, in the caller's context.

        Raises:
            ServiceUnavailable: the server is stopping.
        """
        if self._closed:
            raise ServiceUnavailable("The server is stopping.")
        outcome: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(account, deque()).append(_Work(work, contextvars.copy_context(), outcome))
        self._dispatch()
        return await outcome

    def close(self) -> None:
        """Take no more work and forget what waits; what runs is left to end."""
        self._closed = True
        for line in self._lines.values():
            for work in line:
                work.outcome.cancel()
        self._lines.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _dispatch(self) -> None:
        while self._busy < self.threads and (work := self._next()) is not None:
            self._busy += 1
            self._pool.submit(self._do, work, asyncio.get_running_loop())

    def _next(self) -> _Work | None:
        """The oldest work of the account whose turn it is."""
        while self._lines:
            account, line = self._lines.popitem(last=False)
            while line and line[0].outcome.done():
                line.popleft()
            if line:
                work = line.popleft()
                if line:
                    self._lines[account] = line
                return work
        return None

    def _do(self, work: _Work, loop: asyncio.AbstractEventLoop) -> None:
        started = time.perf_counter()
        result, error = None, None
        try:
            result = work.context.run(work.do)
        except BaseException as failure:
            error = failure
        # The loop may be gone where a server was told to stop and did not wait for this.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._done, work.outcome, result, error, time.perf_counter() - started)

    def _done(self, outcome: "asyncio.Future[Any]", result: Any, error: BaseException | None, seconds: float) -> None:
        self._busy -= 1
        self._expected_s += (seconds - self._expected_s) * (_NEWEST if self._expected_s else 1)
        if not outcome.done():
            if error is None:
                outcome.set_result(result)
            else:
                outcome.set_exception(error)
        self._dispatch()


def _stand_back() -> None:
    # On Linux niceness is a thread's own, and handed on to the threads that it starts.
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, 0) + _NICENESS)


@contextmanager
def open_workers(threads: int, waiting: int) -> Iterator[Workers]:
    """A pool for the length of a block; 0 threads = one for every core."""
    workers = Workers(threads or os.cpu_count() or 1, waiting)
    try:
        yield workers
    finally:
        workers.close()
