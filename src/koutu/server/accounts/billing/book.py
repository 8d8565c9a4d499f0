"""A price book: currency, prices per call by tiers, packages of points, prices of prepaid QPS; read from TOML."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from koutu.contract import ACTIONS
from koutu.errors import InvalidParameter
from koutu.server.accounts.billing.money import ZERO, amount

DOCUMENTED = "documented"


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of a price per call: holds from the previous step's end up to and with `up_to` (None: without end)."""

    up_to: int | None
    price: Decimal


@dataclass(frozen=True, slots=True)
class QpsTier:
    """One step of a price per prepaid QPS, for a day or for a month."""

    up_to: int | None
    per_day: Decimal
    per_month: Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """A package on sale; `first_price` is what an account's first package of this size costs, if that differs."""

    points: Decimal
    list_price: Decimal
    price: Decimal
    first_price: Decimal | None


@dataclass(frozen=True, slots=True)
class PackageTerms:
    """What packages are sold, what a call takes from them, how long they are good."""

    points_per_call: Mapping[str, Decimal]
    offers: tuple[Offer, ...]
    valid_days: int
    warn_below: Decimal
    general: bool

    def offer(self, points: Decimal) -> Offer:
        """The offer of this size.

        Raises:
            InvalidParameter: there is none.
        """
        for offer in self.offers:
            if offer.points == points:
                return offer
        sizes = ", ".join(f"{offer.points:f}" for offer in self.offers) or "none"
        raise InvalidParameter(f"The price book has no package of {points:f} points; it has {sizes}.")


@dataclass(frozen=True, slots=True)
class PriceBook:
    """A price book. An action without a price per call is free; see `NO_PRICES` for where there is no book."""

    name: str
    currency: str
    decimals: int
    time_zone: str
    arrears_hours: int
    pay_as_you_go: Mapping[str, tuple[Tier, ...]]
    packages: PackageTerms
    prepaid_qps: Mapping[str, tuple[QpsTier, ...]]

    def month(self, at: datetime) -> str:
        """The calendar month of a moment in the book's time zone, as 2026-03."""
        return at.astimezone(ZoneInfo(self.time_zone)).strftime("%Y-%m")

    def billed(self, action: str) -> bool:
        """Whether a call of this action may cost something."""
        return action in self.pay_as_you_go

    @property
    def arrears(self) -> timedelta:
        """How long an account may be in arrears before its billed actions are frozen."""
        return timedelta(hours=self.arrears_hours)


NO_PRICES = PriceBook("", "", 2, "UTC", 24, {}, PackageTerms({}, (), 365, Decimal("0.2"), False), {})


