"""How parties are kept and shown: sealed, masked, told apart and looked up by signs that are of no use without the key."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID

from services.cases_api.case_files.actions.trail import OBJECT
from services.cases_api.case_files.queries import rows
from services.cases_api.case_files.rules import parties, searching
from services.cases_api.case_files.schemas.parties import PartyDisclosed, PartyIn
from services.cases_api.case_files.tables import CaseFile
from services.kit import audit, identity, personal
from services.kit.db import Session
from services.kit.personal import Vault
from services.kit.principal import Principal

PURPOSE: Final = "cases.case_files.party_"
NAME_PURPOSE: Final = f"{PURPOSE}signs"


async def disclose(session: Session, who: Principal, file_id: UUID, reason: str, vault: Vault) -> PartyDisclosed:
    """The party in clear; that it was shown, to whom and why, enters the audit trail. Raises NotFound."""
    file = await rows.one_row(session, who, file_id)
    place = (file.id, file.district_id, file.unit_id)
    audit.record(session, who, f"{OBJECT}.party_disclosed", OBJECT, *place, reason=reason)
    sealed = {name: getattr(file, f"party_{name}_sealed") for name in ("name", "id_number", "phone", "address")}
    clear = {name: vault.open(value, PURPOSE + name) for name, value in sealed.items() if value is not None}
    facts: dict[str, Any] = {"kind": file.party_kind, "id_type": file.party_id_type, "name": file.party_name_shown} | clear
    return PartyDisclosed.model_validate(facts)


def assign(file: CaseFile, party: PartyIn, vault: Vault) -> None:
    """Writes the party to the row: sealed for keeping, masked for showing. An organisation's name is public."""
    natural = party.kind is parties.PartyKind.NATURAL
    sealed = {name: getattr(party, name) for name in ("id_number", "phone", "address")} | {
        "name": party.name if natural else None
    }
    for name, value in sealed.items():
        setattr(file, f"party_{name}_sealed", None if value is None else vault.seal(value, PURPOSE + name))
    file.party_kind, file.party_id_type = party.kind, parties.id_type_of(party)
    file.party_name_shown = personal.masked_name(party.name) if natural else party.name
    file.party_id_number_masked = None if party.id_number is None else identity.masked(party.id_number)
    file.party_digest = digest(party, vault)
    file.party_signs = name_signs(vault, party.name) if natural else []


def name_signs(vault: Vault, name: str) -> list[int]:
    """A person's name as it is looked up: of no use without the key."""
    return searching.name_signs(name, lambda pair: vault.index(pair, NAME_PURPOSE))


def name_digests(vault: Vault) -> list[searching.Digest]:
    """How names are made into signs: by the key of new values, and by each that values at rest may still be of."""
    ring = vault.keys.indexes
    keys = [ring.active, *(key for key in ring.keys.values() if key is not ring.active)]
    return [lambda pair, key=key: key.digest(pair, NAME_PURPOSE) for key in keys]  # type: ignore[misc]  # the key is bound at once


def digest(party: PartyIn, vault: Vault) -> bytes:
    """Equal for equal parties only, and of no use without the key."""
    return vault.index(_digested(party), f"{PURPOSE}digest")


def is_same(file: CaseFile, party: PartyIn, vault: Vault) -> bool:
    """Whether the file's party is this one, told by the digests that it may have while keys change."""
    return bytes(file.party_digest) in vault.indexes(_digested(party), f"{PURPOSE}digest")


def _digested(party: PartyIn) -> str:
    facts = party.model_dump(mode="json", exclude={"id_type"})
    return digested(id_type=parties.id_type_of(party), **facts)


def digested(**facts: str | None) -> str:
    """A party in one form: kind, id_type, name, id_number, phone, address."""
    return json.dumps(facts, sort_keys=True)
