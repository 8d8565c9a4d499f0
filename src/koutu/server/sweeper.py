"""Deletes what nobody can reach any more: results whose links ran out, files past their time, old job states."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from koutu.contract import RESULT_LINK_SECONDS
from koutu.server.clock import Clock, utc_now
from koutu.server.jobs import Jobs
from koutu.server.production import RESULTS
from koutu.server.storage import Objects
from koutu.settings import Settings

# A download that began while its link was good may still be under way, and a job's link is younger than its picture.
_MARGIN_S = 600
_DRAFTS = timedelta(days=2)
# What the machine's clock may gain or lose between two sweeps without having been set.
_JUMP_S = 60

_log = structlog.get_logger("koutu.server")


class Kept(Protocol):
    """Files that are kept for a time."""

    async def sweep(self) -> None:
        """Delete those whose time is over."""


class Sweeper:
    """Sweeps in the background for as long as the server runs.

    Links and files end by the machine's clock. Where that jumps, nothing is deleted until every link of before has ended by the
    other clock as well, so that a wrong time which is soon set right costs no result.

    Args:
        settings: sweep_s counts.
        objects: where results are.
        kept: uploads and other files with a time of their own.
        jobs: whose old states are dropped.
        clock: the server's time.
        steady: seconds by a clock that nobody sets.
    """

    def __init__(
        self,
        settings: Settings,
        objects: Objects,
        kept: Sequence[Kept],
        jobs: Jobs,
        clock: Clock = utc_now,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._objects = objects
        self._kept = kept
        self._jobs = jobs
        self._clock = clock
        self._steady = steady
        self._apart = self._clocks_apart()
        self._not_before = steady()

    async def run(self) -> None:
        """Sweep now and then, for ever; a sweep that fails is logged and the next one tries again."""
        while True:
            try:
                await self.sweep_in_time()
            except Exception as error:
                _log.error("sweep failed", exc_info=error)
            await asyncio.sleep(self._settings.sweep_s)

    def _clocks_apart(self) -> float:
        return self._clock().timestamp() - self._steady()

    def _clock_is_trusted(self) -> bool:
        jump = self._clocks_apart() - self._apart
        self._apart += jump
        if abs(jump) > _JUMP_S:
            wait_s = RESULT_LINK_SECONDS + _MARGIN_S
            _log.warning("clock jumped", seconds=round(jump), nothing_deleted_for_s=wait_s)
            self._not_before = self._steady() + wait_s
        return self._steady() >= self._not_before

    async def sweep_in_time(self) -> None:
        """Sweep, unless the machine's clock was set lately."""
        if self._clock_is_trusted():
            await self.sweep(self._clock())

    async def sweep(self, now: datetime) -> None:
        """Delete what is past its time at `now`."""
        before = now - timedelta(seconds=RESULT_LINK_SECONDS + _MARGIN_S)
        await self._objects.delete([meta.key async for meta in self._objects.list(RESULTS) if meta.modified < before])
        for kept in self._kept:
            await kept.sweep()
        await self._objects.tidy(now - _DRAFTS)
        await self._jobs.forget()
