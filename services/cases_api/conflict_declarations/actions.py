"""Declaring conflicts of interest and withdrawing them. Reasons stay out of the audit trail: they may speak of relatives."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.conflict_declarations import queries, rules
from services.cases_api.conflict_declarations.schemas import ConflictDeclarationIn
from services.cases_api.conflict_declarations.tables import ConflictDeclaration
from services.kit import errors, ids
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT = "conflict_declaration"
_tell: Final = Trail(OBJECT, access.CONFLICT_DECLARATIONS_READ, unit=None, person="account_id").tell


async def create(session: Session, who: Principal, wanted: ConflictDeclarationIn, now: datetime) -> ConflictDeclaration:
    """Declares a conflict, one's own or by the bureau anybody's. Raises BadInput, OnlyForOneself.

    A file under review that it touches is given to a stand-in when its reviewer opens or submits it.
    """
    assert who.district_id is not None
    account_id, bureau = wanted.account_id or who.account_id, queries.is_bureau(who)
    raise_if(rules.why_not_declare(account_id, who.account_id, wanted.kind, is_bureau=bureau))
    faults = rules.against_faults(wanted.unit_id, wanted.case_file_id)
    if not faults and not await queries.is_there(session, who.district_id, wanted.unit_id, wanted.case_file_id):
        faults.append(errors.Fault("/body/unit_id" if wanted.unit_id else "/body/case_file_id", "not_found"))
    if wanted.account_id and not await queries.is_reviewer(session, who.district_id, account_id):
        faults.append(errors.Fault("/body/account_id", "not_found"))
    if faults:
        raise errors.BadInput(*faults)
    pinned = bureau and (wanted.pinned or wanted.kind is rules.Kind.CLEARED)
    return await add(
        session, who, account_id, now, kind=wanted.kind, reason=wanted.reason, pinned=pinned, unit_id=wanted.unit_id,
        case_file_id=wanted.case_file_id,
    )  # fmt: skip


async def add(session: Session, who: Principal, account_id: UUID, now: datetime, **facts: Any) -> ConflictDeclaration:
    """Adds a declaration that is known to be sound."""
    made = ConflictDeclaration(
        id=ids.new_id(), district_id=who.district_id, account_id=account_id, state=rules.State.DECLARED,
        declared_by=who.account_id, declared_at=now, **facts,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    told = {"account_id": account_id} | {name: value for name, value in facts.items() if name != "reason"}
    _tell(session, who, made, "declared", {}, told)
    return made


async def withdraw(session: Session, who: Principal, declaration_id: UUID, version: int, now: datetime) -> None:
    """Withdraws a declaration, which stays on record. Raises NotFound, Stale, IllegalMove, Pinned."""
    found = await queries.one_for_update(session, who, declaration_id, version)
    raise_if(rules.why_not_withdraw(found, is_bureau=queries.is_bureau(who)))
    found.state, found.withdrawn_by, found.withdrawn_at = rules.State.WITHDRAWN, who.account_id, now
    await session.flush()
    _tell(session, who, found, "withdrawn", {"state": rules.State.DECLARED}, {"state": rules.State.WITHDRAWN})
