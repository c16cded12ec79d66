"""Sealing, opening and finding personal data, with both suites and with keys that change."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from services.kit import personal
from services.kit.personal import Suite, UnreadablePersonalData, Vault
from services.kit.settings import Settings


def key(suite: Suite, length: int | None = None) -> dict[str, str]:
    material = secrets.token_bytes(personal.LENGTHS[suite] if length is None else length)
    return {"suite": suite.value, "key": base64.b64encode(material).decode()}


def content(suite: Suite = Suite.AES, **changes: Any) -> dict[str, Any]:
    index = {"active": "i1", "keys": {"i1": key(suite, personal.INDEX_KEY)}}
    return {"active": "k1", "keys": {"k1": key(suite)}, "index": index} | changes


def vault_of(told: dict[str, Any]) -> Vault:
    return Vault(personal.read_keys(json.dumps(told).encode()))


@pytest.mark.parametrize("suite", Suite)
def test_what_is_sealed_opens_for_its_purpose_alone(suite: Suite) -> None:
    vault = vault_of(content(suite))
    sealed = vault.seal("350111190001010012", "a.b")
    assert sealed.startswith(b"k1:")
    assert b"350111" not in sealed
    assert vault.open(sealed, "a.b") == "350111190001010012"
    assert vault.seal("x", "a.b") != vault.seal("x", "a.b")
    bent = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for wrong, purpose in ((sealed, "a.c"), (bent, "a.b"), (sealed[:20], "a.b"), (b"k9:" + sealed[3:], "a.b"), (b"", "a.b")):
        with pytest.raises(UnreadablePersonalData):
            vault.open(wrong, purpose)
    with pytest.raises(UnreadablePersonalData):
        vault_of(content(suite)).open(sealed, "a.b")


@pytest.mark.parametrize("suite", Suite)
def test_equal_texts_are_found_within_a_purpose_alone(suite: Suite) -> None:
    vault = vault_of(content(suite))
    assert vault.index("甲", "a.b") == vault.index("甲", "a.b")
    assert len({vault.index("甲", "a.b"), vault.index("乙", "a.b"), vault.index("甲", "a.c")}) == 3
    assert vault_of(content(suite)).index("甲", "a.b") != vault.index("甲", "a.b")
    assert vault.indexes("甲", "a.b") == [vault.index("甲", "a.b")]


def test_the_suites_are_those_of_the_standards() -> None:
    # GB/T 32905 A.1: the SM3 digest of "abc", through the keyed digest's own primitive; SM4-GCM with a tag of 16 bytes.
    digest = hashlib.new(personal.DIGESTS[Suite.SM4], b"abc").hexdigest()
    assert digest == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    sealed = vault_of(content(Suite.SM4)).seal("", "a.b")
    assert len(sealed) == len(b"k1:") + personal.NONCE + personal.TAG


def test_old_and_new_keys_serve_side_by_side() -> None:
    old = content(Suite.AES)
    sealed, index = vault_of(old).seal("甲", "a.b"), vault_of(old).index("甲", "a.b")
    new = old | {"active": "k2", "keys": old["keys"] | {"k2": key(Suite.SM4)}}
    ring = old["index"]["keys"] | {"i2": key(Suite.SM4, personal.INDEX_KEY)}
    new |= {"index": {"active": "i2", "keys": ring}}
    vault = vault_of(new)
    assert vault.open(sealed, "a.b") == "甲"
    assert vault.seal("甲", "a.b").startswith(b"k2:")
    assert vault.indexes("甲", "a.b") == [vault.index("甲", "a.b"), index]
    assert vault.index("甲", "a.b").startswith(b"i2:")


def test_a_file_of_plain_keys_is_of_the_first_suite() -> None:
    plain, index = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    vault = vault_of({"active": "k1", "keys": {"k1": plain}, "index": index})
    assert vault.keys.seals.active.suite is Suite.AES
    assert vault.open(vault.seal("甲", "a.b"), "a.b") == "甲"


@pytest.mark.parametrize(
    "told",
    [
        {},
        [],
        content(active="k2"),
        content(keys={"k1": key(Suite.AES, 16)}),
        content(keys={"k1": key(Suite.SM4, 32)}),
        content(keys={"k1": {"suite": "des", "key": "AAAA"}}),
        content(keys={"k1": "not base64!"}),
        content(keys={"k:1": key(Suite.AES)}, active="k:1"),
        content(index={"active": "i1", "keys": {"i1": key(Suite.AES, 16)}}),
        content(index={"active": "i1", "keys": {}}),
    ],
)
def test_a_wrong_file_of_keys_stops_the_start(told: Any, tmp_path: Path) -> None:
    file = tmp_path / "personal.json"
    file.write_text(json.dumps(told))
    with pytest.raises(RuntimeError, match="ZHIFA_PERSONAL_KEYS_FILE"):
        Vault.from_settings(Settings(personal_keys_file=file))


def test_the_setting_demands_a_suite(tmp_path: Path) -> None:
    file = tmp_path / "personal.json"
    file.write_text(json.dumps(content(Suite.SM4)))
    assert Vault.from_settings(Settings(personal_keys_file=file, personal_suite="sm4-gcm-sm3")).seal("甲", "a.b")
    with pytest.raises(RuntimeError, match="aes-256-gcm-sha256"):
        Vault.from_settings(Settings(personal_keys_file=file, personal_suite="aes-256-gcm-sha256"))
    with pytest.raises(RuntimeError, match="is not set"):
        Vault.from_settings(Settings())


def test_a_changed_file_is_taken_up_and_a_broken_one_passed_over(tmp_path: Path) -> None:
    file, told = tmp_path / "personal.json", content()
    file.write_text(json.dumps(told))
    here, there = (Vault.from_settings(Settings(personal_keys_file=file)) for _ in range(2))
    assert not here.refresh()
    file.write_text(json.dumps(told | {"active": "k2", "keys": told["keys"] | {"k2": key(Suite.SM4)}}))
    assert here.refresh()
    assert there.open(here.seal("甲", "a.b"), "a.b") == "甲", "an unknown key makes a process look into the file"
    file.write_text("{")
    assert not here.refresh()
    assert here.open(here.seal("甲", "a.b"), "a.b") == "甲"
