"""Usage and invoices: every sum is that of the records."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import count, pairwise
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.server.accounts.billing.conftest import START, Shop

from koutu.errors import InvalidParameter
from koutu.server.accounts.billing.invoice import invoice, invoice_csv
from koutu.server.accounts.billing.usage import usage, usage_csv


def bill(shop: Shop, month: str = "2026-03", account: str = "anna") -> Any:
    return invoice(shop.office.database, account, month, shop.clock)


def test_an_invoice_line_by_line(shop: Shop) -> None:
    office = shop.office
    payment = office.payments.record("anna", Decimal(50))
    package = office.packages.buy("anna", "SegmentFood", Decimal(10_000), note="starter")
    shop.call("anna", "SegmentBody", 2)
    shop.call("anna", "SegmentFood", 4)
    shop.call("anna", "SegmentHead", 3)
    office.payments.refund(payment.id, Decimal(1))
    office.packages.void(package.id, refund=Decimal(0))
    shop.call("bert", "SegmentHead")
    found = bill(shop)
    assert [
        (line.kind, line.item, line.calls, f"{line.points:f}", f"{line.unit_price:f}", f"{line.amount:f}")
        for line in found.lines
    ] == [
        ("free", "SegmentBody", 2, "0", "0", "0"),
        ("package", "SegmentFood", 4, "10", "0", "0"),
        ("pay_as_you_go", "SegmentHead", 3, "0", "0.006", "0.018"),
        ("package", "package 1, SegmentFood, 10000 points", 0, "10000", "0.01", "0.01"),
        ("package_refund", "package 1, SegmentFood, 10000 points", 0, "0", "0", "0"),
    ]
    assert (found.total, found.payable, found.opening, found.paid) == (Decimal("0.028"), Decimal("0.03"), 0, 49)
    assert found.closing == shop.balance("anna") == Decimal("48.972")
    assert bill(shop, "2026-04").opening == found.closing
    rows = list(csv.DictReader(io.StringIO(invoice_csv(found))))
    assert [row["amount"] for row in rows] == ["0", "0", "0.018", "0.01", "0", "0.028"]
    assert rows[-1]["kind"] == "total"
    assert rows[3]["note"] == "starter"


def test_usage_as_csv_is_safe_to_open_in_a_spreadsheet(shop: Shop) -> None:
    shop.office.accounts.create("=1+1")
    shop.call("=1+1", "SegmentHead")
    rows = list(csv.DictReader(io.StringIO(usage_csv(usage(shop.office.database)))))
    assert (rows[0]["account"], rows[0]["calls"], rows[0]["amount"], rows[0]["pixels"]) == ("'=1+1", "1", "0.006", "100")


def test_what_is_no_month(shop: Shop) -> None:
    for month in ("2026-13", "2026-3", "March", "2026-03-01"):
        with pytest.raises(InvalidParameter, match="written like"):
            bill(shop, month)
        with pytest.raises(InvalidParameter, match="written like"):
            usage(shop.office.database, month=month)


BOOK = """
name = "steep"
currency = "CNY"
[pay_as_you_go]
SegmentHead = [{up_to = 3, price = "0.7"}, {up_to = 6, price = "0.31"}, {price = "0.003"}]
SegmentFood = [{up_to = 1, price = "0"}, {price = "0.11"}]
[packages]
valid_days = 20
[packages.points_per_call]
SegmentHead = "3"
SegmentFood = "2.5"
"""
ACTIONS = ("SegmentHead", "SegmentFood", "SegmentBody")
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("call"), st.sampled_from(ACTIONS), st.integers(1, 5)),
        st.tuples(st.just("buy"), st.sampled_from(ACTIONS[:2]), st.integers(1, 12)),
        st.tuples(st.just("wait"), st.just(""), st.integers(1, 15)),
        st.tuples(st.just("pay"), st.just(""), st.integers(1, 9)),
        st.tuples(st.just("void"), st.just(""), st.integers(0, 3)),
    ),
    max_size=14,
)


class Model:
    """The rules once more, as a clerk would work them out from a list of events, with nothing shared but the numbers."""

    PRICES: ClassVar = {"SegmentHead": [Decimal("0.7")] * 3 + [Decimal("0.31")] * 3, "SegmentFood": [Decimal(0)]}
    LAST: ClassVar = {"SegmentHead": Decimal("0.003"), "SegmentFood": Decimal("0.11")}
    POINTS: ClassVar = {"SegmentHead": Decimal(3), "SegmentFood": Decimal("2.5")}

    def __init__(self) -> None:
        self.day = 0
        self.month_of = lambda day: (START + timedelta(days=day)).strftime("%Y-%m")
        self.amounts: dict[tuple[str, str], Decimal] = {}
        self.calls: dict[tuple[str, str], int] = {}
        self.paid_calls: dict[tuple[str, str], int] = {}
        self.packages: list[dict[str, Any]] = []
        self.balance = Decimal(0)

    def call(self, action: str) -> None:
        place = (self.month_of(self.day), action)
        self.calls[place] = self.calls.get(place, 0) + 1
        self.amounts.setdefault(place, Decimal(0))
        if action not in self.LAST:
            return
        good = [p for p in self.packages if p["action"] == action and p["day"] <= self.day < p["day"] + 20 and not p["void"]]
        if sum(p["left"] for p in good) >= self.POINTS[action]:
            need = self.POINTS[action]
            for package in sorted(good, key=lambda p: p["day"]):
                taken = min(need, package["left"])
                package["left"] -= taken
                need -= taken
            return
        number = self.paid_calls[place] = self.paid_calls.get(place, 0) + 1
        prices = self.PRICES[action]
        price = prices[number - 1] if number <= len(prices) else self.LAST[action]
        self.amounts[place] += price
        self.balance -= price


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_any_history_adds_up(steep: Callable[[], Shop], events: list[tuple[str, str, int]]) -> None:
    shop, model = steep(), Model()
    office, ids = shop.office, []
    name = office.accounts.create(f"a{next(_NUMBERS)}").name
    shop.clock.now = START
    for kind, action, number in events:
        if kind == "call":
            shop.call(name, action, number)
            for _ in range(number):
                model.call(action)
        elif kind == "buy":
            price = Decimal(number) / 8
            ids.append(office.packages.buy(name, action, Decimal(number), price=price, on_credit=True).id)
            model.packages.append({"action": action, "left": Decimal(number), "day": model.day, "void": False})
            model.balance -= price
        elif kind == "wait":
            shop.clock.move(days=number)
            model.day += number
        elif kind == "pay":
            office.payments.record(name, Decimal(number))
            model.balance += number
        elif number < len(ids) and not model.packages[number]["void"]:
            office.packages.void(ids[number], refund=Decimal(0))
            model.packages[number]["void"] = True
    rows = usage(office.database, account=name)
    assert {(row.month, row.action): row.calls for row in rows} == model.calls
    assert {(row.month, row.action): row.amount for row in rows} == model.amounts
    assert [package.left for package in office.packages.all(name)] == [package["left"] for package in model.packages]
    assert all(row.calls == row.free + row.prepaid_qps + row.package + row.pay_as_you_go for row in rows)
    assert shop.balance(name) == model.balance
    months = sorted({model.month_of(day) for day in range(model.day + 1)})
    bills = [bill(shop, month, name) for month in months]
    for found, month in zip(bills, months, strict=True):
        charged = sum((row.amount for row in rows if row.month == month), Decimal(0))
        assert sum((line.amount for line in found.calls), Decimal(0)) == charged
        assert found.total == sum((line.amount for line in found.lines), Decimal(0))
        assert sum(line.calls for line in found.calls) == sum(row.calls for row in rows if row.month == month)
    assert bills[-1].closing == model.balance
    assert all(later.opening == earlier.closing for earlier, later in pairwise(bills))


_NUMBERS = count()


@pytest.fixture
def steep(new_shop: Callable[[str | None], Shop]) -> Callable[[], Shop]:
    """One office for all examples; each has an account of its own."""
    shop = new_shop(BOOK)
    return lambda: shop
