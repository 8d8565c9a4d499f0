"""Bucket and Endpoint, of which every client composes `{Bucket}.{Endpoint}` as the host that it posts to."""

from koutu.errors import InvalidParameter
from koutu.server.public import bare_host
from koutu.settings import Settings


def place(settings: Settings, *, scheme: str, host: str, user_agent: str) -> tuple[str, str]:
    """Bucket and Endpoint for one client.

    Behind a domain the setting `bucket_host` names the bucket's host. Without it this server is its own bucket, under the host
    that the client called: `127.0.0.1:8080` becomes `127` and `0.0.1:8080`.

    Args:
        settings: bucket_host counts.
        scheme: that of the client's request.
        host: its Host header.
        user_agent: its User-Agent header.

    Raises:
        InvalidParameter: the host cannot be split.
    """
    named = settings.bucket_host
    plain = scheme == "http" if "://" not in named else named.startswith("http://")
    bucket, endpoint = _split(bare_host(named or host))
    # Of the Python clients the newest posts with https whatever it was told, unless the bucket's name has a scheme already; the
    # older ones take that too. Behind a domain of its own https is the normal case, and the name is left as it is.
    if plain and user_agent.startswith("AlibabaCloud ") and " Python/" in user_agent and (not named or "://" in named):
        bucket = f"http://{bucket}"
    return bucket, endpoint


def _split(host: str) -> tuple[str, str]:
    name, _, port = host.partition(":")
    if name.lower() == "localhost":
        return _split(f"127.0.0.1:{port}" if port else "127.0.0.1")
    bucket, dot, _ = name.partition(".")
    if not bucket or not dot:
        raise InvalidParameter(
            f"Files cannot be uploaded under the host {host[:100]!r}: it must be an IPv4 address or have a dot in it, "
            "or KOUTU_BUCKET_HOST must name the bucket's host."
        )
    return bucket, host[len(bucket) + 1 :]
