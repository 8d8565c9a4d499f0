"""Counting calls per second: exact windows of one second, in memory, in a Redis, or in the database.

A window is a second of the clock. What one second leaves unused the next does not have. Servers whose clocks differ share
the newest second that any of them has seen; one that is behind by more than `_DRIFT_S` is taken for a clock that was set back.
"""

import threading
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import case, or_
from sqlalchemy.dialects import postgresql, sqlite

from koutu.errors import ServiceUnavailable
from koutu.server.accounts.database import Database
from koutu.server.accounts.tables import QpsWindow
from koutu.settings import Settings

if TYPE_CHECKING:
    from redis import Redis

_DRIFT_S = 5
_KEEP_S = 60


class Windows(Protocol):
    """Where calls are counted. Every method blocks."""

    def take(self, account_id: int, action: str, second: int, limit: int) -> bool:
        """Count a call in this second, unless `limit` calls are counted in it already; whether it was counted."""

    def close(self) -> None:
        """Let go of what is held open."""


class MemoryWindows:
    """In this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[tuple[int, str], tuple[int, int]] = {}

    def take(self, account_id: int, action: str, second: int, limit: int) -> bool:
        """Count a call in this second, unless it is full."""
        with self._lock:
            newest, calls = self._windows.get((account_id, action), (second, 0))
            if second > newest or newest > second + _DRIFT_S:
                newest, calls = second, 0
            if calls >= limit:
                return False
            self._windows[account_id, action] = (newest, calls + 1)
            return True

    def close(self) -> None:
        """There is nothing to let go of."""


_TAKE = f"""
local second, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local newest = tonumber(redis.call('HGET', KEYS[1], 'second') or second)
local calls = tonumber(redis.call('HGET', KEYS[1], 'calls') or 0)
if second > newest or newest > second + {_DRIFT_S} then newest = second; calls = 0 end
if calls >= limit then return 0 end
redis.call('HSET', KEYS[1], 'second', newest, 'calls', calls + 1)
redis.call('EXPIRE', KEYS[1], {_KEEP_S})
return 1
"""


class RedisWindows:
    """In a Redis that several servers share.

    Args:
        client: the connection pool; it is closed with this object.
    """

    def __init__(self, client: "Redis") -> None:
        self._client = client
        self._take = client.register_script(_TAKE)

    def take(self, account_id: int, action: str, second: int, limit: int) -> bool:
        """Count a call in this second, unless it is full, on any server.

        Raises:
            ServiceUnavailable: the store cannot be reached.
        """
        from redis.exceptions import RedisError

        try:
            return bool(self._take(keys=[f"koutu/qps/{account_id}/{action}"], args=[second, limit]))
        except RedisError as error:
            raise ServiceUnavailable("The store of quotas cannot be reached.") from error

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class DatabaseWindows:
    """In the accounts' database, which several servers share; the database is the caller's to close."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = (sqlite if database.sqlite else postgresql).insert

    def take(self, account_id: int, action: str, second: int, limit: int) -> bool:
        """Count a call in this second, unless it is full, on any server."""
        if limit < 1:
            return False
        row = self._insert(QpsWindow).values(account_id=account_id, action=action, second=second, calls=1)
        # The row is locked before the condition is judged, so of two that come at once the second sees the first one's count.
        anew = or_(QpsWindow.second < row.excluded.second, QpsWindow.second > row.excluded.second + _DRIFT_S)
        statement = row.on_conflict_do_update(
            index_elements=["account_id", "action"],
            set_={
                "second": case((anew, row.excluded.second), else_=QpsWindow.second),
                "calls": case((anew, 1), else_=QpsWindow.calls + 1),
            },
            where=or_(anew, QpsWindow.calls < limit),
        ).returning(QpsWindow.calls)
        with self._database.write() as connection:
            return connection.execute(statement).first() is not None

    def close(self) -> None:
        """There is nothing to let go of."""


def open_windows(settings: Settings, database: Database) -> Windows:
    """Where `quota_store` says; auto: the Redis if there is one, else the database if it is a server, else memory."""
    store = settings.quota_store
    if store == "redis" or (store == "auto" and settings.redis_url):
        from redis import Redis

        return RedisWindows(Redis.from_url(settings.redis_url))
    if store == "database" or (store == "auto" and settings.database_url):
        return DatabaseWindows(database)
    return MemoryWindows()
