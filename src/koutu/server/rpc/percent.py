"""The percent-encoding that signatures are made over."""

from collections.abc import Iterable
from urllib.parse import quote


def enc(text: str) -> str:
    """UTF-8 percent-encoding; unreserved are A-Z a-z 0-9 - _ . ~ (RFC 3986)."""
    return quote(text, safe="-_.~")


def canonical_query(pairs: Iterable[tuple[str, str]]) -> str:
    """The pairs in the order of their keys, encoded and joined with & and =."""
    return "&".join(f"{enc(key)}={enc(value)}" for key, value in sorted(pairs))
