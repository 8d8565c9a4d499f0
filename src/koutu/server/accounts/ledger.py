"""The ledger: one line per successful call."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from koutu.server.accounts.billing.charging import charge
from koutu.server.accounts.database import Database
from koutu.server.accounts.entry import Entry
from koutu.server.accounts.tables import JobOutcome, LedgerEntry


class Ledger:
    """Writes and reads entries; each new one is charged in its own transaction. Every method blocks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = (sqlite if database.sqlite else postgresql).insert

    def record(self, entry: Entry, outcome: Mapping[str, Any] | None = None) -> None:
        """Write an entry, what it costs and, of a job, its outcome: all of it or nothing.

        A second entry with the same request id changes nothing and costs nothing.
        """
        line = self._insert(LedgerEntry).on_conflict_do_nothing(index_elements=[LedgerEntry.request_id])
        with self._database.write() as connection:
            if not connection.execute(line.returning(LedgerEntry.id), asdict(entry)).first():
                return
            charge(connection, entry)
            if outcome is not None:
                values = {"request_id": entry.request_id, "outcome": json.dumps(outcome), "at": entry.at}
                connection.execute(self._insert(JobOutcome), values)

    def outcome(self, request_id: str) -> dict[str, Any] | None:
        """What a job came to; None unless its line was written."""
        query = select(JobOutcome.outcome).where(JobOutcome.request_id == request_id)
        with self._database.read() as connection:
            text = connection.scalar(query)
        return None if text is None else dict(json.loads(text))

    def forget_outcomes(self, before: datetime) -> None:
        """Drop the outcomes of jobs that nobody can ask for any more; their lines stay."""
        with self._database.write() as connection:
            connection.execute(delete(JobOutcome).where(JobOutcome.at < before))

    def entries(self) -> list[Entry]:
        """Every entry, oldest first."""
        table = LedgerEntry
        columns = (
            table.request_id,
            table.account_id,
            table.access_key_id,
            table.action,
            table.at,
            table.latency_ms,
            table.pixels,
        )
        with self._database.read() as connection:
            return [Entry(*row) for row in connection.execute(select(*columns).order_by(table.id))]
