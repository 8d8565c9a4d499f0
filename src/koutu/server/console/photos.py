"""Photos that the playground was given: their account's alone, and gone after an hour."""

import re
import time
from collections.abc import Callable

from koutu.errors import ImageDownload, TooLarge
from koutu.server.storage import Objects
from koutu.server.uploads.key import is_key, made_at, make_key, owned

PHOTO_SECONDS = 3600
PREFIX = "playground/"
_URL = re.compile(r"https?://[^/?#\s]+/(playground/[^?#]*)")


class Photos:
    """Keeps, hands out and deletes the playground's photos.

    Args:
        objects: where they are kept.
        secret: what their keys are signed with.
        clock: seconds since the epoch.
    """

    def __init__(self, objects: Objects, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._objects = objects
        self._secret = secret
        self._clock = clock

    async def keep(self, owner: str, data: bytes) -> str:
        """Store a photo for an account; gives its key."""
        key = make_key(self._secret, owner, self._clock(), PREFIX)
        await self._objects.put(key, data)
        return key

    async def read(self, url: str, *, owner: str, max_bytes: int) -> bytes | None:
        """The photo that `url` names, whatever its host; None for a URL that names none of the playground's.

        Raises:
            ImageDownload: there is no such photo, its hour is over, or it is another account's.
            TooLarge: it has more than `max_bytes`.
        """
        match = _URL.fullmatch(url)
        if match is None:
            return None
        key = match[1]
        good = is_key(key, PREFIX) and owned(self._secret, key, owner) and not self._over(key)
        data = await self._objects.get(key) if good else None
        if data is None:
            raise ImageDownload("There is no such photo: the playground's photos belong to one account and last an hour.")
        if len(data) > max_bytes:
            raise TooLarge(f"The photo has {len(data)} bytes; {max_bytes} are the most that this action takes.")
        return data

    async def sweep(self) -> None:
        """Delete the photos whose hour is over."""
        await self._objects.delete([meta.key async for meta in self._objects.list(PREFIX) if self._over(meta.key)])

    def _over(self, key: str) -> bool:
        made = made_at(key, PREFIX)
        return made is None or made + PHOTO_SECONDS < self._clock()
