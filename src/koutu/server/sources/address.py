"""Which addresses a stranger's URL may not lead to.

The tables follow the IANA special-purpose address registries. They are spelled out, rather than left to `ipaddress`'s
`is_global`, because what that answers differs between Python releases.
"""

from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address


class Reach(Enum):
    """Where an address leads."""

    PUBLIC = "public"
    PRIVATE = "private"
    """Inside the operator's own network: reached only where the operator names the host."""
    NEVER = "never"
    """Metadata services, multicast, reserved ranges, wrapped addresses: reached on nobody's word."""


_METADATA = frozenset({IPv4Address("100.100.100.200"), IPv4Address("169.254.169.254"), IPv6Address("fd00:ec2::254")})

_PRIVATE_V4 = tuple(
    IPv4Network(network)
    for network in (
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
    )
)
_NEVER_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "169.254.0.0/16",  # link-local
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)

_PRIVATE_V6 = (IPv6Network("::1/128"), IPv6Network("fc00::/7"))
# Mapped (::ffff:0:0/96), compatible (::/96) and NAT64 (64:ff9b::/96, 64:ff9b:1::/48) addresses, link-local and site-local
# ones and multicast all lie outside of the one block that is global unicast.
_GLOBAL_V6 = IPv6Network("2000::/3")
_NEVER_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocol assignments, Teredo (2001::/32) among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)
# The upper half of an ISATAP interface identifier; any prefix may stand before it, the wrapped IPv4 address after it.
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


def reach(address: Address) -> Reach:
    """Say where `address` leads."""
    if address in _METADATA:
        return Reach.NEVER
    if isinstance(address, IPv4Address):
        if any(address in network for network in _PRIVATE_V4):
            return Reach.PRIVATE
        return Reach.NEVER if any(address in network for network in _NEVER_V4) else Reach.PUBLIC
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return Reach.NEVER
    if any(address in network for network in _PRIVATE_V6):
        return Reach.PRIVATE
    if address not in _GLOBAL_V6 or any(address in network for network in _NEVER_V6):
        return Reach.NEVER
    return Reach.PUBLIC
