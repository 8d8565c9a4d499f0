"""The charging rules alone."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koutu.errors import InvalidParameter
from koutu.server.accounts.billing.book import Tier, documented_text, parse_book
from koutu.server.accounts.billing.rules import Draw, Stock, draw, price_of_call, price_of_calls, price_of_qps

BOOK = parse_book(documented_text())
HEAD = BOOK.pay_as_you_go["SegmentHead"]
START = datetime(2026, 1, 1, tzinfo=UTC)


def stock(number: int, left: str, *, expires: int = 10, starts: int = 0, general: bool = False) -> Stock:
    return Stock(number, general, Decimal(left), START + timedelta(days=starts), START + timedelta(days=expires))


@pytest.mark.parametrize(
    ("number", "price"),
    [(1, "0.006"), (10_000, "0.006"), (10_001, "0.005"), (5_000_000, "0.005"), (5_000_001, "0.004")],
)
def test_a_tier_holds_up_to_its_border_and_with_it(number: int, price: str) -> None:
    assert price_of_call(HEAD, number) == Decimal(price)


def test_the_months_calls_by_hand() -> None:
    assert price_of_calls(HEAD, 12_000) == Decimal("70")
    assert price_of_calls(HEAD, 6_000_000) == Decimal("29010")


@st.composite
def tiers(strategy: st.DrawFn) -> tuple[Tier, ...]:
    ends: list[int | None] = [*sorted(strategy(st.sets(st.integers(1, 40), max_size=4))), None]
    prices = strategy(st.lists(st.decimals(0, 9, places=4), min_size=len(ends), max_size=len(ends)))
    return tuple(Tier(end, price) for end, price in zip(ends, prices, strict=True))


@given(tiers(), st.integers(0, 60))
def test_the_price_of_many_is_the_sum_of_each(steps: tuple[Tier, ...], calls: int) -> None:
    assert price_of_calls(steps, calls) == sum(price_of_call(steps, number) for number in range(1, calls + 1))


def test_the_earliest_expiry_is_drawn_first_and_general_packages_last() -> None:
    stocks = [stock(1, "9", expires=9), stock(2, "9", expires=5), stock(3, "9", expires=1, general=True)]
    assert draw(stocks, Decimal(3), START) == (Draw(2, Decimal(3)),)
    assert draw(stocks, Decimal(20), START) == (Draw(2, Decimal(9)), Draw(1, Decimal(9)), Draw(3, Decimal(2)))


def test_a_rest_that_is_too_small_stays() -> None:
    assert draw([stock(1, "0.5")], Decimal("3.5"), START) == ()
    assert draw([stock(1, "0.5"), stock(2, "10", expires=20)], Decimal("3.5"), START) == (
        Draw(1, Decimal("0.5")),
        Draw(2, Decimal(3)),
    )


def test_a_package_is_good_from_its_start_until_just_before_its_expiry() -> None:
    package = stock(1, "10", starts=1, expires=2)
    moments = (timedelta(days=1, microseconds=-1), timedelta(days=1), timedelta(days=2, microseconds=-1), timedelta(days=2))
    assert [bool(draw([package], Decimal(1), START + moment)) for moment in moments] == [False, True, True, False]


@given(
    st.lists(
        st.builds(
            Stock,
            st.integers(1, 99),
            st.booleans(),
            st.decimals(0, 20, places=1),
            st.integers(-3, 3).map(lambda day: START + timedelta(days=day)),
            st.integers(-2, 5).map(lambda day: START + timedelta(days=day)),
        ),
        unique_by=lambda package: package.package_id,
        max_size=6,
    ),
    st.decimals("0.5", 30, places=1),
)
def test_a_draw_is_whole_or_nothing_and_in_order(stocks: list[Stock], points: Decimal) -> None:
    draws = draw(stocks, points, START)
    by_id = {package.package_id: package for package in stocks}
    good = [package for package in stocks if package.starts <= START < package.expires]
    held = sum(package.left for package in good)
    assert sum(part.points for part in draws) == (points if held >= points else 0)
    drawn = [by_id[part.package_id] for part in draws]
    assert all(package in good for package in drawn)
    assert all(part.points <= by_id[part.package_id].left for part in draws)
    for earlier, later in pairwise(drawn):
        assert (earlier.general, earlier.expires) <= (later.general, later.expires)
    if draws:
        # Whatever comes before the last package that was drawn from has been emptied.
        last = drawn[-1]
        for package in good:
            if (package.general, package.expires) < (last.general, last.expires) and package.left:
                assert Draw(package.package_id, package.left) in draws


def test_prepaid_qps_by_hand() -> None:
    body = BOOK.prepaid_qps["SegmentBody"]
    assert price_of_qps(body, 2, months=1) == 0
    assert price_of_qps(body, 5, days=3) == 3 * 50 * 3
    assert price_of_qps(body, 20, months=2) == 2 * (8 * 500 + 10 * 400)
    assert price_of_qps(BOOK.prepaid_qps["SegmentHead"], 100, months=1, days=1) == 10 * 1650 + 40 * 1485 + 50 * 1320
    for qps in (0, 101):
        with pytest.raises(InvalidParameter, match="from 1 to 100"):
            price_of_qps(body, qps, days=1)
