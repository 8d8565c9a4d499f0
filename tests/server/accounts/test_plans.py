"""Prepaid calls per second: bought, renewed, upgraded, upgraded for a while, run out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from koutu.errors import InvalidParameter
from koutu.server.accounts.accounts import Accounts
from koutu.server.accounts.database import Database
from koutu.server.accounts.plans import Period, Plans, covers, qps_at

_START = datetime(2027, 1, 31, 12, tzinfo=UTC)
_DAY = timedelta(days=1)


class _Shop:
    def __init__(self, database: Database) -> None:
        self.now = _START
        self.database = database
        self.plans = Plans(database, clock=lambda: self.now)
        self.owner = Accounts(database).create("shop").id

    def qps(self, at: datetime, action: str = "SegmentBody") -> int | None:
        with self.database.read() as connection:
            assert covers(connection, self.owner, action, at) == (qps_at(connection, self.owner, action, at) is not None)
            return qps_at(connection, self.owner, action, at)


@pytest.fixture
def shop(database: Database) -> _Shop:
    return _Shop(database)


def test_a_month_ends_on_the_months_last_day_and_then_nothing_is_covered(shop: _Shop) -> None:
    plan = shop.plans.buy("shop", "SegmentBody", 20)
    assert plan.ends_at == datetime(2027, 2, 28, 12, tzinfo=UTC)
    # 2 free, 8 at 500 and 10 at 400 a month.
    assert plan.price == Decimal(8000)
    assert [shop.qps(moment) for moment in (_START - _DAY, _START, plan.ends_at)] == [None, 20, None]
    assert shop.qps(_START, "SegmentHead") is None


def test_a_renewal_goes_on_where_the_plan_ends(shop: _Shop) -> None:
    plan = shop.plans.buy("shop", "SegmentHead", 10, 3, Period.DAY)
    shop.now += _DAY
    renewal = shop.plans.renew("shop", "SegmentHead", 2, Period.DAY)
    assert (plan.price, renewal.price) == (Decimal(4500), Decimal(3000))
    assert (renewal.starts_at, renewal.ends_at, renewal.qps) == (plan.ends_at, plan.ends_at + 2 * _DAY, 10)


def test_an_upgrade_costs_the_difference_of_the_days_that_are_left(shop: _Shop) -> None:
    plan = shop.plans.buy("shop", "SegmentBody", 4, 10, Period.DAY)
    shop.now += timedelta(days=7, hours=1)
    upgrade = shop.plans.upgrade("shop", "SegmentBody", 12)
    # Three begun days, 6 QPS more at 50 and 2 at 40.
    assert upgrade.price == Decimal(3 * (6 * 50 + 2 * 40))
    assert upgrade.ends_at == plan.ends_at
    assert shop.qps(shop.now) == 12
    assert shop.plans.renew("shop", "SegmentBody").qps == 12


def test_a_temporary_upgrade_ends_and_a_renewal_does_not_go_by_it(shop: _Shop) -> None:
    shop.plans.buy("shop", "SegmentBody", 4, 10, Period.DAY)
    upgrade = shop.plans.upgrade_for("shop", "SegmentBody", 50, 2, _START + _DAY)
    assert upgrade.price == Decimal(2 * (6 * 50 + 40 * 40))
    assert [shop.qps(_START + days * _DAY) for days in range(5)] == [4, 50, 50, 4, 4]
    assert shop.plans.renew("shop", "SegmentBody").qps == 4


@pytest.mark.parametrize(
    "act",
    [
        lambda plans: plans.upgrade("shop", "SegmentBody", 9),
        lambda plans: plans.upgrade("shop", "SegmentBody", 10),
        lambda plans: plans.upgrade("shop", "SegmentBody", 101),
        lambda plans: plans.upgrade_for("shop", "SegmentBody", 5, 1),
        lambda plans: plans.upgrade_for("shop", "SegmentBody", 50, 99),
        lambda plans: plans.buy("shop", "SegmentBody", 20),
        lambda plans: plans.buy("shop", "SegmentFood", 20),
        lambda plans: plans.buy("shop", "SegmentCommodity", 2),
        lambda plans: plans.buy("shop", "SegmentCommodity", 0),
        lambda plans: plans.buy("shop", "SegmentCommodity", 20, 0),
        lambda plans: plans.buy("nobody", "SegmentCommodity", 20),
        lambda plans: plans.renew("shop", "SegmentCommodity"),
        lambda plans: plans.upgrade("shop", "SegmentCommodity", 20),
    ],
)
def test_what_is_not_sold_is_refused_and_nothing_is_written(shop: _Shop, act: Callable[[Plans], object]) -> None:
    before = shop.plans.buy("shop", "SegmentBody", 10)
    with pytest.raises(InvalidParameter):
        act(shop.plans)
    assert shop.plans.all("shop") == [before]
