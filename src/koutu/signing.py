"""What both ends of a signed call compute: the percent-encoding, and ACS3-HMAC-SHA256 over query, headers and body."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import quote

ACS3 = "ACS3-HMAC-SHA256"


def enc(text: str) -> str:
    """UTF-8 percent-encoding; unreserved are A-Z a-z 0-9 - _ . ~ (RFC 3986)."""
    return quote(text, safe="-_.~")


def canonical_query(pairs: Iterable[tuple[str, str]]) -> str:
    """The pairs in the order of their keys, encoded and joined with & and =."""
    return "&".join(f"{enc(key)}={enc(value)}" for key, value in sorted(pairs))


def acs3_string_to_sign(method: str, query: Iterable[tuple[str, str]], headers: Mapping[str, str], signed_headers: str) -> str:
    """The algorithm's name and the hash of the canonical request.

    Args:
        method: GET or POST.
        query: the query's pairs, decoded.
        headers: by lower-case name.
        signed_headers: the names of those that are signed, joined with a semicolon.
    """
    lines = "".join(f"{name}:{headers.get(name.lower(), '')}\n" for name in signed_headers.split(";"))
    hashed = headers.get("x-acs-content-sha256", "")
    canonical = f"{method}\n/\n{canonical_query(query)}\n{lines}\n{signed_headers}\n{hashed}"
    return f"{ACS3}\n{hashlib.sha256(canonical.encode()).hexdigest()}"


def acs3_signature(secret: str, text: str) -> str:
    """Hex of the HMAC-SHA256 of `text` under the secret."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
