"""Whose word counts about a caller's address. Pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit import addresses
from services.kit.settings import Settings

TRUSTED = addresses.networks("10.0.0.0/8, 192.0.2.1, fd00::/64")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        # Nobody is believed who is no proxy of ours.
        ("203.0.113.9", ["198.51.100.7"], "203.0.113.9"),
        ("10.0.0.5", [], "10.0.0.5"),
        ("10.0.0.5", ["198.51.100.7"], "198.51.100.7"),
        # What the caller wrote itself stands to the left of what our proxy appended.
        ("10.0.0.5", ["127.0.0.1, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.5", ["127.0.0.1", "198.51.100.7"], "198.51.100.7"),
        ("10.0.0.5", ["10.0.0.6, 198.51.100.7"], "198.51.100.7"),
        # Two proxies of ours in a row.
        ("10.0.0.5", ["6.6.6.6, 198.51.100.7, 10.0.0.6"], "198.51.100.7"),
        ("10.0.0.5", ["198.51.100.7, 192.0.2.1"], "198.51.100.7"),
        ("10.0.0.5", ["198.51.100.7, 192.0.2.2"], "192.0.2.2"),
        # A caller within the trusted networks.
        ("10.0.0.5", ["10.0.0.77, 10.0.0.6"], "10.0.0.77"),
        # No address: reading ends at the last one that a trusted proxy vouched for.
        ("10.0.0.5", ["unknown"], "10.0.0.5"),
        ("10.0.0.5", ["198.51.100.7, _hidden"], "10.0.0.5"),
        ("10.0.0.5", ["198.51.100.7, "], "10.0.0.5"),
        ("10.0.0.5", ["198.51.100.7, 10.0.0.6, evil"], "10.0.0.5"),
        ("10.0.0.5", ["\uff11\uff12\uff17.0.0.1"], "10.0.0.5"),
        # Spellings.
        ("10.0.0.5", ["198.51.100.7:4711"], "198.51.100.7"),
        ("10.0.0.5", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("10.0.0.5", ["2001:DB8:0::1"], "2001:db8::1"),
        ("10.0.0.5", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("::ffff:10.0.0.5", ["198.51.100.7"], "198.51.100.7"),
        ("fd00::5", ["198.51.100.7"], "198.51.100.7"),
        ("fd00:0:0:1::5", ["198.51.100.7"], "fd00:0:0:1::5"),
        ("", ["198.51.100.7"], ""),
    ],
)
def test_the_caller_is_the_rightmost_address_that_is_no_proxy_of_ours(peer: str, forwarded: list[str], client: str) -> None:
    assert addresses.client_of(peer, forwarded, TRUSTED) == client


def test_without_trusted_proxies_only_the_connection_speaks() -> None:
    assert addresses.client_of("127.0.0.1", ["198.51.100.7"], ()) == "127.0.0.1"


def test_an_endless_chain_is_read_to_an_end() -> None:
    chain = ", ".join(["198.51.100.7"] + ["10.0.0.6"] * 100)
    assert addresses.client_of("10.0.0.5", [chain], TRUSTED) == "10.0.0.6"


@given(st.lists(st.text(max_size=30), max_size=5))
def test_no_text_breaks_it_and_what_our_proxy_appended_counts(written: list[str]) -> None:
    assert addresses.client_of("10.0.0.5", [*written, "198.51.100.7"], TRUSTED) == "198.51.100.7"
    assert addresses.client_of("203.0.113.9", written, TRUSTED) == "203.0.113.9"


@pytest.mark.parametrize(
    ("address", "bucket"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", ""),
    ],
)
def test_an_ipv6_caller_is_counted_by_its_line(address: str, bucket: str) -> None:
    assert addresses.bucket(address) == bucket


@pytest.mark.parametrize("listed", ["10.0.0.1/8", "nonsense", "10.0.0.0/33", "0.0.0.0/0", "10.0.0.0/8, ::/0"])
def test_a_bent_list_of_proxies_stops_the_start(listed: str) -> None:
    with pytest.raises(RuntimeError, match="ZHIFA_TRUSTED_PROXIES"):
        _ = Settings(trusted_proxies=listed).proxies
