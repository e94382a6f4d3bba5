"""Where webhooks may lead: public https addresses, by their spelling and by what their name stands for.

The address is spelled strictly, because two parsers that read one text differently are how checks are evaded; and
what its name stands for is looked at before each connection, because names are pointed elsewhere after the check.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 2000
HTTPS: Final = 443
ADVICE: Final = "Use an https address with a public host name in lower case and no port, user or fragment."

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# A last label that begins with a letter: whatever ends in a number is an IPv4 address to some parsers, such as
# 127.1, 0x7f.1 or 2130706433 (WHATWG URL Standard, section 3.5).
_HOST: Final = rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])"
_TARGET: Final = r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
PATTERN: Final = rf"^https://{_HOST}(?::443)?{_TARGET}$"
_PUBLIC: Final = re.compile(rf"https://(?P<host>{_HOST})(?::443)?(?P<target>{_TARGET})")
_LOCAL: Final = re.compile(
    rf"http://(?P<host>localhost|127\.0\.0\.1)(?::(?P<port>[1-9][0-9]{{0,4}}))?(?P<target>{_TARGET})"
)
_LONGEST_HOST: Final = 253
"""Characters of a name (RFC 1035, section 2.3.4, without the final dot)."""
_HIGHEST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class Target:
    """What one connects to, and asks there."""

    host: str
    port: int
    target: str
    """Path and query, as they are sent."""
    is_local: bool = False
    """On this machine and without TLS, which only the local server and tests allow."""


def parse(url: str, *, localhost: bool = False) -> Target:
    """Take an address apart; raises `ValueError` for what is not spelled as a public https address.

    `localhost` also allows `http://localhost` and `http://127.0.0.1`, with any port.
    """
    if len(url) > LONGEST:
        raise ValueError(ADVICE)
    local = _LOCAL.fullmatch(url) if localhost else None
    if local is not None:
        port = int(local["port"] or 80)
        if port > _HIGHEST_PORT:
            raise ValueError(ADVICE)
        return Target(local["host"], port, _rooted(local["target"]), is_local=True)
    public = _PUBLIC.fullmatch(url)
    if public is None or len(public["host"]) > _LONGEST_HOST:
        raise ValueError(ADVICE)
    return Target(public["host"], HTTPS, _rooted(public["target"]))


def _rooted(target: str) -> str:
    return target if target.startswith("/") else f"/{target}"


_SPECIAL_4: Final = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
"""The IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast (RFC 5771) and what is reserved."""
_UNICAST_6: Final = ipaddress.IPv6Network("2000::/3")
"""All global unicast addresses (RFC 4291, section 2.4); loopback, mapped, NAT64, local and multicast lie outside."""
_SPECIAL_6: Final = tuple(
    map(
        ipaddress.IPv6Network,
        ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)
"""Within it (IANA IPv6 Special-Purpose Address Registry): protocol assignments with Teredo and ORCHID, documentation,
6to4, AS112. Those that carry an IPv4 address would lead to any host behind a relay."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to a host in the public Internet; False for what is no IP address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return not any(found in network for network in _SPECIAL_4)
    return found.scope_id is None and found in _UNICAST_6 and not any(found in network for network in _SPECIAL_6)


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own."""
    return ipaddress.ip_address(address).is_loopback
