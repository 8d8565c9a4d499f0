"""The ledger: one line per successful call."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from koutu.server.accounts.database import Database
from koutu.server.accounts.tables import LedgerEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """A successful call: who, what, when, how long it took and how many pixels it had."""

    request_id: str
    account_id: int
    access_key_id: str
    action: str
    at: datetime
    latency_ms: float
    pixels: int


class Ledger:
    """Writes and counts entries. Every method blocks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = (sqlite if database.sqlite else postgresql).insert

    def record(self, entry: Entry) -> None:
        """Write an entry; a second entry with the same request id changes nothing."""
        statement = self._insert(LedgerEntry).on_conflict_do_nothing(index_elements=[LedgerEntry.request_id])
        with self._database.write() as connection:
            connection.execute(
                statement,
                {
                    "request_id": entry.request_id,
                    "account_id": entry.account_id,
                    "access_key_id": entry.access_key_id,
                    "action": entry.action,
                    "at": entry.at,
                    "latency_ms": entry.latency_ms,
                    "pixels": entry.pixels,
                },
            )

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
