"""The party of a case (当事人): forms of identity numbers, and what of a person is shown. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

from services.kit import identity
from services.kit.errors import Fault


class PartyKind(StrEnum):
    """A natural person, or a legal person or other organisation."""

    NATURAL = "natural"
    LEGAL = "legal"


class IdType(StrEnum):
    """Kinds of identity documents; only the first two have a check digit of their own (GB 11643, GB 32100)."""

    RESIDENT_ID = "resident_id"
    CREDIT_CODE = "credit_code"
    PASSPORT = "passport"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    FOREIGN_RESIDENCE = "foreign_residence"
    OTHER = "other"


class Party(Protocol):
    """What a rule may know of a party."""

    @property
    def kind(self) -> PartyKind: ...
    @property
    def name(self) -> str: ...
    @property
    def id_type(self) -> IdType | None: ...
    @property
    def id_number(self) -> str | None: ...


def id_type_of(party: Party) -> IdType | None:
    """The document named, or the usual one of the party's kind; None without a number."""
    if party.id_number is None:
        return None
    return party.id_type or (IdType.RESIDENT_ID if party.kind is PartyKind.NATURAL else IdType.CREDIT_CODE)


def faults(party: Party, at: str) -> Iterator[Fault]:
    """A resident number is a natural person's, a credit code an organisation's, and both must be well formed."""
    id_type, number = id_type_of(party), party.id_number
    if id_type is None or number is None:
        if party.id_type is not None:
            yield Fault(f"{at}/id_number", "missing")
        return
    own = {IdType.RESIDENT_ID: PartyKind.NATURAL, IdType.CREDIT_CODE: PartyKind.LEGAL}.get(id_type, party.kind)
    if own is not party.kind:
        yield Fault(f"{at}/id_type", "not_allowed")
    if (id_type is IdType.RESIDENT_ID and not identity.is_resident_id(number)) or (
        id_type is IdType.CREDIT_CODE and not identity.is_credit_code(number)
    ):
        yield Fault(f"{at}/id_number", "wrong_format")
