"""Nothing but a public https address is let through, however it is spelled and whatever it stands for."""

import ipaddress
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.addresses import PATTERN, Target, is_public, parse

IPV4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
IPV6 = st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address)
INNER = st.one_of(
    st.integers(0, 2**24 - 1).map(lambda low: ipaddress.IPv4Address((10 << 24) + low)),
    st.integers(0, 2**24 - 1).map(lambda low: ipaddress.IPv4Address((127 << 24) + low)),
    st.integers(0, 2**16 - 1).map(lambda low: ipaddress.IPv4Address((169 << 24) + (254 << 16) + low)),
    IPV4,
)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.org", Target("example.org", 443, "/")),
        ("https://example.org:443/hook", Target("example.org", 443, "/hook")),
        ("https://crm.example.org/a/b?c=d&e=%C3%BC", Target("crm.example.org", 443, "/a/b?c=d&e=%C3%BC")),
        ("https://xn--mller-kva.example?x", Target("xn--mller-kva.example", 443, "/?x")),
    ],
)
def test_a_public_address_is_taken_apart(url: str, target: Target) -> None:
    assert parse(url) == target


REFUSED = [
    "",
    "http://example.org/",
    "ftp://example.org/",
    "//example.org/",
    "https://",
    "https:///x",
    "https://example/",
    "https://localhost/",
    "https://example.org:8443/",
    "https://example.org:0443/",
    "https://example.org:/",
    "https://user@example.org/",
    "https://user:secret@example.org/",
    "https://example.org@127.0.0.1/",
    "https://example.org/#fragment",
    "https://example.org/a b",
    "https://example.org/\r\nHost: other",
    "https://example.org\\@127.0.0.1/",
    "https://example.org\t/",
    " https://example.org/",
    "https://example.org./",
    "https://exam_ple.org/",
    "https://-example.org/",
    "https://Example.org/",
    "https://müller.example/",
    "https://example。org/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://example.0x7f/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://8.8.8.8/",
    "https://%31%32%37.0.0.1/",
    f"https://{'a.' * 130}org/",
    f"https://example.org/{'a' * 2000}",
]


@pytest.mark.parametrize("url", REFUSED)
def test_any_other_spelling_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="https address"):
        parse(url)


@pytest.mark.parametrize("url", ["http://localhost:8001/hook", "http://127.0.0.1:8001/hook", "http://localhost/"])
def test_this_machine_is_an_address_only_where_that_is_allowed(url: str) -> None:
    assert parse(url, localhost=True).is_local
    with pytest.raises(ValueError, match="https address"):
        parse(url)


@pytest.mark.parametrize(
    "url",
    ["http://localhost.example.org/", "http://localhost:99999/", "http://127.0.0.2/", "http://10.0.0.1/"],
)
def test_allowing_this_machine_allows_no_other(url: str) -> None:
    with pytest.raises(ValueError, match="https address"):
        parse(url, localhost=True)


@given(st.text(max_size=60).map(lambda rest: f"https://{rest}"))
def test_whatever_is_let_through_has_a_plain_host_name(url: str) -> None:
    try:
        target = parse(url)
    except ValueError:
        return

    assert re.fullmatch(r"[a-z0-9.-]+\.[a-z][a-z0-9-]*", target.host)
    assert target.target.isascii()
    assert not set(target.target) & set(" \r\n\t#\\")


@given(st.from_regex(PATTERN, fullmatch=True))
def test_the_pattern_of_the_document_says_what_is_taken(url: str) -> None:
    assert parse(url).port == 443


@given(IPV4)
def test_an_ipv4_address_is_public_only_if_it_is_global_unicast(address: ipaddress.IPv4Address) -> None:
    forbidden = not address.is_global or address.is_multicast or address.is_reserved

    assert not (is_public(str(address)) and forbidden)


@given(IPV6)
def test_an_ipv6_address_is_public_only_if_it_is_global_unicast(address: ipaddress.IPv6Address) -> None:
    forbidden = not address.is_global or address.is_multicast or address.is_reserved or address.is_site_local
    carries = address.ipv4_mapped or address.sixtofour or address.teredo

    assert not (is_public(str(address)) and (forbidden or carries))


def _carrying(inner: ipaddress.IPv4Address) -> list[ipaddress.IPv6Address]:
    low = int(inner)
    return [
        ipaddress.IPv6Address(low),
        ipaddress.IPv6Address((0xFFFF << 32) + low),
        ipaddress.IPv6Address((0x64FF9B << 96) + low),
        ipaddress.IPv6Address((0x64FF9B0001 << 80) + low),
        ipaddress.IPv6Address((0x2002 << 112) + (low << 80) + 1),
        ipaddress.IPv6Address((0x20010000 << 96) + (low ^ 0xFFFFFFFF)),
    ]


@given(INNER)
def test_no_address_that_carries_another_one_is_public(inner: ipaddress.IPv4Address) -> None:
    found = [str(address) for address in _carrying(inner) if is_public(str(address))]

    assert found == []


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - not bound to
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.31.255.255",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.19.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "2600::1%1",
        "no address",
        "",
    ],
)
def test_an_address_of_a_special_kind_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001::8a"])
def test_an_address_of_a_host_in_the_internet_is_public(address: str) -> None:
    assert is_public(address)
