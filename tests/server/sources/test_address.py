"""The table of addresses against the standard library's own, and against every way of wrapping IPv4 in IPv6."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koutu.server.sources.address import Reach, reach

V4 = st.integers(0, 2**32 - 1).map(IPv4Address)
V6 = st.integers(0, 2**128 - 1).map(IPv6Address)


@given(st.one_of(V4, V6, st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_the_standard_library_calls_private_is_never_public(
    address: IPv4Address | IPv6Address,
) -> None:
    if not address.is_global or address.is_multicast:
        assert reach(address) is not Reach.PUBLIC


@pytest.mark.parametrize(
    "wrap",
    [
        lambda v4: 0xFFFF << 32 | v4,  # mapped
        lambda v4: v4,  # compatible
        lambda v4: 0x2002 << 112 | v4 << 80 | 1,  # 6to4
        lambda v4: 0x64FF9B << 96 | v4,  # NAT64
        lambda v4: 0x64FF9B0001 << 80 | v4,  # NAT64, local prefix
        lambda v4: 0x20010000 << 96 | 0xCB007101 << 64 | (v4 ^ 0xFFFFFFFF),  # Teredo
        lambda v4: 0x20010000 << 96 | v4 << 64 | 0x34FF8EFE,  # Teredo, as its server
        lambda v4: 0x2A00145040010800 << 64 | 0x00005EFE << 32 | v4,  # ISATAP
        lambda v4: 0x2A00145040010800 << 64 | 0x02005EFE << 32 | v4,  # ISATAP, universal bit
    ],
    ids=[
        "mapped",
        "compatible",
        "6to4",
        "nat64",
        "nat64-local",
        "teredo",
        "teredo-server",
        "isatap",
        "isatap-universal",
    ],
)
@given(
    v4=st.one_of(
        st.integers(0, 2**32 - 1),
        st.sampled_from([0x7F000001, 0x0A000001, 0xA9FEA9FE, 0x646464C8]),
    )
)
def test_wrapped_ipv4_is_never_public(wrap, v4: int) -> None:
    # The compatible form of 0.0.0.1 is ::1, which an operator may allow; everything else that is wrapped nobody may.
    assert reach(IPv6Address(wrap(v4))) is (Reach.PRIVATE if wrap(v4) == 1 else Reach.NEVER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1", Reach.PRIVATE),
        ("127.255.255.254", Reach.PRIVATE),
        ("10.1.2.3", Reach.PRIVATE),
        ("172.16.0.1", Reach.PRIVATE),
        ("172.32.0.1", Reach.PUBLIC),
        ("192.168.1.1", Reach.PRIVATE),
        ("100.64.0.1", Reach.PRIVATE),
        ("100.127.255.255", Reach.PRIVATE),
        ("100.128.0.1", Reach.PUBLIC),
        ("100.100.100.200", Reach.NEVER),
        ("169.254.169.254", Reach.NEVER),
        ("169.254.1.1", Reach.NEVER),
        ("0.0.0.0", Reach.NEVER),
        ("224.0.0.1", Reach.NEVER),
        ("255.255.255.255", Reach.NEVER),
        ("198.18.0.1", Reach.NEVER),
        ("8.8.8.8", Reach.PUBLIC),
        ("::", Reach.NEVER),
        ("::1", Reach.PRIVATE),
        ("fd00::1", Reach.PRIVATE),
        ("fd00:ec2::254", Reach.NEVER),
        ("fe80::1", Reach.NEVER),
        ("fe80::1%1", Reach.NEVER),
        ("fec0::1", Reach.NEVER),
        ("ff02::1", Reach.NEVER),
        ("2001:4860:4860::8888", Reach.PUBLIC),
        ("2001:db8::1", Reach.NEVER),
        ("4000::1", Reach.NEVER),
    ],
)
def test_known_addresses(text: str, expected: Reach) -> None:
    assert reach(ip_address(text)) is expected
