"""The ledger."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

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
