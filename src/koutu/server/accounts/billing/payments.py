"""Payments: recorded, refunded, voided; and how an account stands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.orm import aliased

from koutu.errors import InvalidParameter
from koutu.server.accounts.accounts import find_account
from koutu.server.accounts.billing.balance import BalanceInfo, check_texts, lock_balance, post, read_balance, set_credit
from koutu.server.accounts.billing.books import book_at
from koutu.server.accounts.billing.money import ZERO, amount, plain, show
from koutu.server.accounts.billing.postings import PostingKind
from koutu.server.accounts.billing.tables import Posting
from koutu.server.accounts.database import Database
from koutu.server.accounts.tables import Account
from koutu.server.clock import Clock, utc_now


@dataclass(frozen=True, slots=True)
class PaymentInfo:
    """A payment; `returned` is what of it was refunded or voided."""

    id: int
    account: str
    at: datetime
    amount: Decimal
    returned: Decimal
    reference: str
    note: str


class Payments:
    """The payments in the database. Every method blocks."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def record(self, account: str, paid: Decimal, *, reference: str = "", note: str = "") -> PaymentInfo:
        """Write down that an account paid; arrears that it settles are over at once.

        Args:
            account: the account's name.
            paid: how much, above 0, in the price book's currency.
            reference: the transfer's own number; the same one is not taken twice for an account.
            note: free text.

        Raises:
            InvalidParameter: there is no such account or no price book, or the reference was recorded before.
        """
        paid = amount(paid, "A payment")
        if paid == ZERO:
            raise InvalidParameter("A payment must be above 0.")
        check_texts(reference, note)
        with self._database.write() as connection:
            owner, now = find_account(connection, account).id, self._clock()
            number, book = book_at(connection, now)
            if number is None:
                raise InvalidParameter("No price book is in force, so money has no currency: adopt one first.")
            lock_balance(connection, owner)
            if reference and (earlier := _standing(connection, owner, reference)) is not None:
                raise InvalidParameter(f"The reference {reference[:100]!r} was recorded before, as payment {earlier}.")
            payment = post(connection, owner, PostingKind.PAYMENT, paid, now, book, reference=reference, note=note)
            return _find(connection, payment)

    def refund(self, payment_id: int, sum_: Decimal | None = None, *, note: str = "") -> PaymentInfo:
        """Write down that a payment was paid back, in part or (by default) in whole.

        Raises:
            InvalidParameter: there is no such payment, or less of it is left.
        """
        return self._take_back(payment_id, PostingKind.REFUND, sum_, note)

    def void(self, payment_id: int, *, note: str = "") -> PaymentInfo:
        """Take back a payment that never came or was recorded by mistake; its reference may then be used again.

        Raises:
            InvalidParameter: there is no such payment, or nothing is left of it.
        """
        return self._take_back(payment_id, PostingKind.VOID, None, note)

    def all(self, account: str | None = None) -> list[PaymentInfo]:
        """Every payment, oldest first; of one account or of all.

        Raises:
            InvalidParameter: there is no such account.
        """
        query = _query().order_by(Posting.id)
        with self._database.read() as connection:
            if account is not None:
                query = query.where(Posting.account_id == find_account(connection, account).id)
            return [_info(row) for row in connection.execute(query)]

    def balance(self, account: str) -> BalanceInfo:
        """How an account stands now.

        Raises:
            InvalidParameter: there is no such account.
        """
        with self._database.read() as connection:
            return read_balance(connection, find_account(connection, account).id, account, self._clock())

    def allow_credit(self, account: str, credit: Decimal) -> BalanceInfo:
        """Set how far an account's balance may fall below zero before it is in arrears.

        Raises:
            InvalidParameter: there is no such account, or the credit is below 0.
        """
        credit = amount(credit, "credit")
        with self._database.write() as connection:
            owner, now = find_account(connection, account).id, self._clock()
            set_credit(connection, owner, credit, now)
            return read_balance(connection, owner, account, now)

    def _take_back(self, payment_id: int, kind: PostingKind, sum_: Decimal | None, note: str) -> PaymentInfo:
        with self._database.write() as connection:
            owner = connection.scalar(
                select(Posting.account_id).where(Posting.id == payment_id, Posting.kind == PostingKind.PAYMENT)
            )
            if owner is None:
                raise InvalidParameter(f"There is no payment {payment_id}.")
            lock_balance(connection, owner)
            payment = _find(connection, payment_id)
            left = plain(payment.amount - payment.returned)
            back = left if sum_ is None else amount(sum_, "A refund")
            if not ZERO < back <= left:
                raise InvalidParameter(f"Of payment {payment_id}, {show(left)} can be taken back, not {show(back)}.")
            now = self._clock()
            post(connection, owner, kind, -back, now, book_at(connection, now)[1], reverses=payment_id, note=note)
            return _find(connection, payment_id)


def _query() -> Select[int, str, datetime, Decimal, Decimal, str, str]:
    back = aliased(Posting)
    returned = select(func.sum(back.amount)).where(back.reverses == Posting.id).scalar_subquery()
    columns = (Posting.id, Account.name, Posting.at, Posting.amount, returned, Posting.reference, Posting.note)
    return select(*columns).join(Account, Account.id == Posting.account_id).where(Posting.kind == PostingKind.PAYMENT)


def _find(connection: Connection, payment_id: int) -> PaymentInfo:
    row = connection.execute(_query().where(Posting.id == payment_id)).one_or_none()
    if row is None:
        raise InvalidParameter(f"There is no payment {payment_id}.")
    return _info(row)


def _info(row: Row[int, str, datetime, Decimal, Decimal, str, str]) -> PaymentInfo:
    number, account, at, paid, returned, reference, note = row
    return PaymentInfo(number, account, at, paid, ZERO - (returned or ZERO), reference, note)


def _standing(connection: Connection, owner: int, reference: str) -> int | None:
    """The account's payment with this reference that was not voided."""
    back = aliased(Posting)
    voided = select(back.id).where(back.reverses == Posting.id, back.kind == PostingKind.VOID).exists()
    query = select(Posting.id).where(Posting.account_id == owner, Posting.kind == PostingKind.PAYMENT)
    return connection.scalar(query.where(Posting.reference == reference, ~voided).limit(1))
