"""The page that tells what proves what is as the code is."""

from __future__ import annotations

from pathlib import Path

from services.tasks_api.obligations import formats, rules
from services.tasks_api.registers.kinds import KINDS


def test_the_page_is_current() -> None:
    assert Path("docs/obligations.md").read_text(encoding="utf-8") == formats.document(rules.OBLIGATIONS, KINDS.values())
