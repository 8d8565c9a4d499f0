"""The bill of an account for a month: its calls and what it bought, line by line, and how the balance moved."""

from dataclasses import asdict, dataclass, fields
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, func, select

from koutu.server.accounts.accounts import find_account
from koutu.server.accounts.billing.book import PriceBook
from koutu.server.accounts.billing.books import book_at
from koutu.server.accounts.billing.money import ZERO, plain, rounded, show
from koutu.server.accounts.billing.postings import MONEY, PostingKind
from koutu.server.accounts.billing.tables import Charge, Package, Posting
from koutu.server.accounts.billing.usage import check_month, to_csv
from koutu.server.accounts.database import Database
from koutu.server.clock import Clock, utc_now


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an invoice.

    Attributes:
        kind: what the calls were paid with (free, prepaid_qps, package, pay_as_you_go), or what was bought
            (package, package_refund, plan) with `item` saying what.
        item: the action, or the purchase.
        calls: how many calls; 0 for a purchase.
        points: what they took from packages, or how many were bought.
        unit_price: of a call or of the purchase.
        amount: what the line adds to the total.
        note: what was noted with a purchase.
    """

    kind: str
    item: str
    calls: int
    points: Decimal
    unit_price: Decimal
    amount: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """A month's bill: `closing` is `opening` less `total` plus `paid`; `payable` is `total` at the currency's smallest unit."""

    account: str
    month: str
    currency: str
    calls: tuple[Line, ...]
    purchases: tuple[Line, ...]
    total: Decimal
    payable: Decimal
    opening: Decimal
    paid: Decimal
    closing: Decimal

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines: the calls, then what was bought."""
        return self.calls + self.purchases


def invoice(database: Database, account: str, month: str, clock: Clock = utc_now) -> Invoice:
    """The bill of an account for a month such as 2026-03; that of a running month is what it comes to so far.

    Raises:
        InvalidParameter: there is no such account, or the month is not like 2026-03.
    """
    check_month(month)
    with database.read() as connection:
        owner = find_account(connection, account).id
        book = book_at(connection, clock())[1]
        calls = tuple(_call_lines(connection, owner, month))
        purchases = tuple(_purchase_lines(connection, owner, month))
        total = plain(sum((line.amount for line in calls + purchases), ZERO))
        opening = _balance(connection, owner, Posting.month < month, Charge.month < month)
        paid = _postings(connection, owner, Posting.month == month, Posting.kind.in_(MONEY))
    closing = plain(opening - total + paid)
    return Invoice(account, month, book.currency, calls, purchases, total, _payable(total, book), opening, paid, closing)


def invoice_csv(bill: Invoice) -> str:
    """The lines as CSV, each with account, month and currency, and the total as the last one."""
    head = {"account": bill.account, "month": bill.month, "currency": bill.currency}
    rows = [{**head, **asdict(line)} for line in bill.lines]
    calls, points = sum(line.calls for line in bill.calls), sum((line.points for line in bill.calls), ZERO)
    last = Line("total", "", calls, points, ZERO, bill.total)
    rows.append({**head, **asdict(last), "unit_price": ""})
    return to_csv([*head, *(field.name for field in fields(Line))], rows)


def _payable(total: Decimal, book: PriceBook) -> Decimal:
    return rounded(total, book.decimals)


def _call_lines(connection: Connection, owner: int, month: str) -> list[Line]:
    """One line for every action, means and price per call, so that each tier stands alone."""
    query = (
        select(Charge.means, Charge.action, func.count(), func.sum(Charge.points), Charge.amount, func.sum(Charge.amount))
        .where(Charge.account_id == owner, Charge.month == month)
        .group_by(Charge.action, Charge.means, Charge.amount)
        .order_by(Charge.action, Charge.means, Charge.amount.desc())
    )
    return [Line(*row) for row in connection.execute(query)]


def _purchase_lines(connection: Connection, owner: int, month: str) -> list[Line]:
    query = (
        select(Posting.kind, Posting.amount, Posting.note, Package.id, Package.action, Package.points)
        .outerjoin(Package, Package.id == Posting.package_id)
        .where(Posting.account_id == owner, Posting.month == month, Posting.kind.not_in(MONEY))
        .order_by(Posting.id)
    )
    return [_purchase(*row) for row in connection.execute(query)]


def _purchase(kind: str, moved: Decimal, note: str, package: int | None, action: str | None, points: Decimal | None) -> Line:
    cost = plain(-moved)
    if package is None:
        return Line(kind, note, 0, ZERO, cost, cost)
    bought = points if points is not None and kind == PostingKind.PACKAGE else ZERO
    return Line(kind, f"package {package}, {action or 'general'}, {show(points or ZERO)} points", 0, bought, cost, cost, note)


def _balance(connection: Connection, owner: int, postings: ColumnElement[bool], charges: ColumnElement[bool]) -> Decimal:
    charged = connection.scalar(select(func.sum(Charge.amount)).where(Charge.account_id == owner, charges)) or ZERO
    return plain(_postings(connection, owner, postings) - charged)


def _postings(connection: Connection, owner: int, *where: ColumnElement[bool]) -> Decimal:
    return connection.scalar(select(func.sum(Posting.amount)).where(Posting.account_id == owner, *where)) or ZERO
