"""Payments, refunds and voids."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from tests.server.accounts.billing.conftest import Shop

from koutu.errors import InvalidParameter


def test_a_payment_is_on_the_balance_at_once(shop: Shop) -> None:
    payment = shop.office.payments.record("anna", Decimal("12.50"), reference="T1", note="transfer")
    assert (payment.amount, payment.returned, payment.reference, payment.note) == (Decimal("12.5"), 0, "T1", "transfer")
    assert shop.balance("anna") == Decimal("12.5")
    assert shop.office.payments.all("bert") == []
    assert shop.office.payments.all() == [payment]


def test_a_reference_is_taken_once_for_an_account_unless_it_was_voided(shop: Shop) -> None:
    payments = shop.office.payments
    first = payments.record("anna", Decimal(5), reference="T1")
    with pytest.raises(InvalidParameter, match=f"as payment {first.id}"):
        payments.record("anna", Decimal(5), reference="T1")
    payments.record("bert", Decimal(5), reference="T1")
    payments.void(first.id)
    payments.record("anna", Decimal(7), reference="T1")
    assert shop.balance("anna") == 7


def test_refunds_go_up_to_what_was_paid(shop: Shop) -> None:
    payments = shop.office.payments
    payment = payments.record("anna", Decimal(10))
    assert payments.refund(payment.id, Decimal("2.5")).returned == Decimal("2.5")
    for wrong in ("7.51", "0", "-1"):
        with pytest.raises(InvalidParameter):
            payments.refund(payment.id, Decimal(wrong))
    assert payments.refund(payment.id).returned == 10
    with pytest.raises(InvalidParameter, match="0 can be taken back"):
        payments.void(payment.id)
    assert shop.balance("anna") == 0


def test_a_voided_payment_may_bring_the_arrears_back(shop: Shop) -> None:
    payment = shop.office.payments.record("anna", Decimal(1))
    shop.call("anna", "SegmentHDBody")
    assert shop.office.payments.balance("anna").arrears_since is None
    shop.clock.move(hours=1)
    shop.office.payments.void(payment.id, note="bounced")
    assert shop.office.payments.balance("anna").arrears_since == shop.clock()


def test_what_is_no_payment(shop: Shop) -> None:
    for paid in ("0", "-1", "NaN", "1e30", "0.0000001"):
        with pytest.raises(InvalidParameter):
            shop.office.payments.record("anna", Decimal(paid))
    assert shop.balance("anna") == 0


def test_texts_are_kept_whole_or_refused(shop: Shop) -> None:
    for reference, note in (("x" * 101, ""), ("", "x" * 201), ("a\0b", ""), ("", "two\nlines")):
        with pytest.raises(InvalidParameter, match="all of them printable"):
            shop.office.payments.record("anna", Decimal(1), reference=reference, note=note)
    assert shop.office.payments.all() == []


def test_money_needs_a_currency(new_shop: Callable[[str | None], Shop]) -> None:
    with pytest.raises(InvalidParameter, match="adopt one first"):
        new_shop(None).office.payments.record("anna", Decimal(1))
