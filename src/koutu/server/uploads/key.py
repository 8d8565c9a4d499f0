"""Keys of uploads: `{prefix}{time and nonce}/{owner's mark}`, so that a key alone says when it ends and whose it is."""

import hashlib
import hmac
import re
import secrets

PREFIX = "upload/"
_REST = re.compile(r"([0-9a-f]{8})[0-9a-f]{24}/[0-9a-f]{32}", re.ASCII)


def make_key(secret: bytes, owner: str, now: float, prefix: str = PREFIX) -> str:
    """A new key that nobody can guess, for `owner` alone, made at `now` (seconds since the epoch)."""
    body = f"{int(now):08x}{secrets.token_hex(12)}"
    return f"{prefix}{body}/{_mark(secret, owner, body)}"


def is_key(text: str, prefix: str = PREFIX) -> bool:
    """Whether `text` has the form of a key."""
    return made_at(text, prefix) is not None


def owned(secret: bytes, key: str, owner: str) -> bool:
    """Whether this server made `key` for `owner`."""
    _, body, mark = key.split("/")
    return hmac.compare_digest(mark, _mark(secret, owner, body))


def made_at(key: str, prefix: str = PREFIX) -> int | None:
    """When `key` was made, in seconds since the epoch; None for what is no key."""
    match = _REST.fullmatch(key.removeprefix(prefix)) if key.startswith(prefix) else None
    return int(match[1], 16) if match else None


def _mark(secret: bytes, owner: str, body: str) -> str:
    return hmac.new(secret, f"{body}\n{owner}".encode(), hashlib.sha256).hexdigest()[:32]
