"""The ledger."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from koutu.server.accounts.credentials import Credentials
from koutu.server.accounts.entry import Entry
from koutu.server.accounts.keys import Keys
from koutu.server.accounts.ledger import Ledger


@pytest.fixture
def entry(keys: Keys, credentials: Credentials) -> Entry:
    key = keys.create()
    found = credentials.find(key.access_key_id)
    assert found is not None
    return Entry("R1", found.account_id, key.access_key_id, "SegmentBody", datetime.now(UTC), 12.5, 640 * 480)


def test_an_entry_comes_back_as_it_went_in(ledger: Ledger, entry: Entry) -> None:
    ledger.record(entry)
    assert ledger.entries() == [entry]


def test_a_request_is_metered_once(ledger: Ledger, entry: Entry) -> None:
    ledger.record(entry)
    ledger.record(replace(entry, latency_ms=99.0))
    assert ledger.entries() == [entry]


def test_many_at_once_lose_none(ledger: Ledger, entry: Entry) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ledger.record(replace(entry, request_id=f"R{number % 50}")), range(100)))
    assert len(ledger.entries()) == 50


def test_a_line_is_charged_once_and_stands_or_falls_with_its_charge(
    ledger: Ledger, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Entry] = []

    def break_down(connection: Connection, record: Entry) -> None:
        raise RuntimeError("no billing")

    monkeypatch.setattr("koutu.server.accounts.ledger.charge", break_down)
    with pytest.raises(RuntimeError):
        ledger.record(entry, {"pictures": []})
    assert ledger.entries() == []
    assert ledger.outcome("R1") is None
    monkeypatch.setattr("koutu.server.accounts.ledger.charge", lambda connection, record: told.append(record))
    for _ in range(2):
        ledger.record(entry, {"pictures": []})
    assert told == [entry]
    assert ledger.entries() == [entry]
    assert ledger.outcome("R1") == {"pictures": []}


def test_old_outcomes_go_and_their_lines_stay(ledger: Ledger, entry: Entry) -> None:
    ledger.record(entry, {"pictures": []})
    ledger.forget_outcomes(entry.at)
    assert ledger.outcome("R1") is not None
    ledger.forget_outcomes(entry.at + timedelta(seconds=1))
    assert ledger.outcome("R1") is None
    assert ledger.entries() == [entry]