def documented_text() -> str:
    """The documented price list as TOML."""
    return (files("koutu.server.accounts.billing") / "documented.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=64)
def parse_book(text: str) -> PriceBook:
    """A price book from TOML.

    Raises:
        InvalidParameter: it is not sound; the message names the place and what is allowed there.
    """
    try:
        root = _Table("", tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise InvalidParameter(f"The price book is not TOML: {error}.") from None
    book = PriceBook(
        name=root.text("name", longest=100),
        currency=root.text("currency", longest=10),
        decimals=root.whole("decimals", 2, 0, 6),
        time_zone=_zone(root),
        arrears_hours=root.whole("arrears_hours", 24, 0, 24 * 366),
        pay_as_you_go=_priced(root.table("pay_as_you_go")),
        packages=_packages(root.table("packages")),
        prepaid_qps=_prepaid(root.table("prepaid_qps")),
    )
    root.done()
    for action in book.packages.points_per_call:
        if action not in book.pay_as_you_go:
            raise InvalidParameter(f"packages.points_per_call.{action}: packages are for actions that [pay_as_you_go] prices.")
    return book


class _Table:
    """A TOML table that knows its place and what was asked of it, so that a misspelt name is not passed over."""

    def __init__(self, place: str, content: object) -> None:
        if not isinstance(content, dict):
            raise InvalidParameter(f"{place} must be a table.")
        self.content: dict[str, Any] = content
        self._place = place
        self._known: set[str] = set()
        self._tables: dict[str, _Table] = {}

    def at(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name

    def get(self, name: str) -> Any:
        self._known.add(name)
        return self.content.get(name)

    def text(self, name: str, *, longest: int) -> str:
        value = self.get(name)
        if not isinstance(value, str) or not 0 < len(value.strip()) <= longest:
            raise InvalidParameter(f"{self.at(name)} must be a text of 1 to {longest} characters.")
        return value.strip()

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        value = self.get(name)
        value = default if value is None else value
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise InvalidParameter(f"{self.at(name)} must be a whole number from {least} to {most}.")
        return value

    def money(self, name: str, default: Decimal | None = None) -> Decimal:
        value = self.get(name)
        if value is None:
            if default is None:
                raise InvalidParameter(f"{self.at(name)} is missing.")
            return default
        return amount(value, self.at(name))

    def table(self, name: str) -> "_Table":
        if name not in self._tables:
            self._tables[name] = _Table(self.at(name), self.get(name) or {})
        return self._tables[name]

    def rows(self, name: str) -> Iterator["_Table"]:
        value = self.get(name)
        if not isinstance(value, list):
            raise InvalidParameter(f"{self.at(name)} must be a list.")
        for number, row in enumerate(value, 1):
            table = _Table(f"{self.at(name)}[{number}]", row)
            yield table
            table.done()

    def done(self) -> None:
        unknown = sorted(set(self.content) - self._known)
        if unknown:
            raise InvalidParameter(f"{self.at(unknown[0])} is not known here; known are {', '.join(sorted(self._known))}.")
        for table in self._tables.values():
            table.done()


def _zone(root: _Table) -> str:
    name = root.text("time_zone", longest=50) if "time_zone" in root.content else "UTC"
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise InvalidParameter(f"time_zone must be a name such as UTC or Asia/Shanghai; {name} is none.") from None
    return name


def _actions(table: _Table) -> list[str]:
    for action in table.content:
        if action not in ACTIONS:
            raise InvalidParameter(f"{table.at(action)}: there is no such action; mind its spelling, capitals included.")
    return list(table.content)


def _tiers(table: _Table, action: str) -> Iterator[tuple[int | None, _Table]]:
    """The tiers of an action with their ends, which have to rise; only the last may be without one."""
    last: int | None = 0
    for tier in table.rows(action):
        if last is None:
            raise InvalidParameter(f"{table.at(action)}: only the last tier may be without up_to.")
        end = tier.whole("up_to", 0, last + 1, 10**12) if "up_to" in tier.content else None
        yield end, tier
        last = end
    if last == 0:
        raise InvalidParameter(f"{table.at(action)} must have at least one tier; leave the action out where it is free.")


def _priced(table: _Table) -> dict[str, tuple[Tier, ...]]:
    priced = {}
    for action in _actions(table):
        tiers = tuple(Tier(end, tier.money("price")) for end, tier in _tiers(table, action))
        if tiers[-1].up_to is not None:
            raise InvalidParameter(f"{table.at(action)}: the last tier must be without up_to, so that every call has a price.")
        if any(tier.price for tier in tiers):
            priced[action] = tiers
    return priced


def _prepaid(table: _Table) -> dict[str, tuple[QpsTier, ...]]:
    return {
        action: tuple(QpsTier(end, tier.money("per_day"), tier.money("per_month")) for end, tier in _tiers(table, action))
        for action in _actions(table)
    }


def _packages(table: _Table) -> PackageTerms:
    points = table.table("points_per_call")
    terms = PackageTerms(
        points_per_call={action: points.money(action) for action in _actions(points)},
        offers=tuple(_offers(table)) if "offers" in table.content else (),
        valid_days=table.whole("valid_days", 365, 1, 36_500),
        warn_below=table.money("warn_below", Decimal("0.2")),
        general=_flag(table, "general"),
    )
    if any(not taken for taken in terms.points_per_call.values()):
        raise InvalidParameter(f"{points.at('...')}: a call takes more than 0 points; leave out actions without packages.")
    if terms.warn_below >= 1:
        raise InvalidParameter(f"{table.at('warn_below')} is a share of the package's points, below 1.")
    return terms


def _flag(table: _Table, name: str) -> bool:
    value = table.get(name) if name in table.content else False
    if not isinstance(value, bool):
        raise InvalidParameter(f"{table.at(name)} must be true or false.")
    return value


def _offers(table: _Table) -> Iterator[Offer]:
    sizes = set()
    for row in table.rows("offers"):
        price = row.money("price")
        first = row.money("first_price") if "first_price" in row.content else None
        offer = Offer(row.money("points"), row.money("list_price", price), price, first)
        if offer.points == ZERO or offer.points in sizes:
            raise InvalidParameter(f"{row.at('points')} must be above 0 and differ from the other packages' points.")
        sizes.add(offer.points)
        yield offer
