"""How many calls per second an account has, by KOUTU_QUOTAS."""

from datetime import UTC, datetime, timedelta

import pytest

from koutu.errors import InvalidParameter
from koutu.server.accounts.accounts import Accounts
from koutu.server.accounts.database import Database
from koutu.server.accounts.limits import LimitInfo, Limits, Mode
from koutu.server.accounts.plans import Plans
from koutu.server.accounts.quota import quotas_of

_NOW = datetime(2027, 1, 1, tzinfo=UTC)


def _limit(database: Database, mode: Mode, action: str, at: datetime = _NOW) -> int | None:
    return next(info.limit for info in quotas_of(database, mode, "shop", at) if info.action == action)


def test_off_counts_nothing_and_documented_is_two_or_what_was_bought(database: Database) -> None:
    Accounts(database).create("shop")
    plan = Plans(database, clock=lambda: _NOW).buy("shop", "SegmentBody", 20)
    assert _limit(database, "off", "SegmentBody") is None
    assert _limit(database, "documented", "SegmentBody") == 20
    assert _limit(database, "documented", "SegmentFood") == 2
    assert _limit(database, "documented", "SegmentBody", plan.ends_at) == 2
    assert _limit(database, "documented", "SegmentBody", plan.ends_at - timedelta(microseconds=1)) == 20


def test_the_most_exact_of_the_operators_limits_counts(database: Database) -> None:
    Accounts(database).create("shop")
    limits = Limits(database)

    def now() -> list[int | None]:
        return [_limit(database, "custom", action) for action in ("SegmentBody", "SegmentFood")]

    assert now() == [None, None]
    limits.set(9)
    assert now() == [9, 9]
    limits.set(7, action="SegmentBody")
    assert now() == [7, 9]
    limits.set(5, account="shop")
    assert now() == [5, 5]
    limits.set(0, account="shop", action="SegmentFood")
    assert now() == [5, 0]
    limits.set(3, account="shop", action="SegmentFood")
    assert now() == [5, 3]
    limits.clear(account="shop")
    assert now() == [7, 3]
    assert LimitInfo("*", "*", 9) in limits.all()


def test_what_does_not_exist_is_refused(database: Database) -> None:
    limits = Limits(database)
    for arguments in ((1, "nobody"), (1, "*", "SegmentNothing"), (-1,), (10**9,)):
        with pytest.raises(InvalidParameter):
            limits.set(*arguments)
    with pytest.raises(InvalidParameter):
        limits.clear()
