"""Writes a successful call into the ledger."""

from datetime import UTC, datetime

import anyio.to_thread

from koutu.server.accounts.ledger import Entry, Ledger


class Metering:
    """One ledger entry per successful call."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def record(
        self, request_id: str, *, account_id: int, access_key_id: str, action: str, seconds: float, pixels: int
    ) -> None:
        """Note a call that took `seconds`; a second note of the same request id changes nothing."""
        entry = Entry(
            request_id=request_id,
            account_id=account_id,
            access_key_id=access_key_id,
            action=action,
            at=datetime.now(UTC),
            latency_ms=round(seconds * 1000, 3),
            pixels=pixels,
        )
        await anyio.to_thread.run_sync(self._ledger.record, entry)
