"""Nonces that came before, so that a recorded request cannot be sent again."""

import hashlib
import heapq
import math
import time
from collections.abc import Callable
from typing import Protocol

from limits.aio.storage import Storage
from limits.storage import storage_from_string

from koutu.errors import ServiceUnavailable
from koutu.settings import Settings


class Nonces(Protocol):
    """Where nonces are remembered."""

    async def first(self, access_key_id: str, nonce: str, keep_s: float) -> bool:
        """Whether this key uses this nonce for the first time; it is remembered for `keep_s` seconds."""


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


class SharedNonces:
    """In a store that several servers share."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def first(self, access_key_id: str, nonce: str, keep_s: float) -> bool:
        """Whether this key uses this nonce for the first time, on any server.

        Raises:
            ServiceUnavailable: the store cannot be reached; letting the call through would open it to replay.
        """
        try:
            return await self._storage.incr(f"nonce/{_digest(access_key_id, nonce).hex()}", math.ceil(keep_s)) == 1
        except self._storage.base_exceptions as error:
            raise ServiceUnavailable("The store of used nonces cannot be reached.") from error


def open_nonces(settings: Settings) -> Nonces:
    """In memory, or where `redis_url` says."""
    if not settings.redis_url:
        return MemoryNonces()
    storage = storage_from_string(f"async+{settings.redis_url}", implementation="redispy")
    assert isinstance(storage, Storage)
    return SharedNonces(storage)


def _digest(access_key_id: str, nonce: str) -> bytes:
    return hashlib.blake2b(f"{access_key_id}\n{nonce}".encode(), digest_size=16).digest()
