"""Deletes what nobody can reach any more: results whose links ran out, files past their time, old job states."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from koutu.contract import RESULT_LINK_SECONDS
from koutu.server.jobs import Jobs
from koutu.server.production import RESULTS
from koutu.server.storage import Objects
from koutu.settings import Settings

# A download that began while its link was good may still be under way, and a job's link is younger than its picture.
_MARGIN_S = 600
_DRAFTS = timedelta(days=2)

_log = structlog.get_logger("koutu.server")


class Kept(Protocol):
    """Files that are kept for a time."""

    async def sweep(self) -> None:
        """Delete those whose time is over."""


class Sweeper:
    """Sweeps in the background for as long as the server runs.

    Args:
        settings: sweep_s counts.
        objects: where results are.
        kept: uploads and other files with a time of their own.
        jobs: whose old states are dropped.
    """

    def __init__(self, settings: Settings, objects: Objects, kept: Sequence[Kept], jobs: Jobs) -> None:
        self._settings = settings
        self._objects = objects
        self._kept = kept
        self._jobs = jobs

    async def run(self) -> None:
        """Sweep now and then, for ever; a sweep that fails is logged and the next one tries again."""
        while True:
            try:
                await self.sweep(datetime.now(UTC))
            except Exception as error:
                _log.error("sweep failed", exc_info=error)
            await asyncio.sleep(self._settings.sweep_s)

    async def sweep(self, now: datetime) -> None:
        """Delete what is past its time at `now`."""
        before = now - timedelta(seconds=RESULT_LINK_SECONDS + _MARGIN_S)
        await self._objects.delete([meta.key async for meta in self._objects.list(RESULTS) if meta.modified < before])
        for kept in self._kept:
            await kept.sweep()
        await self._objects.tidy(now - _DRAFTS)
        await self._jobs.forget()
