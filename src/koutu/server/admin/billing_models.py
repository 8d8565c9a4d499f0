"""The documents of billing that the admin API takes and gives. Amounts are text in decimal form, so that they stay exact."""

from datetime import datetime
from decimal import Decimal

from pydantic import AwareDatetime, Field

from koutu.server.accounts.billing.packages import PackageState
from koutu.server.admin.models import Document


class PriceBook(Document):
    """A price book, and since when it counts."""

    id: int
    name: str
    currency: str
    starts_at: datetime
    created_at: datetime
    withdrawn_at: datetime | None
    in_force: bool


class PriceBookOrder(Document):
    """A price book to be adopted: the documented one, or one of your own as TOML."""

    toml: str | None = Field(default=None, description="The price book; without it the documented price list is taken.")
    starts_at: AwareDatetime | None = Field(default=None, description="When it begins to count; at once if it is absent.")


class Package(Document):
    """A package of points; `action` null = every action with points may draw from it."""

    id: int
    account: str
    action: str | None
    points: Decimal
    left: Decimal
    price: Decimal
    first_offer: bool
    starts_at: datetime
    expires_at: datetime
    voided_at: datetime | None
    state: PackageState


class PackageOrder(Document):
    """A package to be sold."""

    account: str
    action: str | None = None
    points: Decimal
    price: Decimal | None = Field(default=None, description="Another price than the price book's; 0 for a gift.")
    on_credit: bool = False
    note: str = Field(default="", max_length=200)


class PackageVoid(Document):
    """A package to be taken back."""

    refund: Decimal | None = Field(default=None, description="How much goes back; by default the price of the points left.")
    note: str = Field(default="", max_length=200)


class Payment(Document):
    """A payment; `returned` is what of it was refunded or voided."""

    id: int
    account: str
    at: datetime
    amount: Decimal
    returned: Decimal
    reference: str
    note: str


class PaymentOrder(Document):
    """A payment to be recorded."""

    account: str
    amount: Decimal
    reference: str = Field(default="", max_length=100, description="The transfer's own number; it is not taken twice.")
    note: str = Field(default="", max_length=200)


class Refund(Document):
    """A payment to be paid back, in part or in whole."""

    amount: Decimal | None = None
    note: str = Field(default="", max_length=200)


class Note(Document):
    """Why something is done."""

    note: str = Field(default="", max_length=200)


class Balance(Document):
    """How an account stands."""

    account: str
    currency: str
    balance: Decimal
    credit: Decimal
    arrears_since: datetime | None
    frozen_from: datetime | None
    frozen: bool


class Credit(Document):
    """How far a balance may fall below zero before the account is in arrears."""

    credit: Decimal


class Usage(Document):
    """The calls of an account, a month and an action; `calls` is the sum of the four kinds that follow it."""

    account: str
    month: str
    action: str
    calls: int
    free: int
    prepaid_qps: int
    package: int
    pay_as_you_go: int
    points: Decimal
    amount: Decimal
    pixels: int


class Line(Document):
    """A line of an invoice: calls of one action at one price, or something that was bought."""

    kind: str
    item: str
    calls: int
    points: Decimal
    unit_price: Decimal
    amount: Decimal
    note: str


class Invoice(Document):
    """A month's bill. `closing` is `opening` less `total` plus `paid`; `payable` is `total` in the currency's smallest unit."""

    account: str
    month: str
    currency: str
    calls: list[Line]
    purchases: list[Line]
    total: Decimal
    payable: Decimal
    opening: Decimal
    paid: Decimal
    closing: Decimal
