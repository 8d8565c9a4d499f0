"""Usage: calls per account, month and action, and what they were paid with."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, case, cast, func, select

from koutu.errors import InvalidParameter
from koutu.server.accounts.accounts import find_account
from koutu.server.accounts.billing.money import show
from koutu.server.accounts.billing.rules import Means
from koutu.server.accounts.billing.tables import Charge
from koutu.server.accounts.database import Database
from koutu.server.accounts.tables import Account, LedgerEntry

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Usage:
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


def usage(
    database: Database, *, account: str | None = None, month: str | None = None, action: str | None = None
) -> list[Usage]:
    """What was called, by account, month and action; the sums are those of the ledger's lines.

    Raises:
        InvalidParameter: there is no such account, or the month is not like 2026-03.
    """
    counts = [cast(func.sum(case((Charge.means == means, 1), else_=0)), BigInteger) for means in Means]
    query = (
        select(
            Account.name,
            Charge.month,
            Charge.action,
            func.count(),
            *counts,
            func.sum(Charge.points),
            func.sum(Charge.amount),
            cast(func.sum(LedgerEntry.pixels), BigInteger),
        )
        .join(Account, Account.id == Charge.account_id)
        .join(LedgerEntry, LedgerEntry.request_id == Charge.request_id)
        .group_by(Account.name, Charge.month, Charge.action)
        .order_by(Account.name, Charge.month, Charge.action)
    )
    with database.read() as connection:
        if account is not None:
            query = query.where(Charge.account_id == find_account(connection, account).id)
        if month is not None:
            query = query.where(Charge.month == check_month(month))
        if action is not None:
            query = query.where(Charge.action == action)
        rows: Iterable[Sequence[Any]] = connection.execute(query)
        return [Usage(*row) for row in rows]


def check_month(month: str) -> str:
    """The month, if it is one.

    Raises:
        InvalidParameter: it is not like 2026-03.
    """
    if not _MONTH.fullmatch(month):
        raise InvalidParameter(f"A month is written like 2026-03, not {month[:20]!r}.")
    return month


def usage_csv(rows: Iterable[Usage]) -> str:
    """The rows as CSV with a line of names on top."""
    return to_csv([field.name for field in fields(Usage)], (asdict(row) for row in rows))


def to_csv(names: list[str], rows: Iterable[dict[str, Any]]) -> str:
    """Rows as CSV (RFC 4180); decimals in digits, and no text that a spreadsheet would take for a formula."""
    file = io.StringIO()
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return file.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, Decimal):
        return show(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
