"""Calls that are charged in the transaction that meters them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from tests.server.accounts.billing.conftest import Shop

from koutu.errors import NotPurchased
from koutu.server.accounts.billing.charging import refuse_arrears
from koutu.server.accounts.billing.packages import PackageState
from koutu.server.accounts.billing.tables import Charge, PackageDraw
from koutu.server.accounts.billing.usage import usage
from koutu.server.accounts.entry import Entry

POINTS = Decimal(10_000)


def spent(shop: Shop, account: str = "anna") -> list[tuple[str, int, int, int, int, str]]:
    return [
        (row.action, row.free, row.prepaid_qps, row.package, row.pay_as_you_go, f"{row.amount:f}")
        for row in usage(shop.office.database, account=account)
    ]


def test_free_actions_cost_nothing_and_billed_ones_their_price(shop: Shop) -> None:
    shop.call("anna", "SegmentBody", 3)
    shop.call("anna", "SegmentHDBody", 2)
    assert spent(shop) == [("SegmentBody", 3, 0, 0, 0, "0"), ("SegmentHDBody", 0, 0, 0, 2, "0.014")]
    assert shop.balance("anna") == Decimal("-0.014")
    assert shop.balance("bert") == 0


def test_without_a_price_book_everything_is_free(new_shop: Callable[[str | None], Shop]) -> None:
    shop = new_shop(None)
    shop.call("anna", "SegmentHDBody", 2)
    assert spent(shop) == [("SegmentHDBody", 2, 0, 0, 0, "0")]


def test_a_repeated_record_is_charged_once(shop: Shop) -> None:
    entry = Entry("R", shop.office.accounts.get("anna").id, "key", "SegmentHead", shop.clock(), 1.0, 1)
    for _ in range(3):
        shop.office.ledger.record(entry)
    assert spent(shop) == [("SegmentHead", 0, 0, 0, 1, "0.006")]


def test_prepaid_qps_comes_before_packages(shop: Shop) -> None:
    shop.office.payments.record("anna", Decimal(5000))
    shop.office.packages.buy("anna", "SegmentHDBody", POINTS)
    shop.office.plans.buy("anna", "SegmentHDBody", 2, count=1)
    shop.call("anna", "SegmentHDBody", 2)
    shop.clock.move(days=40)
    shop.call("anna", "SegmentHDBody")
    assert spent(shop) == [("SegmentHDBody", 0, 2, 0, 0, "0"), ("SegmentHDBody", 0, 0, 1, 0, "0")]


def test_packages_are_drawn_by_expiry_and_then_calls_are_paid(shop: Shop) -> None:
    shop.office.payments.record("anna", Decimal(100))
    first = shop.office.packages.buy("anna", "SegmentHDBody", Decimal(9), price=Decimal(1))
    shop.clock.move(days=1)
    second = shop.office.packages.buy("anna", "SegmentHDBody", Decimal(8), price=Decimal(1))
    shop.office.packages.buy("anna", "SegmentFood", Decimal(1000), price=Decimal(1))
    shop.call("anna", "SegmentHDBody", 5)
    left = {package.id: package.left for package in shop.office.packages.all("anna")}
    # Four calls of 3.5 points take 14 of the 17; the rest of 3 is too small for another.
    assert (left[first.id], left[second.id]) == (0, 3)
    assert spent(shop) == [("SegmentHDBody", 0, 0, 4, 1, "0.007")]


def test_an_expired_package_is_not_drawn(shop: Shop) -> None:
    shop.office.packages.buy("anna", "SegmentHead", Decimal(30), price=Decimal(0))
    shop.clock.move(days=365, microseconds=-1)
    shop.call("anna", "SegmentHead")
    shop.clock.move(microseconds=1)
    shop.call("anna", "SegmentHead")
    assert [row[2:] for row in spent(shop)] == [(0, 1, 1, "0.006")]
    assert shop.office.packages.all("anna")[0].state is PackageState.EXPIRED


def test_a_general_package_comes_last(new_shop: Callable[[str | None], Shop]) -> None:
    shop = new_shop(
        'name="x"\ncurrency="EUR"\n[pay_as_you_go]\nSegmentSky=[{price="1"}]\nSegmentFood=[{price="1"}]\n[packages]\ngeneral=true\n'
        'offers=[{points=3,price="2"}]\n[packages.points_per_call]\nSegmentSky="1"\nSegmentFood="2"'
    )
    general = shop.office.packages.buy("anna", None, Decimal(3), on_credit=True)
    own = shop.office.packages.buy("anna", "SegmentSky", Decimal(3), on_credit=True)
    shop.call("anna", "SegmentSky", 3)
    assert (shop.office.packages.get(own.id).left, shop.office.packages.get(general.id).left) == (0, 3)
    shop.call("anna", "SegmentFood")
    shop.call("anna", "SegmentSky")
    assert shop.office.packages.get(general.id).left == 0
    shop.call("anna", "SegmentSky")
    assert shop.balance("anna") == -5


def test_tiers_start_anew_with_the_month_of_the_books_time_zone(new_shop: Callable[[str | None], Shop]) -> None:
    shop = new_shop(
        'name="x"\ncurrency="CNY"\ntime_zone="Asia/Shanghai"\n[pay_as_you_go]\nSegmentHead=[{up_to=2,price="3"},{price="1"}]'
    )
    end = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)
    shop.call("anna", "SegmentHead", 3, at=end)
    shop.call("anna", "SegmentHead", 1, at=end + timedelta(minutes=1))
    assert [(row.month, row.amount) for row in usage(shop.office.database)] == [("2026-03", 7), ("2026-04", 3)]


def test_a_package_warns_once_when_a_fifth_is_left(shop: Shop) -> None:
    package = shop.office.packages.buy("anna", "SegmentHead", Decimal(15), price=Decimal(0))
    states = []
    for _ in range(5):
        shop.call("anna", "SegmentHead")
        states.append(shop.office.packages.get(package.id).state.value)
    assert states == ["good", "good", "good", "low", "used_up"]


def test_a_day_of_arrears_freezes_billed_actions_until_they_are_settled(shop: Shop) -> None:
    office = shop.office
    owner = office.accounts.get("anna").id

    def frozen(action: str) -> bool:
        with office.database.read() as connection:
            try:
                refuse_arrears(connection, owner, action, shop.clock())
            except NotPurchased:
                return True
        return False

    shop.call("anna", "SegmentHDBody", 2)
    shop.clock.move(hours=24, microseconds=-1)
    shop.call("anna", "SegmentHDBody")
    assert not frozen("SegmentHDBody")
    shop.clock.move(microseconds=1)
    assert frozen("SegmentHDBody")
    assert frozen("SegmentFood")
    with office.database.read() as connection, pytest.raises(NotPurchased, match="in arrears for more than 24 hours"):
        refuse_arrears(connection, owner, "SegmentHDBody", shop.clock())
    assert not frozen("SegmentBody")
    standing = office.payments.balance("anna")
    assert (standing.balance, standing.frozen) == (Decimal("-0.021"), True)
    office.payments.record("anna", Decimal("0.02"))
    assert frozen("SegmentHDBody")
    office.payments.record("anna", Decimal("0.001"))
    assert not frozen("SegmentHDBody")
    assert office.payments.balance("anna").arrears_since is None


def test_credit_holds_arrears_off(shop: Shop) -> None:
    shop.office.payments.allow_credit("anna", Decimal("0.014"))
    shop.call("anna", "SegmentHDBody", 2)
    assert shop.office.payments.balance("anna").arrears_since is None
    shop.call("anna", "SegmentHDBody")
    assert shop.office.payments.balance("anna").arrears_since == shop.clock()
    shop.office.payments.allow_credit("anna", Decimal(1))
    assert shop.office.payments.balance("anna").arrears_since is None


def test_many_at_once_draw_no_point_twice_and_share_no_place_in_the_tiers(new_shop: Callable[[str | None], Shop]) -> None:
    shop = new_shop(
        'name="x"\ncurrency="EUR"\n[pay_as_you_go]\nSegmentHead=[{up_to=10,price="3"},{price="1"}]\n'
        '[packages.points_per_call]\nSegmentHead="3"'
    )
    packages = [shop.office.packages.buy("anna", "SegmentHead", Decimal(20), price=Decimal(0)) for _ in range(2)]
    owner = shop.office.accounts.get("anna").id
    entries = [Entry(f"R{n % 60}", owner, "key", "SegmentHead", shop.clock(), 1.0, 1) for n in range(120)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(shop.office.ledger.record, entries))
    # 40 points pay for 13 calls; of the other 47 the first 10 cost 3.
    assert spent(shop) == [("SegmentHead", 0, 0, 13, 47, "67")]
    assert shop.balance("anna") == -67
    assert sum(shop.office.packages.get(package.id).left for package in packages) == 1
    with shop.office.database.read() as connection:
        assert connection.scalar(select(func.sum(PackageDraw.points))) == 39
        assert connection.scalar(select(func.count()).select_from(Charge)) == 60


@pytest.mark.parametrize("price", ["0.000001", "12345.678901"])
def test_sums_are_exact(new_shop: Callable[[str | None], Shop], price: str) -> None:
    shop = new_shop(f'name="x"\ncurrency="EUR"\n[pay_as_you_go]\nSegmentHead=[{{price="{price}"}}]')
    shop.call("anna", "SegmentHead", 7)
    assert shop.balance("anna") == -7 * Decimal(price)
    assert usage(shop.office.database)[0].amount == 7 * Decimal(price)
