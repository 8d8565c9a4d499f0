"""An office whose clock the test moves, with the documented price list in force, and calls that are metered in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest

from koutu.server.accounts.backoffice import Backoffice, open_backoffice
from koutu.server.accounts.billing.book import documented_text
from koutu.server.accounts.entry import Entry
from koutu.settings import Settings

START = datetime(2026, 3, 1, 4, tzinfo=UTC)


@dataclass
class Shop:
    """A back office with its clock."""

    office: Backoffice
    clock: "MovedClock"
    numbers: Iterator[int] = field(default_factory=count)

    def call(self, account: str, action: str, times: int = 1, *, at: datetime | None = None) -> list[str]:
        """Meter successful calls; gives their request ids."""
        owner = self.office.accounts.get(account).id
        ids = [f"R{next(self.numbers)}" for _ in range(times)]
        for request_id in ids:
            self.office.ledger.record(Entry(request_id, owner, "key", action, at or self.clock(), 1.5, 100))
        return ids

    def balance(self, account: str) -> Decimal:
        return self.office.payments.balance(account).balance


class MovedClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: int) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def new_shop(settings: Settings) -> Iterator[Callable[[str | None], Shop]]:
    """Opens an office with a price book, or with none."""
    opened = []

    def make(book: str | None) -> Shop:
        clock = MovedClock()
        context = open_backoffice(settings, clock)
        office = context.__enter__()
        opened.append(context)
        if book is not None:
            office.prices.adopt(book)
        for name in ("anna", "bert"):
            office.accounts.create(name)
        return Shop(office, clock)

    yield make
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture
def shop(new_shop: Callable[[str | None], Shop]) -> Shop:
    return new_shop(documented_text())
