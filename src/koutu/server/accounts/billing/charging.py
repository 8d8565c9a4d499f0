"""What a metered call costs, settled in the transaction that writes its ledger line.

The price book is that of the call's own moment. Whoever locks, locks in one order (packages by expiry, the month's count, the
balance), so that no two transactions wait for each other.
"""

from datetime import datetime
from decimal import Decimal

import structlog
from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from koutu.errors import NotPurchased
from koutu.server.accounts.billing.balance import move
from koutu.server.accounts.billing.book import PriceBook
from koutu.server.accounts.billing.books import book_at
from koutu.server.accounts.billing.money import ZERO
from koutu.server.accounts.billing.rules import Draw, Means, Stock, draw, price_of_call
from koutu.server.accounts.billing.tables import Balance, Charge, MonthCount, Package, PackageDraw
from koutu.server.accounts.entry import Entry
from koutu.server.accounts.plans import covers

_log = structlog.get_logger("koutu.billing")


def charge(connection: Connection, record: Entry) -> None:
    """Settle a successful call: prepaid QPS, then packages, then pay as you go. Called once for every line."""
    number, book = book_at(connection, record.at)
    month = book.month(record.at)
    means, points, amount = Means.FREE, ZERO, ZERO
    if number is not None and covers(connection, record.account_id, record.action, record.at):
        means = Means.PREPAID
    elif book.billed(record.action):
        points = _draw(connection, book, record)
        means = Means.PACKAGE if points else Means.PAY_AS_YOU_GO
        if not points:
            calls = _count(connection, record.account_id, month, record.action)
            amount = price_of_call(book.pay_as_you_go[record.action], calls)
            move(connection, record.account_id, -amount, record.at)
    values = {
        "request_id": record.request_id,
        "account_id": record.account_id,
        "action": record.action,
        "month": month,
        "means": means.value,
        "points": points,
        "amount": amount,
        "price_book_id": number,
    }
    connection.execute(insert(Charge).values(values))


def refuse_arrears(connection: Connection, account_id: int, action: str, now: datetime) -> None:
    """Refuse a call of an account that is frozen for this action.

    Raises:
        NotPurchased: it is.
    """
    since = connection.scalar(select(Balance.arrears_since).where(Balance.account_id == account_id))
    if since is None:
        return
    book = book_at(connection, now)[1]
    if book.billed(action) and now >= since + book.arrears:
        raise NotPurchased(
            f"{action} is closed for this account: it has been in arrears for more than {book.arrears_hours} hours. "
            "It opens again as soon as they are settled."
        )


def _count(connection: Connection, account_id: int, month: str, action: str) -> int:
    """Count a call that is paid as one goes, and give its number in the month; whoever comes at the same time waits."""
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(MonthCount)
    statement = insert.values(account_id=account_id, month=month, action=action, calls=1).on_conflict_do_update(
        index_elements=[MonthCount.account_id, MonthCount.month, MonthCount.action],
        set_={"calls": MonthCount.calls + 1},
    )
    return int(connection.execute(statement.returning(MonthCount.calls)).scalar_one())


def _draw(connection: Connection, book: PriceBook, record: Entry) -> Decimal:
    """Take a call's points from the account's packages; gives 0 where they hold too little."""
    needed = book.packages.points_per_call.get(record.action)
    if needed is None:
        return ZERO
    query = (
        select(Package.id, Package.action, Package.left, Package.starts_at, Package.expires_at)
        .where(
            Package.account_id == record.account_id,
            or_(Package.action == record.action, Package.action.is_(None)),
            Package.expires_at > record.at,
            Package.left > ZERO,
            Package.voided_at.is_(None),
        )
        .order_by(Package.expires_at, Package.id)
        .with_for_update()
    )
    rows = connection.execute(query)
    stocks = [Stock(number, action is None, left, starts, expires) for number, action, left, starts, expires in rows]
    draws = draw(stocks, needed, record.at)
    for part in draws:
        _take(connection, record, part)
    return needed if draws else ZERO


def _take(connection: Connection, record: Entry, part: Draw) -> None:
    statement = (
        update(Package)
        .where(Package.id == part.package_id)
        .values(left=Package.left - part.points)
        .returning(Package.left, Package.warn_at, Package.warned_at)
    )
    left, warn_at, warned_at = connection.execute(statement).one()
    values = {"request_id": record.request_id, "package_id": part.package_id, "points": part.points}
    connection.execute(insert(PackageDraw).values(values))
    if warned_at is None and left <= warn_at:
        connection.execute(update(Package).where(Package.id == part.package_id).values(warned_at=record.at))
        _log.warning(
            "a package runs low", account=record.account_id, package=part.package_id, action=record.action, left=f"{left:f}"
        )
