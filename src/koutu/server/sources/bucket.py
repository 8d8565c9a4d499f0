"""What this server itself holds is read inside the process, never through the network and its guard."""

import re
from typing import Protocol

# One client composes its second URL from a Bucket that already has a scheme.
_DOUBLED = re.compile(r"https?://(?=https?://)")


class Inside(Protocol):
    """A store of this server whose objects callers name by URL: their uploads, their results."""

    async def read(self, url: str, *, owner: str, max_bytes: int) -> bytes | None:
        """The bytes that `url` names if `owner` may have them; None when the URL names nothing of this store's kind.

        Raises:
            ImageDownload: the URL is of this store's kind, but there is no such object for `owner`.
            TooLarge: the object has more than `max_bytes`.
        """


def plain(url: str) -> str:
    """`url` without the doubled scheme of `http://http://127.0.0.1:8080/KEY`."""
    return _DOUBLED.sub("", url, count=1)
