"""Addresses of callers: whom to believe about them, and how they are counted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# No chain of honest proxies is longer.
MOST_HOPS: Final = 20
# One line of a provider's customer: whoever has one IPv6 address has all of its /64.
IPV6_BUCKET: Final = 64


def networks(listed: str) -> tuple[Network, ...]:
    """The networks of a comma-separated list; ValueError for a bent one, and for one that holds the whole world."""
    found = tuple(ip_network(part.strip()) for part in listed.split(",") if part.strip())
    if any(network.prefixlen == 0 for network in found):
        raise ValueError("a list of trusted proxies that holds every address lets every caller choose its own")
    return found


def parsed(text: str) -> Address | None:
    """The address a text names, or None: with or without port, brackets for IPv6; IPv4 inside IPv6 comes out as IPv4."""
    name = text.strip()
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    elif name.count(":") == 1:
        name = name.partition(":")[0]
    try:
        # A zone (`%eth0`) says something about the sender's machine only.
        address = ip_address(name.partition("%")[0]) if name.isascii() else None
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client_of(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The caller's address: the peer's, or what trusted proxies say, the rightmost address that is not a proxy of ours.

    `forwarded` are the values of X-Forwarded-For in their order. Each proxy appends whom it heard, so only what a trusted
    one appended counts: reading stops at the first address that is none of ours, or is no address at all.
    """
    client = parsed(peer)
    if client is None:
        return peer
    entries = ",".join(forwarded).split(",") if forwarded else []
    for entry in entries[: -MOST_HOPS - 1 : -1]:
        if not _is_within(client, trusted):
            break
        named = parsed(entry)
        if named is None:
            break
        client = named
    return str(client)


def _is_within(address: Address, listed: Sequence[Network]) -> bool:
    return any(address in network for network in listed)


def bucket(address: str) -> str:
    """Under what an address is counted and locked: itself, or its /64 for IPv6."""
    found = parsed(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, IPV6_BUCKET), strict=False))
    return str(found) if found is not None else address
