"""Each test has a configuration folder, a home and an environment of its own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the caller's own sign-in is seen or changed."""
    for name in ("ZHIFA_URL", "ZHIFA_TOKEN", "ZHIFA_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("ZHIFA_HOME", str(tmp_path / "home"))
