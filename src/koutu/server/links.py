"""Signed links to objects, in the OSS V1 query form."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from enum import Enum
from urllib.parse import quote, urlencode

BUCKET = "koutu"
SIGNER = "koutu-links"


class Verdict(Enum):
    """What a link's signature says."""

    GOOD = "good"
    UNSIGNED = "unsigned"
    WRONG = "wrong"
    EXPIRED = "expired"


class Links:
    """Makes and checks links.

    Args:
        secret: what they are signed with.
        clock: seconds since the epoch.
    """

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock

    def make(self, base: str, key: str, expires: int) -> str:
        """A link to `key` under `base` (scheme and host), good until `expires` (seconds since the epoch)."""
        query = {"Expires": str(expires), "OSSAccessKeyId": SIGNER, "Signature": self._sign(key, str(expires))}
        return f"{base}/{quote(key)}?{urlencode(query)}"

    def check(self, key: str, query: Mapping[str, str]) -> Verdict:
        """What is to be said of a link that came back."""
        expires, signer, signature = (query.get(name, "") for name in ("Expires", "OSSAccessKeyId", "Signature"))
        if not (expires or signer or signature):
            return Verdict.UNSIGNED
        good = hmac.compare_digest(self._sign(key, expires).encode(), signature.encode())
        if not good or signer != SIGNER:
            return Verdict.WRONG
        # The signature vouches that `expires` is a number that this server wrote.
        return Verdict.GOOD if self._clock() <= int(expires) else Verdict.EXPIRED

    def _sign(self, key: str, expires: str) -> str:
        text = f"GET\n\n\n{expires}\n/{BUCKET}/{key}"
        return base64.b64encode(hmac.new(self._secret, text.encode(), hashlib.sha1).digest()).decode()
