"""Threads that pictures are worked on in: a few at once, a bounded number waiting."""

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from koutu.errors import ServiceUnavailable

_T = TypeVar("_T")


class Workers:
    """A bounded pool.

    A caller who stops waiting takes work that has not begun out of the line, but does not free a thread: that stays taken until
    the work in it is done, so that there is never more work going on than `threads`.

    Args:
        threads: how many work at once.
        waiting: how many may be on their way to a thread.
    """

    def __init__(self, threads: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="koutu-work")
        self._free = threads + waiting

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place in the line, to be taken before anything is brought along that needs memory.

        Raises:
            ServiceUnavailable: there is none left.
        """
        if not self._free:
            raise ServiceUnavailable("The server is too busy; try again in a few seconds.")
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1

    async def run(self, work: Callable[[], _T]) -> _T:
        """Do a piece of blocking work.

        Raises:
            ServiceUnavailable: the server is stopping.
        """
        try:
            future = self._pool.submit(work)
        except RuntimeError:
            raise ServiceUnavailable("The server is stopping.") from None
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Take no more work and forget what waits; what runs is left to end."""
        self._pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def open_workers(threads: int, waiting: int) -> Iterator[Workers]:
    """A pool for the length of a block; 0 threads = one for every core."""
    workers = Workers(threads or os.cpu_count() or 1, waiting)
    try:
        yield workers
    finally:
        workers.close()
