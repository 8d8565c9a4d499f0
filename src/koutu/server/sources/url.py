"""From a caller's string to the one place it names; there is a single reading, so nothing can be smuggled between two."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from koutu.errors import IllegalURL, ImageURL

_LONGEST = 8192
_LEGAL = re.compile(r"[!#-;=?-\[\]^_`a-z{|}~]*")  # printable ASCII less space, double quote, <, > and the backslash
_HOST_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,253}[A-Za-z0-9_.])?")
_IPV6_LITERAL = re.compile(r"[0-9A-Fa-f:.]{2,45}")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """A place to fetch from: `host` without brackets and in lower case, `path` with its query, as it goes on the wire."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as they stand in a Host header and in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def url(self) -> str:
        """The whole URL."""
        return f"{self.scheme}://{self.authority}{self.path}"


def parse_url(text: str) -> Target:
    """Read a URL.

    Raises:
        IllegalURL: it holds characters that a URL may not hold; Chinese ones, for example, have to be percent-encoded.
        ImageURL: it is not a usable http or https URL.
    """
    if len(text) > _LONGEST:
        raise ImageURL(f"The image's URL has {len(text)} characters; {_LONGEST} are the most.")
    legal = _LEGAL.match(text)
    if legal is None or legal.end() != len(text):
        position = legal.end() if legal else 0
        raise IllegalURL(
            f"The image's URL holds the character {text[position]!a} at position {position + 1}; "
            "characters other than printable ASCII (Chinese ones, spaces) must be percent-encoded."
        )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ImageURL("The image's URL cannot be read: its host or port is malformed.") from error
    if parts.scheme not in _PORTS:
        raise ImageURL("The image's URL must begin with http:// or https://.")
    if "@" in parts.netloc:
        raise ImageURL("The image's URL must not hold a user name or a password.")
    host = (parts.hostname or "").lower()
    literal = parts.netloc.startswith("[")
    if not (_IPV6_LITERAL if literal else _HOST_NAME).fullmatch(host):
        raise ImageURL("The image's URL has no usable host name.")
    if port == 0:
        raise ImageURL("The image's URL has port 0.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], path)


def redirected(source: Target, location: bytes) -> Target:
    """Where a redirect from `source` leads; servers often leave the path of `location` unencoded, as browsers tolerate."""
    return parse_url(urljoin(source.url(), quote(location, safe="!#$%&'()*+,/:;=?@[]^_`{|}~")))
