"""Where calls to the outside may go: addresses as people write them, and the networks behind them. Pure.

Two checks, both needed: the address as written (`why_not_url`), when it is stored and again before each call; and every
network address its name resolves to (`is_forbidden`), by whoever opens the connection, to exactly what was checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from services.kit import addresses
from services.kit.addresses import Address, Network

MOST_SIGNS: Final = 2000
MOST_HOST_SIGNS: Final = 253
# Not global, or not a single host: RFC 6890 with its registries; shared (100.64/10), benchmarking, documentation, multicast,
# reserved, broadcast. `is_global` of the standard library lets 224.0.0.1 and tunnels to inner addresses pass.
FORBIDDEN_V4: Final = tuple(
    ip_network(text)
    for text in (
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
    )
)
# Of IPv6 only what is handed out for global use; within it the tunnels and the documentation ranges are out again.
GLOBAL_V6: Final = ip_network("2000::/3")
FORBIDDEN_V6: Final = tuple(ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
HOST_SIGNS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")


@dataclass(frozen=True, slots=True)
class Policy:
    """What an operator allows. No `hosts`: any host whose addresses are public. `networks` are allowed although not public."""

    hosts: Sequence[str]
    networks: Sequence[Network]
    ports: frozenset[int]
    plain: bool = False

    @property
    def schemes(self) -> Mapping[str, int]:
        """Schemes with their usual ports."""
        return {"https": 443} | ({"http": 80} if self.plain else {})


def policy(hosts: str, networks: str, ports: str, *, plain: bool = False) -> Policy:
    """A policy from comma-separated settings; ValueError for a bent one."""
    names = tuple(part.strip().lower() for part in hosts.split(",") if part.strip())
    if any(not HOST_SIGNS.issuperset(name) for name in names):
        raise ValueError("not a host name")
    numbers = frozenset(int(part) for part in ports.split(",") if part.strip())
    if not numbers or not all(1 <= number <= 65_535 for number in numbers):
        raise ValueError("not a port")
    return Policy(names, addresses.networks(networks), numbers, plain)


def is_forbidden(address: Address, allowed: Policy) -> bool:
    """Whether no call may go to this network address."""
    if any(address in network for network in allowed.networks):
        return False
    if isinstance(address, IPv4Address):
        return any(address in network for network in FORBIDDEN_V4)
    return address not in GLOBAL_V6 or any(address in network for network in FORBIDDEN_V6)


def why_not_url(url: str, allowed: Policy) -> str | None:
    """What is wrong with an address as written: `wrong_format`, or `target_forbidden` by the operator's policy."""
    if len(url) > MOST_SIGNS:
        return "wrong_format"
    if not url.isascii() or any(sign <= " " or sign in '\\"<>^`{|}\x7f' for sign in url):
        return "wrong_format"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "wrong_format"
    if host is None or "#" in url or "@" in parts.netloc or "%" in parts.netloc or parts.netloc.endswith(":"):
        return "wrong_format"
    if parts.scheme not in allowed.schemes or (port or allowed.schemes[parts.scheme]) not in allowed.ports:
        return "target_forbidden"
    return _why_not_host(host, parts.netloc, allowed)


def _why_not_host(host: str, written: str, allowed: Policy) -> str | None:
    literal = _literal(host)
    if literal is not None:
        named = not allowed.hosts or host in allowed.hosts
        return None if named and not is_forbidden(literal, allowed) else "target_forbidden"
    labels = host.split(".")
    if "[" in written or len(host) > MOST_HOST_SIGNS or not all(_is_label(label) for label in labels):
        return "wrong_format"
    # 0x7f.1, 2130706433, 017700000001: resolvers take them for addresses. No top-level domain begins with a digit.
    if labels[-1][0].isdigit():
        return "target_forbidden"
    return None if _is_named(host, allowed.hosts) else "target_forbidden"


def _is_label(label: str) -> bool:
    return 1 <= len(label) <= 63 and HOST_SIGNS.issuperset(label) and not label.startswith("-") and not label.endswith("-")


def _is_named(host: str, hosts: Sequence[str]) -> bool:
    """Whether the host is one of the operator's; without a list, any name that lies in some domain."""
    if not hosts:
        return "." in host
    return any(host.endswith(name) if name.startswith(".") else host == name for name in hosts)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def resolved(text: str) -> Address | None:
    """The address a resolver told, or None for one with a zone or anything else that cannot be checked."""
    return _literal(text) if text.isascii() else None
