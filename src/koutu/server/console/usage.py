"""What the ledger says of the last days, summed up for charts."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from koutu.server.accounts.database import Database
from koutu.server.accounts.tables import LedgerEntry

DAYS = 30
# The most calls that latencies are read of; with more, the newest count.
_MOST = 100_000


@dataclass(frozen=True, slots=True)
class ActionUsage:
    """One action in the window: calls, input megapixels, and latencies in milliseconds."""

    action: str
    calls: int
    megapixels: float
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Usage:
    """The window.

    Attributes:
        days: every day of the window, oldest first, with its calls.
        hours: the last 24 hours, oldest first, with the median latency in milliseconds, None where there was no call.
        actions: by calls, most first.
        calls: all of them.
    """

    days: list[tuple[date, int]]
    hours: list[tuple[datetime, float | None]]
    actions: list[ActionUsage]
    calls: int


def read_usage(database: Database, account_id: int | None, now: datetime) -> Usage:
    """Sum up an account's last days, or every account's for None; blocks."""
    query = (
        select(LedgerEntry.at, LedgerEntry.action, LedgerEntry.latency_ms, LedgerEntry.pixels)
        .where(LedgerEntry.at >= now - timedelta(days=DAYS))
        .order_by(LedgerEntry.at.desc())
        .limit(_MOST)
    )
    if account_id is not None:
        query = query.where(LedgerEntry.account_id == account_id)
    with database.read() as connection:
        rows = connection.execute(query).all()
    by_day = Counter(at.date() for at, *_ in rows)
    latencies: defaultdict[str, list[float]] = defaultdict(list)
    pixels: Counter[str] = Counter()
    by_hour: defaultdict[datetime, list[float]] = defaultdict(list)
    for at, action, latency, count in rows:
        latencies[action].append(latency)
        pixels[action] += count
        by_hour[_hour(at)].append(latency)
    today = now.astimezone(UTC).date()
    dates = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    hours = [_hour(now) - timedelta(hours=back) for back in reversed(range(24))]
    actions = [
        ActionUsage(name, len(values), pixels[name] / 1e6, quantile(values, 0.5), quantile(values, 0.95))
        for name, values in latencies.items()
    ]
    return Usage(
        [(day, by_day[day]) for day in dates],
        [(hour, quantile(by_hour[hour], 0.5) if hour in by_hour else None) for hour in hours],
        sorted(actions, key=lambda usage: (-usage.calls, usage.action)),
        len(rows),
    )


def quantile(values: list[float], share: float) -> float:
    """The value that `share` of `values` does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
