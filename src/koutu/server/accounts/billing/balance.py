"""The balance of an account: moved with every posting and charge, and since when it is in arrears."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, case, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from koutu.errors import InvalidParameter
from koutu.server.accounts.billing.book import PriceBook
from koutu.server.accounts.billing.books import book_at
from koutu.server.accounts.billing.money import ZERO, show
from koutu.server.accounts.billing.tables import Balance, Posting
from koutu.server.accounts.tables import UtcDateTime


@dataclass(frozen=True, slots=True)
class BalanceInfo:
    """How an account stands.

    Attributes:
        account: its name.
        currency: of all amounts; "" where no price book counts.
        balance: what it has; below zero it owes.
        credit: how far the balance may fall below zero before the account is in arrears.
        arrears_since: since when it is in arrears.
        frozen_from: when its billed actions are frozen, unless it pays before.
        frozen: whether they are.
    """

    account: str
    currency: str
    balance: Decimal
    credit: Decimal
    arrears_since: datetime | None
    frozen_from: datetime | None
    frozen: bool


def lock_balance(connection: Connection, account_id: int) -> Decimal:
    """The balance, which nobody else moves before the transaction's end; made where the account has none yet."""
    values = {"account_id": account_id, "balance": ZERO, "credit": ZERO}
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(Balance).values(values).on_conflict_do_nothing())
    return connection.execute(select(Balance.balance).where(Balance.account_id == account_id).with_for_update()).scalar_one()


def move(connection: Connection, account_id: int, amount: Decimal, at: datetime) -> None:
    """Add an amount to the balance; arrears begin where it falls below the credit and end where it no longer is."""
    if not _move(connection, account_id, amount, at):
        lock_balance(connection, account_id)
        _move(connection, account_id, amount, at)


def refuse_unaffordable(connection: Connection, account_id: int, due: Decimal, book: PriceBook, what: str) -> None:
    """Refuse to sell what costs more than the balance and the credit together hold.

    Raises:
        InvalidParameter: it does.
    """
    balance = lock_balance(connection, account_id)
    credit = connection.execute(select(Balance.credit).where(Balance.account_id == account_id)).scalar_one()
    if due and due > balance + credit:
        raise InvalidParameter(
            f"{what} costs {show(due)} {book.currency}; the balance is {show(balance)} and the credit {show(credit)}: "
            "record a payment first, or allow more credit."
        )


def set_credit(connection: Connection, account_id: int, credit: Decimal, at: datetime) -> None:
    """Set how far the balance may fall below zero."""
    lock_balance(connection, account_id)
    connection.execute(update(Balance).where(Balance.account_id == account_id).values(credit=credit))
    _move(connection, account_id, ZERO, at)


def read_balance(connection: Connection, account_id: int, account: str, at: datetime) -> BalanceInfo:
    """How an account stands at a moment."""
    query = select(Balance.balance, Balance.credit, Balance.arrears_since).where(Balance.account_id == account_id)
    row = connection.execute(query).one_or_none()
    balance, credit, since = (ZERO, ZERO, None) if row is None else row
    book = book_at(connection, at)[1]
    frozen_from = None if since is None else since + book.arrears
    return BalanceInfo(
        account, book.currency, balance, credit, since, frozen_from, frozen_from is not None and at >= frozen_from
    )


def post(
    connection: Connection,
    account_id: int,
    kind: str,
    amount: Decimal,
    at: datetime,
    book: PriceBook,
    *,
    package_id: int | None = None,
    reverses: int | None = None,
    reference: str = "",
    note: str = "",
) -> int:
    """Write a posting and move the balance by it; gives its number.

    Raises:
        InvalidParameter: the reference or the note is too long or holds control characters.
    """
    check_texts(reference, note)
    values = {
        "account_id": account_id,
        "at": at,
        "month": book.month(at),
        "kind": kind,
        "amount": amount,
        "package_id": package_id,
        "reverses": reverses,
        "reference": reference,
        "note": note,
    }
    number: int = connection.execute(insert(Posting).values(values).returning(Posting.id)).scalar_one()
    move(connection, account_id, amount, at)
    return number


def check_texts(reference: str, note: str) -> None:
    """Refuse what could not be kept with a posting.

    Raises:
        InvalidParameter: the reference or the note is too long or holds control characters.
    """
    for name, text, longest in (("reference", reference, 100), ("note", note, 200)):
        if len(text) > longest or not text.isprintable():
            raise InvalidParameter(f"A {name} has at most {longest} characters, all of them printable.")


def _move(connection: Connection, account_id: int, amount: Decimal, at: datetime) -> bool:
    after = Balance.balance + amount
    since = case((after < -Balance.credit, func.coalesce(Balance.arrears_since, literal(at, UtcDateTime))), else_=None)
    statement = update(Balance).where(Balance.account_id == account_id).values(balance=after, arrears_since=since)
    return bool(connection.execute(statement).rowcount)
