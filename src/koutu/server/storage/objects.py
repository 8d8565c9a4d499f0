"""Objects by key."""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import anyio.to_thread
import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from koutu.errors import ServiceUnavailable
from koutu.server.data_folder import data_folder
from koutu.settings import Settings

_STORE_BACK_S = 5
_CHUNK = 1024 * 1024
# What a local store writes before it renames it to its key.
_DRAFT = re.compile(r".+#\d+")


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known of an object without reading it."""

    key: str
    size: int
    modified: datetime
    etag: str | None


class Objects:
    """A store of objects by key; an object is there whole or not at all.

    Args:
        store: where they are.
        folder: the folder that `store` writes to, if it is one.
    """

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    async def put(self, key: str, data: bytes | AsyncIterator[bytes]) -> None:
        """Store an object, in place of an older one of this key.

        Raises:
            ServiceUnavailable: the store takes nothing now.
        """
        try:
            await obstore.put_async(self._store, key, data)
        except (BaseError, OSError) as error:
            raise ServiceUnavailable("The object store cannot be written to.", retry_after_s=_STORE_BACK_S) from error

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

    async def check(self) -> None:
        """Ask the store for something; raises where it does not answer."""
        await self.head("koutu-ready")

    async def tidy(self, before: datetime) -> None:
        """Delete what no key names: drafts that a killed process left, and folders that have become empty."""
        if self._folder is not None:
            await anyio.to_thread.run_sync(_tidy, self._folder, before.timestamp())

    async def list(self, prefix: str) -> AsyncIterator[Meta]:
        """Every object under a prefix."""
        async for batch in obstore.list(self._store, prefix):
            for meta in batch:
                yield Meta(meta["path"], meta["size"], meta["last_modified"], meta["e_tag"])


def open_objects(settings: Settings) -> Objects:
    """The store that the settings name: `objects` in the data folder, or any URL that obstore knows (s3://, gs://, file://, memory://)."""
    if settings.storage_url:
        return Objects(from_url(settings.storage_url))
    folder = data_folder(settings) / "objects"
    return Objects(LocalStore(folder, mkdir=True), folder)


def _tidy(folder: Path, before: float) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        # Another server may share the folder, so anything may be gone by now.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime >= before:
                continue
            if path.is_dir():
                with suppress(OSError):
                    path.rmdir()
            elif _DRAFT.fullmatch(path.name):
                path.unlink()
