"""Threads that pictures are worked on in: a few at once, a bounded number waiting."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from koutu.errors import ServiceUnavailable

_T = TypeVar("_T")


class Workers:
    """A bounded pool.

    A caller who stops waiting takes work that has not begun out of the line, but does not free a thread: that stays taken until
    the work in it is done, so that there is never more work going on than `threads`.

    Args:
        threads: how many work at once.
        waiting: how many may wait.
    """

    def __init__(self, threads: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="koutu-work")
        self._free = threading.Semaphore(threads + waiting)

    async def run(self, work: Callable[[], _T]) -> _T:
        """Do a piece of blocking work.

        Raises:
            ServiceUnavailable: too much is waiting already, or the server is stopping.
        """
        if not self._free.acquire(blocking=False):
            raise ServiceUnavailable("The server is too busy; try again in a few seconds.")
        try:
            future = self._pool.submit(work)
        except RuntimeError:
            self._free.release()
            raise ServiceUnavailable("The server is stopping.") from None
        future.add_done_callback(self._done)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Take no more work and forget what waits; what runs is left to end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _done(self, future: "Future[Any]") -> None:
        self._free.release()


@contextmanager
def open_workers(threads: int, waiting: int) -> Iterator[Workers]:
    """A pool for the length of a block; 0 threads = one for every core."""
    workers = Workers(threads or os.cpu_count() or 1, waiting)
    try:
        yield workers
    finally:
        workers.close()
