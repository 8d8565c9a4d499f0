"""One image by its URL, within limits on bytes, time, redirects and addresses."""

import ssl
from collections.abc import Sequence

import anyio
import httpcore

from koutu.errors import ImageDownload, TooLarge
from koutu.server.sources.bucket import Inside, plain
from koutu.server.sources.transport import GuardedBackend, Resolve, resolve, tls_context
from koutu.server.sources.url import Target, parse_url, redirected
from koutu.settings import Settings

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = (("Accept", "image/*, */*;q=0.5"), ("Accept-Encoding", "identity"), ("User-Agent", "Koutu"))
_MB = 1024 * 1024


class Sources:
    """Fetches input images. It keeps no connection, no cookie and no state between two of them.

    Args:
        settings: fetch_allow_hosts, fetch_timeout_s and fetch_redirects count.
        inside: stores of this server, asked before the network is.
        resolve: how host names become addresses.
    """

    def __init__(self, settings: Settings, inside: Sequence[Inside] = (), resolve: Resolve = resolve) -> None:
        self._settings = settings
        self._inside = tuple(inside)
        self._backend = GuardedBackend(resolve, self._allowed)

    async def fetch(self, url: str, *, max_bytes: int, timeout_s: float | None, owner: str) -> bytes:
        """The bytes that `url` names, as they are; nothing is said about what they hold.

        Args:
            url: http or https, or an object of this server.
            max_bytes: the most that is taken, inclusive.
            timeout_s: seconds for everything together, name look-up and redirects included; None = the setting.
            owner: the account that asks; it gets its own uploads alone.

        Raises:
            IllegalURL, ImageURL: the URL cannot be used.
            ImageUnsafe: it leads to an address that is not to be reached.
            ImageDownload: nothing could be downloaded there.
            TooLarge: there are more than `max_bytes`.
        """
        for store in self._inside:
            held = await store.read(plain(url), owner=owner, max_bytes=max_bytes)
            if held is not None:
                return held
        target = parse_url(url)
        seconds = self._settings.fetch_timeout_s if timeout_s is None else timeout_s
        try:
            with anyio.fail_after(seconds):
                return await self._follow(target, max_bytes, seconds)
        except TimeoutError as error:
            raise ImageDownload(f"The image was not downloaded from {target.host} within {seconds:g} seconds.") from error

    def _allowed(self, host: str, port: int) -> bool:
        bracketed = f"[{host}]" if ":" in host else host
        return not {host, bracketed, f"{bracketed}:{port}"}.isdisjoint(self._settings.fetch_allow_hosts)

    async def _follow(self, target: Target, max_bytes: int, seconds: float) -> bytes:
        for _ in range(self._settings.fetch_redirects + 1):
            answer = await self._get(target, max_bytes, seconds)
            if isinstance(answer, bytes):
                return answer
            target = answer
        raise ImageDownload(f"The image's URL redirects more than {self._settings.fetch_redirects} times.")

    async def _get(self, target: Target, max_bytes: int, seconds: float) -> bytes | Target:
        headers = [("Host", target.authority), *_HEADERS]
        url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        # A pool of its own for every request: nothing is shared between callers, and no environment proxy is looked at.
        pool = httpcore.AsyncConnectionPool(ssl_context=tls_context(), max_connections=1, network_backend=self._backend)
        try:
            async with pool, pool.stream("GET", url, headers=headers, extensions={"timeout": {"connect": seconds}}) as response:
                return await _take(response, target, max_bytes)
        except httpcore.TimeoutException as error:
            raise TimeoutError from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            raise ImageDownload(_reason(error, target)) from error


async def _take(response: httpcore.Response, target: Target, max_bytes: int) -> bytes | Target:
    headers = {name.lower(): value for name, value in response.headers}
    if response.status in _REDIRECTS and b"location" in headers:
        return redirected(target, headers[b"location"])
    if response.status != 200:
        raise ImageDownload(f"The image was not downloaded: {target.host} answered with status {response.status}.")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise ImageDownload(
            f"The image was not downloaded: {target.host} answered with a compressed body, which was not asked for."
        )
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > max_bytes:
        raise _too_large(max_bytes)
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_stream():
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(max_bytes)
        chunks.append(chunk)
    return b"".join(chunks)


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge(f"The image's file is larger than {max_bytes / _MB:g} MB ({max_bytes} bytes), the most that is taken here.")


def _reason(error: Exception, target: Target) -> str:
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__ or error.__context__, ssl.SSLError):
        return f"No secure connection to {target.host} could be made: {_tls_reason(error)}."
    return f"The image was not downloaded: {target.host} broke the connection off or does not speak HTTP."


def _tls_reason(error: BaseException | None) -> str:
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return getattr(error, "verify_message", "") or "the TLS handshake failed"
