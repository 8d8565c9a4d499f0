"""Writes a successful call into the ledger."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import anyio.to_thread

from koutu.server.accounts.entry import Entry
from koutu.server.accounts.ledger import Ledger
from koutu.server.clock import Clock, utc_now


class Metering:
    """One ledger entry per successful call."""

    def __init__(self, ledger: Ledger, clock: Clock = utc_now) -> None:
        self._ledger = ledger
        self._clock = clock

    async def record(
        self,
        request_id: str,
        *,
        account_id: int,
        access_key_id: str,
        action: str,
        seconds: float,
        pixels: int,
        outcome: Mapping[str, Any] | None = None,
    ) -> None:
        """Note a call that took `seconds`, and what a job came to; a second note of the same request id changes nothing."""
        entry = Entry(
            request_id=request_id,
            account_id=account_id,
            access_key_id=access_key_id,
            action=action,
            at=self._clock(),
            latency_ms=round(seconds * 1000, 3),
            pixels=pixels,
        )
        await anyio.to_thread.run_sync(self._ledger.record, entry, outcome)

    async def outcome(self, request_id: str) -> dict[str, Any] | None:
        """What a metered job came to."""
        return await anyio.to_thread.run_sync(self._ledger.outcome, request_id)

    def forget_outcomes(self, before: datetime) -> None:
        """Drop the outcomes of older jobs; blocks."""
        self._ledger.forget_outcomes(before)
