"""Packages of points: bought, listed, voided."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, insert, select, update

from koutu.errors import InvalidParameter
from koutu.server.accounts.accounts import find_account
from koutu.server.accounts.billing.balance import lock_balance, post, refuse_unaffordable
from koutu.server.accounts.billing.book import Offer, PackageTerms, PriceBook
from koutu.server.accounts.billing.books import book_at
from koutu.server.accounts.billing.money import ZERO, amount, plain, rounded, show
from koutu.server.accounts.billing.postings import PostingKind
from koutu.server.accounts.billing.tables import Package, PackageDraw
from koutu.server.accounts.database import Database
from koutu.server.accounts.tables import Account
from koutu.server.clock import Clock, utc_now


class PackageState(StrEnum):
    """What has become of a package; `LOW` is one that is good and has no more left than the book warns at."""

    GOOD = "good"
    LOW = "low"
    USED_UP = "used_up"
    EXPIRED = "expired"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class PackageInfo:
    """A package as it stands; `action` is None where every action with points may draw from it."""

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


class Packages:
    """The packages in the database. Every method blocks."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def buy(
        self,
        account: str,
        action: str | None,
        points: Decimal,
        *,
        price: Decimal | None = None,
        on_credit: bool = False,
        note: str = "",
    ) -> PackageInfo:
        """Sell an account a package at the price book's price; it is good from now on.

        Args:
            account: the account's name.
            action: the action that may draw from it; None for a general package.
            points: its size, which has to be one of the book's offers.
            price: another price than the book's, 0 for a gift; then any size is allowed.
            on_credit: whether the balance may fall below zero by more than the account's credit.
            note: what the invoice says beside it.

        Raises:
            InvalidParameter: the book does not sell it, or the balance does not cover it.
        """
        points = amount(points, "points")
        if points == ZERO:
            raise InvalidParameter("points must be above 0.")
        with self._database.write() as connection:
            owner, now = find_account(connection, account).id, self._clock()
            book = book_at(connection, now)[1]
            _refuse_unsold(book.packages, action)
            lock_balance(connection, owner)
            first = price is None and _first(connection, owner, book.packages.offer(points))
            due = amount(price, "price") if price is not None else _price(book.packages.offer(points), first)
            if not on_credit:
                refuse_unaffordable(connection, owner, due, book, "The package")
            values = {
                "account_id": owner,
                "action": action,
                "points": points,
                "left": points,
                "warn_at": round(points * book.packages.warn_below, 6),
                "price": due,
                "first_offer": first,
                "starts_at": now,
                "expires_at": now + timedelta(days=book.packages.valid_days),
            }
            number: int = connection.execute(insert(Package).values(values).returning(Package.id)).scalar_one()
            post(connection, owner, PostingKind.PACKAGE, -due, now, book, package_id=number, note=note)
            return _find(connection, number, now)

    def void(self, package_id: int, *, refund: Decimal | None = None, note: str = "") -> PackageInfo:
        """Take a package back: nobody draws from it any more, and the account gets money back on its balance.

        Args:
            package_id: its number.
            refund: how much goes back; by default the price of the points that are left.
            note: what the invoice says beside it.

        Raises:
            InvalidParameter: there is none, it is voided already, or the refund exceeds its price.
        """
        with self._database.write() as connection:
            row = connection.execute(select(Package.__table__).where(Package.id == package_id).with_for_update()).one_or_none()
            if row is None or row.voided_at is not None:
                raise InvalidParameter(f"Package {package_id} {'is voided already' if row else 'does not exist'}.")
            now = self._clock()
            book = book_at(connection, now)[1]
            back = _unused(row.price, row.points_left, row.points, book) if refund is None else amount(refund, "refund")
            if back > row.price:
                raise InvalidParameter(f"The refund of {show(back)} exceeds the package's price of {show(row.price)}.")
            connection.execute(update(Package).where(Package.id == package_id).values(voided_at=now))
            post(connection, row.account_id, PostingKind.PACKAGE_REFUND, back, now, book, package_id=package_id, note=note)
            return _find(connection, package_id, now)

    def all(self, account: str | None = None) -> list[PackageInfo]:
        """Every package, oldest first; of one account or of all.

        Raises:
            InvalidParameter: there is no such account.
        """
        query = _query().order_by(Package.id)
        with self._database.read() as connection:
            if account is not None:
                query = query.where(Package.account_id == find_account(connection, account).id)
            now = self._clock()
            return [_info(row, now) for row in connection.execute(query)]

    def get(self, package_id: int) -> PackageInfo:
        """One package.

        Raises:
            InvalidParameter: there is none of this number.
        """
        with self._database.read() as connection:
            return _find(connection, package_id, self._clock())


def _query() -> Select[*tuple[Any, ...]]:
    return select(
        Package.id,
        Account.name,
        Package.action,
        Package.points,
        Package.left,
        Package.price,
        Package.first_offer,
        Package.starts_at,
        Package.expires_at,
        Package.voided_at,
        Package.warn_at,
    ).join(Account, Account.id == Package.account_id)


def _find(connection: Connection, package_id: int, now: datetime) -> PackageInfo:
    row = connection.execute(_query().where(Package.id == package_id)).one_or_none()
    if row is None:
        raise InvalidParameter(f"Package {package_id} does not exist.")
    return _info(row, now)


def _info(row: Row[*tuple[Any, ...]], now: datetime) -> PackageInfo:
    number, account, action, points, left, price, first, starts_at, expires_at, voided_at, warn_at = row
    if voided_at is not None:
        state = PackageState.VOIDED
    elif not left:
        state = PackageState.USED_UP
    elif now >= expires_at:
        state = PackageState.EXPIRED
    else:
        state = PackageState.LOW if left <= warn_at else PackageState.GOOD
    return PackageInfo(number, account, action, points, left, price, first, starts_at, expires_at, voided_at, state)


def _refuse_unsold(terms: PackageTerms, action: str | None) -> None:
    if action is None and not terms.general:
        raise InvalidParameter("The price book has no general packages; name the action.")
    if action is not None and action not in terms.points_per_call:
        sold = ", ".join(terms.points_per_call) or "no action"
        raise InvalidParameter(f"The price book has packages for {sold}, not for {action[:60]!r}.")


def _first(connection: Connection, owner: int, offer: Offer) -> bool:
    """Whether the account may still have this offer's first price; a package that was voided untouched gives it back."""
    if offer.first_price is None:
        return False
    drawn = exists().where(PackageDraw.package_id == Package.id)
    had = exists().where(
        Package.account_id == owner, Package.first_offer, Package.points == offer.points, Package.voided_at.is_(None) | drawn
    )
    return not connection.scalar(select(had))


def _price(offer: Offer, first: bool) -> Decimal:
    return offer.first_price if first and offer.first_price is not None else offer.price


def _unused(price: Decimal, left: Decimal, points: Decimal, book: PriceBook) -> Decimal:
    return price if left == points else plain(min(price, rounded(price * left / points, book.decimals)))
