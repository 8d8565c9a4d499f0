"""What calls per second cost: prices per QPS and day or month, by tiers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files

from koutu.errors import InvalidParameter


@dataclass(frozen=True, slots=True)
class QpsTier:
    """The price of every QPS above `above` up to and with `up_to`."""

    above: int
    up_to: int
    per_day: Decimal
    per_month: Decimal


@dataclass(frozen=True, slots=True)
class QpsPrices:
    """A list of prices.

    Attributes:
        free: calls per second that every account has for every action.
        currency: of the prices.
        tiers: action -> its tiers, lowest first; an action that is not among them cannot be bought.
    """

    free: int
    currency: str
    tiers: Mapping[str, tuple[QpsTier, ...]]

    def of(self, action: str, qps: int) -> tuple[Decimal, Decimal]:
        """What `qps` calls per second cost for a day and for a month; each QPS costs what its own tier says.

        Raises:
            InvalidParameter: the action is not sold this way, or not that much of it.
        """
        tiers = self.tiers.get(action)
        if tiers is None:
            raise InvalidParameter(f"Calls per second are sold for {', '.join(self.tiers)}, not for {action[:60]!r}.")
        most = tiers[-1].up_to
        if not 0 < qps <= most:
            raise InvalidParameter(f"{action} is sold with 1 to {most} calls per second, not with {qps}.")
        counts = [max(0, min(qps, tier.up_to) - tier.above) for tier in tiers]
        day = sum((count * tier.per_day for count, tier in zip(counts, tiers, strict=True)), Decimal(0))
        month = sum((count * tier.per_month for count, tier in zip(counts, tiers, strict=True)), Decimal(0))
        return day, month


def _documented() -> QpsPrices:
    table = tomllib.loads(files(__package__).joinpath("qps.toml").read_text(encoding="utf-8"))
    tiers = {
        action: tuple(QpsTier(above, up_to, Decimal(day), Decimal(month)) for above, up_to, day, month in rows)
        for action, rows in table["tiers"].items()
    }
    return QpsPrices(table["free"], table["currency"], tiers)


DOCUMENTED = _documented()
"""The cloud's own list."""
