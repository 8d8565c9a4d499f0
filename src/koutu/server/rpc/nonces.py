"""Nonces that came before, so that a recorded request cannot be sent again."""

import hashlib
import heapq
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from koutu.errors import ServiceUnavailable
from koutu.settings import Settings

if TYPE_CHECKING:
    from redis.asyncio import Redis


class Nonces(Protocol):
    """Where nonces are remembered."""

    async def first(self, access_key_id: str, nonce: str, keep_s: float) -> bool:
        """Whether this key uses this nonce for the first time; it is remembered for `keep_s` seconds."""

    async def close(self) -> None:
        """Let go of what is held open."""


class MemoryNonces:
    """In this process; the work of a call grows with the logarithm of what is remembered."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: set[bytes] = set()
        self._expiries: list[tuple[float, bytes]] = []

    async def first(self, access_key_id: str, nonce: str, keep_s: float) -> bool:
        """Whether this key uses this nonce for the first time."""
        now = self._clock()
        while self._expiries and self._expiries[0][0] <= now:
            self._known.discard(heapq.heappop(self._expiries)[1])
        key = _digest(access_key_id, nonce)
        if key in self._known:
            return False
        self._known.add(key)
        heapq.heappush(self._expiries, (now + keep_s, key))
        return True

    async def close(self) -> None:
        """There is nothing to let go of."""


class SharedNonces:
    """In a Redis that several servers share.

    Args:
        client: the connection pool; it is closed with this object.
    """

    def __init__(self, client: "Redis") -> None:
        self._client = client

    async def first(self, access_key_id: str, nonce: str, keep_s: float) -> bool:
        """Whether this key uses this nonce for the first time, on any server.

        Raises:
            ServiceUnavailable: the store cannot be reached; letting the call through would open it to replay.
        """
        from redis.exceptions import RedisError

        name = f"koutu/nonce/{_digest(access_key_id, nonce).hex()}"
        try:
            return bool(await self._client.set(name, b"", nx=True, px=math.ceil(keep_s * 1000)))
        except RedisError as error:
            raise ServiceUnavailable("The store of used nonces cannot be reached.") from error

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def open_nonces(settings: Settings) -> Nonces:
    """In memory, or where `redis_url` says (which takes the package `redis`)."""
    if not settings.redis_url:
        return MemoryNonces()
    from redis.asyncio import Redis

    return SharedNonces(Redis.from_url(settings.redis_url))


def _digest(access_key_id: str, nonce: str) -> bytes:
    return hashlib.blake2b(f"{access_key_id}\n{nonce}".encode(), digest_size=16).digest()
