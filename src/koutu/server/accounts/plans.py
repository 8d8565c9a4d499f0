"""Prepaid calls per second: bought for days or months, renewed, upgraded for good or for a while, never downgraded."""

import calendar
import itertools
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Connection, Row, func, insert, select

from koutu.errors import InvalidParameter
from koutu.server.accounts.accounts import find_account
from koutu.server.accounts.billing.balance import post, refuse_unaffordable
from koutu.server.accounts.billing.book import documented_text, parse_book
from koutu.server.accounts.billing.books import book_at
from koutu.server.accounts.billing.postings import PostingKind
from koutu.server.accounts.billing.rules import price_of_qps
from koutu.server.accounts.database import Database
from koutu.server.accounts.tables import Account, QpsPlan
from koutu.server.clock import Clock, utc_now

_DAY = timedelta(days=1)
_MOST_PERIODS = 366


class Kind(StrEnum):
    """How a stretch of prepaid calls per second came about."""

    PURCHASE = "purchase"
    RENEWAL = "renewal"
    UPGRADE = "upgrade"
    TEMPORARY = "temporary"


class Period(StrEnum):
    """What is counted when buying."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class PlanInfo:
    """A stretch of time with prepaid calls per second; `price` was due at `bought_at`."""

    id: int
    account: str
    action: str
    kind: Kind
    qps: int
    starts_at: datetime
    ends_at: datetime
    price: Decimal
    bought_at: datetime


class Plans:
    """What accounts bought. Every method blocks.

    The highest of the stretches that hold at a moment counts. None is ever changed: each is something that was bought.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def buy(self, account: str, action: str, qps: int, count: int = 1, period: Period = Period.MONTH) -> PlanInfo:
        """Buy calls per second from now on, for so many days or months.

        Raises:
            InvalidParameter: it is not sold, or a plan runs already (renew or upgrade that).
        """
        with self._database.write() as connection:
            owner, now = find_account(connection, account, lock=True).id, self._clock()
            price = _price(connection, action, qps, count, period, now)
            if _end(connection, owner, action, now) is not None:
                raise InvalidParameter(f"{account} has a plan for {action} already: renew or upgrade it.")
            return _add(connection, owner, action, Kind.PURCHASE, qps, now, _later(now, count, period), price, now)

    def renew(self, account: str, action: str, count: int = 1, period: Period = Period.MONTH) -> PlanInfo:
        """Go on with a running plan after its end, with as many calls per second as it then has.

        Raises:
            InvalidParameter: no plan runs.
        """
        with self._database.write() as connection:
            owner, now = find_account(connection, account, lock=True).id, self._clock()
            end = _running(connection, account, owner, action, now)
            qps = _last(connection, owner, action)
            price = _price(connection, action, qps, count, period, now)
            return _add(connection, owner, action, Kind.RENEWAL, qps, end, _later(end, count, period), price, now)

    def upgrade(self, account: str, action: str, qps: int) -> PlanInfo:
        """Raise a running plan from now to its end; the difference costs its price per day, each begun day counting.

        Raises:
            InvalidParameter: no plan runs, or it has as many calls per second or more.
        """
        with self._database.write() as connection:
            owner, now = find_account(connection, account, lock=True).id, self._clock()
            end = _running(connection, account, owner, action, now)
            price = _difference(connection, owner, action, qps, now, end, now)
            return _add(connection, owner, action, Kind.UPGRADE, qps, now, end, price, now)

    def upgrade_for(self, account: str, action: str, qps: int, days: int, start: datetime | None = None) -> PlanInfo:
        """Raise a running plan for some days, from now or from `start`; afterwards it is what it was.

        Raises:
            InvalidParameter: no plan runs for all of that time, or it has as many calls per second or more.
        """
        _check_count(days)
        with self._database.write() as connection:
            owner, now = find_account(connection, account, lock=True).id, self._clock()
            end = _running(connection, account, owner, action, now)
            first = now if start is None else start
            last = first + days * _DAY
            if first < now or last > end:
                raise InvalidParameter(
                    f"A temporary upgrade lies within the plan: from {_spell(now)} to {_spell(end)}, not to {_spell(last)}."
                )
            price = _difference(connection, owner, action, qps, first, last, now)
            return _add(connection, owner, action, Kind.TEMPORARY, qps, first, last, price, now)

    def all(self, account: str | None = None) -> list[PlanInfo]:
        """What was bought, oldest first; of one account or of all.

        Raises:
            InvalidParameter: there is no such account.
        """
        query = select(*_COLUMNS).join(Account, Account.id == QpsPlan.account_id).order_by(QpsPlan.id)
        with self._database.read() as connection:
            if account is not None:
                query = query.where(QpsPlan.account_id == find_account(connection, account).id)
            return [_info(row) for row in connection.execute(query)]


def period_of(months: int | None, days: int | None) -> tuple[int, Period]:
    """How long to buy for, where one of the two may be given; neither means a month.

    Raises:
        InvalidParameter: both are given.
    """
    if months is not None and days is not None:
        raise InvalidParameter("A plan is bought for months or for days, not for both.")
    return (days, Period.DAY) if days is not None else (months or 1, Period.MONTH)


def qps_at(connection: Connection, account_id: int, action: str, at: datetime) -> int | None:
    """How many calls per second are prepaid at a moment; None where no plan holds."""
    query = select(func.max(QpsPlan.qps)).where(
        QpsPlan.account_id == account_id, QpsPlan.action == action, QpsPlan.starts_at <= at, QpsPlan.ends_at > at
    )
    return connection.scalar(query)


