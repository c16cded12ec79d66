"""Rules of declared conflicts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.kit import errors


class Kind(StrEnum):
    """Kin, an interest in the matter, a dispute, or else; `cleared` lets a conflict found by the system pass."""

    KIN = "kin"
    INTEREST = "interest"
    DISPUTE = "dispute"
    OTHER = "other"
    CLEARED = "cleared"


class State(StrEnum):
    """Declared, or withdrawn and kept."""

    DECLARED = "declared"
    WITHDRAWN = "withdrawn"


MOVES: Final[Mapping[str, Mapping[State, State]]] = {"withdraw": {State.DECLARED: State.WITHDRAWN}}


class IllegalMove(errors.Conflict):
    code = "conflict_declaration.illegal_move"
    zh, en = "该回避申报已撤回。", "The declaration is withdrawn already."


class Pinned(errors.Forbidden):
    code = "conflict_declaration.pinned"
    zh, en = "该回避由区司法局确定，本人不能撤回。", "The bureau has laid this down; the person concerned cannot withdraw it."


class OnlyForOneself(errors.Forbidden):
    code = "conflict_declaration.only_for_oneself"
    zh, en = "只能为本人申报回避。", "A conflict is declared for oneself only."


class DeclarationFacts(Protocol):
    """What the rules ask of a declaration."""

    @property
    def state(self) -> str: ...
    @property
    def pinned(self) -> bool: ...


def why_not_declare(account_id: UUID, by: UUID, kind: Kind, *, is_bureau: bool) -> errors.DomainError | None:
    """Everybody for oneself; for others, and to clear a conflict, the bureau alone."""
    return None if is_bureau or (account_id == by and kind is not Kind.CLEARED) else OnlyForOneself()


def why_not_withdraw(declaration: DeclarationFacts, *, is_bureau: bool) -> errors.DomainError | None:
    """A pinned one is the bureau's to withdraw."""
    if State(declaration.state) not in MOVES["withdraw"]:
        return IllegalMove()
    return Pinned() if declaration.pinned and not is_bureau else None


def against_faults(unit_id: UUID | None, case_file_id: UUID | None) -> list[errors.Fault]:
    """Against a unit or a case file, not both."""
    if unit_id is None and case_file_id is None:
        return [errors.Fault("/body/unit_id", "missing")]
    return [errors.Fault("/body/case_file_id", "conflict_declaration.one_of_two")] if unit_id and case_file_id else []
