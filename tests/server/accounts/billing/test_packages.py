"""Packages: what they cost, who may buy them, what becomes of voided ones."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.server.accounts.billing.conftest import Shop

from koutu.errors import InvalidParameter
from koutu.server.accounts.billing.invoice import invoice
from koutu.server.accounts.billing.packages import PackageState

SMALL = Decimal(10_000)


def test_the_first_small_package_of_an_account_is_on_offer(shop: Shop) -> None:
    office = shop.office
    office.payments.record("anna", Decimal("20.01"))
    first = office.packages.buy("anna", "SegmentHead", SMALL)
    second = office.packages.buy("anna", "SegmentFood", SMALL)
    assert (first.price, first.first_offer) == (Decimal("0.01"), True)
    assert (second.price, second.first_offer) == (20, False)
    assert first.expires_at - first.starts_at == timedelta(days=365)
    assert shop.balance("anna") == 0
    assert office.packages.buy("bert", "SegmentHead", SMALL, on_credit=True).price == Decimal("0.01")


def test_a_package_needs_money_or_credit(shop: Shop) -> None:
    with pytest.raises(InvalidParameter, match="record a payment first"):
        shop.office.packages.buy("anna", "SegmentHead", Decimal(50_000))
    assert shop.office.packages.all() == []
    assert shop.office.packages.buy("anna", "SegmentHead", Decimal(50_000), on_credit=True).price == 95
    assert shop.balance("anna") == -95
    assert shop.office.packages.buy("bert", "SegmentHead", Decimal(123), price=Decimal(0)).points == 123
    shop.office.payments.allow_credit("bert", Decimal(95))
    assert shop.office.packages.buy("bert", "SegmentHead", Decimal(50_000)).price == 95


def test_plans_are_on_the_balance_and_on_the_invoice(shop: Shop) -> None:
    office = shop.office
    with pytest.raises(InvalidParameter, match="record a payment first"):
        office.plans.buy("anna", "SegmentBody", 5)
    assert office.plans.all() == []
    office.payments.record("anna", Decimal(2000))
    office.plans.buy("anna", "SegmentBody", 5)
    office.plans.upgrade_for("anna", "SegmentBody", 8, days=2)
    assert shop.balance("anna") == 2000 - 3 * 500 - 2 * 3 * 50
    lines = invoice(office.database, "anna", "2026-03", shop.clock).purchases
    assert [(line.kind, line.amount) for line in lines] == [("plan", 1500), ("plan", 300)]
    assert lines[0].item.startswith("purchase: 5 QPS of SegmentBody, 2026-03-01T04:00:00Z to 2026-04-01")


def test_what_is_not_sold(shop: Shop) -> None:
    for account, action, points, message in (
        ("nobody", "SegmentHead", 10_000, "no account"),
        ("anna", "SegmentBody", 10_000, "not for 'SegmentBody'"),
        ("anna", None, 10_000, "no general packages"),
        ("anna", "SegmentHead", 10_001, "no package of 10001 points; it has 10000, 50000"),
        ("anna", "SegmentHead", 0, "above 0"),
        ("anna", "SegmentHead", -1, "not be below 0"),
    ):
        with pytest.raises(InvalidParameter, match=message):
            shop.office.packages.buy(account, action, Decimal(points), on_credit=True)
    assert shop.office.packages.all() == []


def test_a_voided_package_gives_back_what_is_left(shop: Shop) -> None:
    office = shop.office
    office.payments.record("anna", Decimal(95))
    package = office.packages.buy("anna", "SegmentHead", Decimal(50_000))
    shop.call("anna", "SegmentHead", 5)
    voided = office.packages.void(package.id)
    assert voided.state is PackageState.VOIDED
    # 15 of 50,000 points are gone: 95 x 49985 / 50000 = 94.9715.
    assert shop.balance("anna") == Decimal("94.97")
    shop.call("anna", "SegmentHead")
    assert shop.balance("anna") == Decimal("94.964")
    with pytest.raises(InvalidParameter, match="voided already"):
        office.packages.void(package.id)
    with pytest.raises(InvalidParameter, match="does not exist"):
        office.packages.void(99)


def test_a_refund_may_be_named_up_to_the_price(shop: Shop) -> None:
    package = shop.office.packages.buy("anna", "SegmentHead", Decimal(50_000), on_credit=True)
    with pytest.raises(InvalidParameter, match="exceeds"):
        shop.office.packages.void(package.id, refund=Decimal("95.01"))
    shop.office.packages.void(package.id, refund=Decimal(0))
    assert shop.balance("anna") == -95


def test_an_offer_comes_back_with_an_untouched_package_only(shop: Shop) -> None:
    packages = shop.office.packages
    untouched = packages.buy("anna", "SegmentHead", SMALL, on_credit=True)
    packages.void(untouched.id)
    used = packages.buy("anna", "SegmentHead", SMALL, on_credit=True)
    assert used.price == Decimal("0.01")
    shop.call("anna", "SegmentHead")
    packages.void(used.id)
    assert packages.buy("anna", "SegmentHead", SMALL, on_credit=True).price == 20
