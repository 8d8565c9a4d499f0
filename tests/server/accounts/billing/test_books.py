"""Price books that take effect at a date."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from tests.server.accounts.billing.conftest import Shop

from koutu.errors import InvalidParameter
from koutu.server.accounts.billing.usage import usage


def book(price: str, currency: str = "CNY", name: str = "x") -> str:
    return (
        f'name="{name}"\ncurrency="{currency}"\ntime_zone="Asia/Shanghai"\n[pay_as_you_go]\nSegmentHead=[{{price="{price}"}}]'
    )


def test_a_book_takes_effect_at_its_moment(shop: Shop) -> None:
    office = shop.office
    later = office.prices.adopt(book("1", name="dear"), shop.clock() + timedelta(days=2))
    assert [(info.name, info.in_force) for info in office.prices.all()] == [("documented", True), ("dear", False)]
    shop.call("anna", "SegmentHead")
    shop.clock.move(days=2)
    shop.call("anna", "SegmentHead")
    # A call from before that is metered late is charged by the book of its own moment.
    shop.call("anna", "SegmentHead", at=shop.clock() - timedelta(seconds=1))
    assert usage(office.database)[0].amount == Decimal("1.012")
    assert office.prices.current().name == "dear"
    assert office.prices.text(later.id) == book("1", name="dear")


def test_a_book_can_be_withdrawn_before_its_moment_alone(shop: Shop) -> None:
    prices = shop.office.prices
    later = prices.adopt(book("1"), shop.clock() + timedelta(days=2))
    assert prices.withdraw(later.id).withdrawn_at == shop.clock()
    shop.clock.move(days=3)
    assert prices.current().name == "documented"
    for number, message in ((later.id, "withdrawn already"), (1, "counts already"), (99, "no price book 99")):
        with pytest.raises(InvalidParameter, match=message):
            prices.withdraw(number)


def test_a_book_does_not_start_in_the_past(shop: Shop) -> None:
    with pytest.raises(InvalidParameter, match="now or later"):
        shop.office.prices.adopt(book("1"), shop.clock() - timedelta(seconds=1))
    with pytest.raises(InvalidParameter, match="time zone"):
        shop.office.prices.adopt(book("1"), datetime(2030, 1, 1))


def test_money_keeps_its_currency(shop: Shop) -> None:
    prices = shop.office.prices
    with pytest.raises(InvalidParameter, match="kept in CNY"):
        prices.adopt(book("1", "EUR"), shop.clock() + timedelta(days=1))
    prices.adopt(book("1", "EUR"))
    shop.call("anna", "SegmentHead")
    with pytest.raises(InvalidParameter, match="kept in EUR"):
        prices.adopt(book("1", "CNY"))
    prices.adopt(book("2", "EUR"))
