"""Addresses that no call may go to, as written and as resolved."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from services.kit import targets

PUBLIC = targets.policy("", "", "443,8443")

FORBIDDEN = [
    "http://receiver.example.cn/",  # not encrypted
    "ftp://receiver.example.cn/",
    "file:///etc/passwd",
    "https://127.0.0.1/",
    "https://127.8.9.10/",
    "https://0.0.0.0/",
    "https://10.1.2.3/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "https://[fc00::1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[ff02::1]/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://127.1/",
    "https://127.0.0.1./",
    "https://localhost/",
    "https://receiver/",
    "https://127。0。0。1/",
    "https://１２７.0.0.1/",
    "https://user:secret@receiver.example.cn/",
    "https://receiver.example.cn@127.0.0.1/",
    "https://receiver.example.cn:22/",
    "https://receiver.example.cn:80/",
    "https://receiver.example.cn:99999/",
    "https://receiver.example.cn:/",
    "https://receiver.example.cn\\@127.0.0.1/",
    "https://receiver.example.cn/#fragment",
    "https://receiver.example.cn/ HTTP/1.1\r\nHost: inner",
    "https://receiver..example.cn/",
    "https://-receiver.example.cn/",
    "https:///path",
    "https://" + "a" * 2000 + ".cn/",
    "receiver.example.cn",
    "",
]


@pytest.mark.parametrize("url", FORBIDDEN)
def test_a_forbidden_target_is_refused(url: str) -> None:
    assert targets.why_not_url(url, PUBLIC) is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://receiver.example.cn/hooks?of=zhifa",
        "https://receiver.example.cn:8443/",
        "https://8.8.8.8/",
        "https://[2400:3200::1]:8443/",
        "https://xn--fiqs8s.example.cn/",
    ],
)
def test_a_public_target_is_taken(url: str) -> None:
    assert targets.why_not_url(url, PUBLIC) is None


def test_an_operator_names_hosts_networks_and_ports() -> None:
    inner = targets.policy("hooks.example.cn,.gov.example.cn,10.20.1.2,receiver", "10.20.0.0/16", "443,9000", plain=True)
    for url in ("http://hooks.example.cn:9000/", "https://a.b.gov.example.cn/", "https://10.20.1.2/", "https://receiver/"):
        assert targets.why_not_url(url, inner) is None, url
    for url in ("https://example.cn/", "https://evilgov.example.cn/", "https://10.20.1.3/", "http://hooks.example.cn/"):
        assert targets.why_not_url(url, inner) == "target_forbidden", url
    assert not targets.is_forbidden(ip_address("10.20.9.9"), inner)
    assert targets.is_forbidden(ip_address("10.21.0.1"), inner)


@pytest.mark.parametrize(
    ("hosts", "networks", "ports"), [("", "0.0.0.0/0", "443"), ("a b", "", "443"), ("", "", ""), ("", "", "0")]
)
def test_a_bent_policy_stops_the_start(hosts: str, networks: str, ports: str) -> None:
    with pytest.raises(ValueError):
        targets.policy(hosts, networks, ports)


def test_what_a_resolver_tells_is_checked_whole() -> None:
    assert targets.resolved("fe80::1%eth0") is not None  # judged below, zone and all
    assert targets.is_forbidden(ip_address("fe80::1%eth0"), PUBLIC)
    assert targets.resolved("not an address") is None
