"""Connections that check the address at the moment they are made, so redirects and changing DNS answers change nothing."""

import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from ipaddress import ip_address

import anyio
import anyio.to_thread
import certifi
import httpcore

from koutu.errors import ImageDownload, ImageUnsafe
from koutu.server.sources.address import Address, Reach, reach

Resolve = Callable[[str, int], Awaitable[list[Address]]]

_ADDRESSES_TRIED = 3
# A thread that waits for a name server cannot be cancelled. Kept apart, such threads starve nobody but one another.
_RESOLVERS = 16


@lru_cache(maxsize=1)
def _limiter() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(_RESOLVERS)


async def resolve(host: str, port: int) -> list[Address]:
    """Ask the system for the addresses of `host`, in the order in which they should be tried; OSError when it has none."""
    found = await anyio.to_thread.run_sync(
        lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), abandon_on_cancel=True, limiter=_limiter()
    )
    return [ip_address(str(sockaddr[0])) for *_, sockaddr in found]


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """Trusts the system's authorities (a company's own among them) and certifi's, where the system has none."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves a host itself, refuses what must not be reached, and connects to the very address that it checked."""

    def __init__(self, resolve: Resolve, allowed: Callable[[str, int], bool]) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of `host` that answers.

        Raises:
            ImageUnsafe: one of its addresses must not be reached.
            ImageDownload: the name is unknown, or nothing answers there.
        """
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise ImageDownload(f"The host {host} of the image's URL is not known.") from error
        if not addresses:
            raise ImageDownload(f"The host {host} of the image's URL has no address.")
        self._check(host, port, addresses)
        tried = addresses[:_ADDRESSES_TRIED]
        share = None if timeout is None else timeout / len(tried)
        for address in tried:
            try:
                return await self._network.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        raise ImageDownload(f"The host {host} of the image's URL could not be reached at port {port}.")

    def _check(self, host: str, port: int, addresses: list[Address]) -> None:
        refused = {Reach.NEVER} if self._allowed(host, port) else {Reach.NEVER, Reach.PRIVATE}
        if any(reach(address) in refused for address in addresses):
            raise ImageUnsafe(
                f"The host {host} of the image's URL has an address that is not public, and such addresses are not fetched; "
                "the operator may name private hosts in KOUTU_FETCH_ALLOW_HOSTS."
            )
