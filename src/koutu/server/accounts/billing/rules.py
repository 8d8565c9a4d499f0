"""The charging rules alone, without a database: tiers, packages, prepaid QPS. Every function is pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from koutu.errors import InvalidParameter
from koutu.server.accounts.billing.book import QpsTier, Tier
from koutu.server.accounts.billing.money import ZERO, plain


class Means(StrEnum):
    """What a call was paid with."""

    FREE = "free"
    PREPAID = "prepaid_qps"
    PACKAGE = "package"
    PAY_AS_YOU_GO = "pay_as_you_go"


@dataclass(frozen=True, slots=True)
class Stock:
    """What is left of a package; it may be drawn from while `starts <= at < expires`."""

    package_id: int
    general: bool
    left: Decimal
    starts: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Draw:
    """Points that a call takes from a package."""

    package_id: int
    points: Decimal


def draw(stocks: Iterable[Stock], points: Decimal, at: datetime) -> tuple[Draw, ...]:
    """Which packages a call takes its points from: the action's own before general ones, the earliest expiry first.

    A call may take the rest of one package and what it still needs from the next. Where all together hold too little it takes
    nothing, and the rest stays for a package that is bought later.

    Args:
        stocks: the packages that the action may draw from, in any order.
        points: what the call needs, above 0.
        at: the moment of the call.
    """
    good = [stock for stock in stocks if stock.left > 0 and stock.starts <= at < stock.expires]
    draws, needed = [], points
    for stock in sorted(good, key=lambda stock: (stock.general, stock.expires, stock.package_id)):
        taken = min(stock.left, needed)
        draws.append(Draw(stock.package_id, taken))
        needed -= taken
        if not needed:
            return tuple(draws)
    return ()


def price_of_call(tiers: Sequence[Tier], number: int) -> Decimal:
    """The price of the month's call with this number (the first is 1) among those that were paid as you go."""
    for tier in tiers:
        if tier.up_to is None or number <= tier.up_to:
            return tier.price
    raise AssertionError("the last tier has no end")


def price_of_calls(tiers: Sequence[Tier], calls: int) -> Decimal:
    """The price of the month's first `calls` calls together."""
    total, start = ZERO, 0
    for tier in tiers:
        end = calls if tier.up_to is None else min(calls, tier.up_to)
        total += tier.price * max(0, end - start)
        start = max(start, end)
    return plain(total)


def price_of_qps(tiers: Sequence[QpsTier], qps: int, *, days: int = 0, months: int = 0) -> Decimal:
    """The price of prepaid QPS: each QPS costs what its tier says, per day or per month.

    Args:
        tiers: the action's tiers.
        qps: how many QPS in all, those of a free tier among them.
        days: how many days.
        months: how many months beside them.

    Raises:
        InvalidParameter: more QPS than the tiers hold, or none.
    """
    most = tiers[-1].up_to
    if qps < 1 or (most is not None and qps > most):
        raise InvalidParameter(f"Prepaid QPS must be from 1 to {most or 'any number'}; {qps} is not.")
    total, start = ZERO, 0
    for tier in tiers:
        end = qps if tier.up_to is None else min(qps, tier.up_to)
        total += (tier.per_day * days + tier.per_month * months) * max(0, end - start)
        start = max(start, end)
    return plain(total)
