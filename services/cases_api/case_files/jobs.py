"""What is sealed of parties, for sealing it anew when the keys change."""

from __future__ import annotations

from typing import Any, Final

from services.cases_api.case_files.actions.parties import PURPOSE, digested, name_signs
from services.kit import rotation
from services.kit.personal import Vault

NAMES = ("name", "id_number", "phone", "address")


def _indexed(file: rotation.Opened) -> tuple[str, str]:
    """The party of a row as the digest takes it; an organisation's name stands in clear."""
    facts: dict[str, Any] = {name: file[f"party_{name}_sealed"] for name in NAMES}
    name = facts.pop("name") or file["party_name_shown"]
    return digested(kind=file["party_kind"], id_type=file["party_id_type"], name=name, **facts), f"{PURPOSE}digest"


def _signs(vault: Vault, file: rotation.Opened) -> list[int]:
    name = file["party_name_sealed"]
    return [] if name is None else name_signs(vault, name)


SEALED: Final = rotation.Table(
    "cases.case_files",
    {f"party_{name}_sealed": f"{PURPOSE}{name}" for name in NAMES},
    index=("party_digest", _indexed),
    plain=("party_kind", "party_id_type", "party_name_shown"),
    signs=("party_signs", _signs),
)
