"""Signed facts: opened only as they were signed, by a published key, as what they are."""

from __future__ import annotations

from pathlib import Path

from services.kit import token_keys
from services.kit.signatures import Seal
from tests import tokens

FACTS = {"sequence": 7, "district_id": "示例"}


def test_what_was_signed_is_opened(tmp_path: Path) -> None:
    files = tokens.new_keys(tmp_path)
    seal = Seal.from_files(*files, "a-kind")
    text = seal.sign(FACTS)
    assert seal.opened(text) == FACTS
    files.signing_key_file.unlink()
    token_keys.make_key_files(*files)
    rotated = Seal.from_files(*files, "a-kind")
    assert rotated.opened(text) == FACTS, "the old key stays published"
    assert seal.opened(rotated.sign(FACTS)) is None, "not published when this process started"


def test_nothing_else_is_opened(tmp_path: Path) -> None:
    seal = Seal.from_files(*tokens.new_keys(tmp_path), "a-kind")
    text = seal.sign(FACTS)
    header, facts, signature = text.split(".")
    other = seal.sign({"sequence": 8}).split(".")[1]
    for bent in (
        f"{header}.{other}.{signature}", f"{header}.{facts}.{signature[:-4]}AAAA", f"{header}.{facts}.", "", "a.b.c",
        f"{header}.{facts}.{signature}.", f"{header}.{facts}.AAAA", text.replace(".", ".."), "界.界.界",
        Seal.from_files(*tokens.keys(), "a-kind").sign(FACTS), tokens.manager(),
    ):  # fmt: skip
        assert seal.opened(bent) is None, bent
    (tmp_path / "other").mkdir()
    assert Seal(seal._key, seal._published, "another-kind").opened(text) is None
