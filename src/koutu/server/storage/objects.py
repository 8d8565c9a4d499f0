"""Objects by key."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from koutu.server.data_folder import data_folder
from koutu.settings import Settings

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known of an object without reading it."""

    key: str
    size: int
    modified: datetime
    etag: str | None


class Objects:
    """A store of objects by key; an object is there whole or not at all."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, key: str, data: bytes | AsyncIterator[bytes]) -> None:
        """Store an object, in place of an older one of this key."""
        await obstore.put_async(self._store, key, data)

    async def head(self, key: str) -> Meta | None:
        """What is known of an object, or None where there is none."""
        try:
            meta = await obstore.head_async(self._store, key)
        except FileNotFoundError:
            return None
        return Meta(meta["path"], meta["size"], meta["last_modified"], meta["e_tag"])

    async def get(self, key: str) -> bytes | None:
        """An object's bytes, or None where there is none."""
        try:
            found = await obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None

    async def stream(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`, in pieces."""
        if start == end:
            return
        found = await obstore.get_async(self._store, key, options={"range": (start, end)})
        async for piece in found.stream(_CHUNK):
            yield piece

    async def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; one that is not there is no error."""
        for key in keys:
            try:
                await obstore.delete_async(self._store, key)
            except FileNotFoundError:
                continue

    async def list(self, prefix: str) -> AsyncIterator[Meta]:
        """Every object under a prefix."""
        async for batch in obstore.list(self._store, prefix):
            for meta in batch:
                yield Meta(meta["path"], meta["size"], meta["last_modified"], meta["e_tag"])


def open_objects(settings: Settings) -> Objects:
    """The store that the settings name: `objects` in the data folder, or any URL that obstore knows (s3://, gs://, file://, memory://)."""
    if settings.storage_url:
        return Objects(from_url(settings.storage_url))
    return Objects(LocalStore(data_folder(settings) / "objects", mkdir=True))