def covers(connection: Connection, account_id: int, action: str, at: datetime) -> bool:
    """Whether a plan holds for the action at this moment, so that the call costs nothing."""
    return qps_at(connection, account_id, action, at) is not None


_COLUMNS = (
    QpsPlan.id,
    Account.name,
    QpsPlan.action,
    QpsPlan.kind,
    QpsPlan.qps,
    QpsPlan.starts_at,
    QpsPlan.ends_at,
    QpsPlan.price,
    QpsPlan.bought_at,
)


def _info(row: "Row[int, str, str, str, int, datetime, datetime, Decimal, datetime]") -> PlanInfo:
    number, account, action, kind, qps, starts_at, ends_at, price, bought_at = row
    return PlanInfo(number, account, action, Kind(kind), qps, starts_at, ends_at, price, bought_at)


def _price(connection: Connection, action: str, qps: int, count: int, period: Period, now: datetime) -> Decimal:
    _check_count(count)
    price = (
        _cost(connection, action, qps, now, months=count)
        if period is Period.MONTH
        else _cost(connection, action, qps, now, days=count)
    )
    if not price:
        raise InvalidParameter(f"{qps} calls per second of {action} are free; there is nothing to buy.")
    return price


def _cost(connection: Connection, action: str, qps: int, now: datetime, *, days: int = 0, months: int = 0) -> Decimal:
    """What calls per second cost by the price book in force; where there is none, the documented list stands in for it."""
    number, book = book_at(connection, now)
    tiers = (book if number is not None else parse_book(documented_text())).prepaid_qps
    if action not in tiers:
        raise InvalidParameter(f"Calls per second are sold for {', '.join(tiers) or 'no action'}, not for {action[:60]!r}.")
    return price_of_qps(tiers[action], qps, days=days, months=months)


def _running(connection: Connection, account: str, owner: int, action: str, now: datetime) -> datetime:
    end = _end(connection, owner, action, now)
    if end is None:
        raise InvalidParameter(f"No plan of {account} for {action[:60]!r} runs; buy one first.")
    return end


def _difference(
    connection: Connection, owner: int, action: str, qps: int, start: datetime, end: datetime, now: datetime
) -> Decimal:
    """What the time between two moments costs more with `qps`: stretch by stretch, where plans change in between."""
    price = Decimal(0)
    for first, last in _stretches(connection, owner, action, start, end):
        had = qps_at(connection, owner, action, first) or 0
        if qps <= had:
            raise InvalidParameter(f"The plan has {had} calls per second; an upgrade has more, not {qps}.")
        days = math.ceil((last - first) / _DAY)
        before = _cost(connection, action, had, now, days=days) if had else Decimal(0)
        price += max(_cost(connection, action, qps, now, days=days) - before, Decimal(0))
    return price


def _end(connection: Connection, owner: int, action: str, now: datetime) -> datetime | None:
    """When the running plan ends, with its renewals; None where none runs."""
    if not covers(connection, owner, action, now):
        return None
    mine = (QpsPlan.account_id == owner, QpsPlan.action == action)
    return connection.scalar(select(QpsPlan.ends_at).where(*mine).order_by(QpsPlan.ends_at.desc()).limit(1))


def _last(connection: Connection, owner: int, action: str) -> int:
    """The calls per second that the plan has at its end; a temporary upgrade is none of them."""
    mine = (QpsPlan.account_id == owner, QpsPlan.action == action, QpsPlan.kind != Kind.TEMPORARY)
    return int(
        connection.scalars(select(QpsPlan.qps).where(*mine).order_by(QpsPlan.ends_at.desc(), QpsPlan.qps.desc())).first() or 0
    )


def _stretches(
    connection: Connection, owner: int, action: str, start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """The time between two moments, cut where plans begin and end."""
    mine = (QpsPlan.account_id == owner, QpsPlan.action == action)
    cuts = {start, end}
    for row in connection.execute(select(QpsPlan.starts_at, QpsPlan.ends_at).where(*mine)):
        cuts.update(moment for moment in row if start < moment < end)
    ordered = sorted(cuts)
    return list(itertools.pairwise(ordered))


def _add(
    connection: Connection,
    owner: int,
    action: str,
    kind: Kind,
    qps: int,
    starts_at: datetime,
    ends_at: datetime,
    price: Decimal,
    now: datetime,
) -> PlanInfo:
    values = {
        "account_id": owner,
        "action": action,
        "kind": kind.value,
        "qps": qps,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "price": price,
        "bought_at": now,
    }
    number = connection.execute(insert(QpsPlan).values(values).returning(QpsPlan.id)).scalar_one()
    in_force, book = book_at(connection, now)
    if in_force is not None:
        refuse_unaffordable(connection, owner, price, book, "The plan")
        note = f"{kind.value}: {qps} QPS of {action}, {_spell(starts_at)} to {_spell(ends_at)}"
        post(connection, owner, PostingKind.PLAN, -price, now, book, note=note)
    query = select(*_COLUMNS).join(Account, Account.id == QpsPlan.account_id).where(QpsPlan.id == number)
    return _info(connection.execute(query).one())


def _check_count(count: int) -> None:
    if not 1 <= count <= _MOST_PERIODS:
        raise InvalidParameter(f"A plan runs for 1 to {_MOST_PERIODS} days or months, not for {count}.")


def _later(moment: datetime, count: int, period: Period) -> datetime:
    if period is Period.DAY:
        return moment + count * _DAY
    months = moment.month - 1 + count
    year, month = moment.year + months // 12, months % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


def _spell(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
