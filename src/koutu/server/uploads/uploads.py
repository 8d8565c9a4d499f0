"""Grants, keeps, hands out and deletes uploaded files."""

import re
import time
from collections.abc import Callable, Mapping

from koutu.contract import ACTIONS
from koutu.errors import ImageDownload, TooLarge
from koutu.server.storage import Objects
from koutu.server.uploads import policy
from koutu.server.uploads.key import PREFIX, is_key, made_at, make_key, owned
from koutu.server.uploads.place import place
from koutu.settings import Settings

_POLICY_SECONDS = 3600
_URL = re.compile(r"https?://[^/?#\s]+/(upload/[^?#]*)")


class Uploads:
    """Uploaded files: private to the account that was granted the upload, gone when their time is over.

    Args:
        settings: upload_seconds, bucket_host and limits count.
        objects: where files are kept.
        secret: what keys and policies are signed with.
        clock: seconds since the epoch.
    """

    def __init__(self, settings: Settings, objects: Objects, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._objects = objects
        self._secret = secret
        self._clock = clock

    def authorize(self, *, owner: str, scheme: str, host: str, user_agent: str) -> dict[str, object]:
        """What AuthorizeFileUpload answers beside RequestId: leave for `owner` to post one file."""
        bucket, endpoint = place(self._settings, scheme=scheme, host=host, user_agent=user_agent)
        now = self._clock()
        grant = policy.Policy(make_key(self._secret, owner, now), self.max_bytes(), int(now) + _POLICY_SECONDS)
        encoded = grant.encode()
        return {
            "AccessKeyId": policy.SIGNER,
            "EncodedPolicy": encoded,
            "Signature": policy.sign(self._secret, encoded),
            "ObjectKey": grant.key,
            "Bucket": bucket,
            "Endpoint": endpoint,
            "UseAccelerate": False,
        }

    def admit(self, fields: Mapping[str, str]) -> policy.Policy:
        """The policy of a posted form; raises as `policy.check` does."""
        return policy.check(self._secret, fields, self._clock())

    async def keep(self, key: str, data: bytes) -> None:
        """Store a file under a key that a policy allowed."""
        await self._objects.put(key, data)

    async def read(self, url: str, *, owner: str, max_bytes: int) -> bytes | None:
        """The uploaded file that `url` names, whatever its host; None for a URL that names no upload.

        Raises:
            ImageDownload: there is no such upload, its time is over, or it is another account's.
            TooLarge: it has more than `max_bytes`.
        """
        match = _URL.fullmatch(url)
        if match is None:
            return None
        key = match[1]
        # One message for all: whether another account's upload is there is nobody else's business.
        missing = ImageDownload(
            f"There is no such upload: uploaded files belong to the account that uploaded them and are kept for "
            f"{self._settings.upload_seconds} seconds."
        )
        if not is_key(key) or not owned(self._secret, key, owner) or self._over(key):
            raise missing
        meta = await self._objects.head(key)
        if meta is None:
            raise missing
        if meta.size > max_bytes:
            raise TooLarge(f"The uploaded file has {meta.size} bytes; {max_bytes} are the most that this action takes.")
        data = await self._objects.get(key)
        if data is None:
            raise missing
        return data

    async def sweep(self) -> None:
        """Delete the files whose time is over."""
        await self._objects.delete([meta.key async for meta in self._objects.list(PREFIX) if self._over(meta.key)])

    def _over(self, key: str) -> bool:
        made = made_at(key)
        return made is None or made + self._settings.upload_seconds < self._clock()

    def max_bytes(self) -> int:
        """The largest file that is taken."""
        if self._settings.limits == "relaxed":
            return self._settings.file_bytes
        return max(action.limits.max_bytes for action in ACTIONS.values() if action.limits)
