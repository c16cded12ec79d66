"""Reads and locks of declared conflicts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from services.cases_api.case_files.tables import CaseFile
from services.cases_api.conflict_declarations import rules
from services.cases_api.conflict_declarations.schemas import ConflictDeclarationFilter
from services.cases_api.conflict_declarations.tables import ConflictDeclaration as Declaration
from services.kit import answers, errors, pagination, preconditions, references, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role

PLAIN = (
    "id", "account_id", "unit_id", "case_file_id", "kind", "reason", "pinned", "state", "declared_by", "withdrawn_by", "version",
)  # fmt: skip


def is_bureau(who: Principal) -> bool:
    """Whether the caller lays conflicts down for others."""
    return Role.BUREAU in who.roles


def body(who: Principal) -> ColumnElement[Any]:
    """The declaration as the caller reads it."""
    may: ColumnElement[bool] = Declaration.state.in_(rules.MOVES["withdraw"])
    may = may if is_bureau(who) else and_(may, ~Declaration.pinned)
    return answers.json_object(
        {name: getattr(Declaration, name) for name in PLAIN}
        | {name: answers.moment(getattr(Declaration, name)) for name in ("declared_at", "withdrawn_at")}
        | {"allowed_actions": answers.allowed_actions({"withdraw": may})}
    )


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of declarations: one's own, and all of the district for the bureau."""
    own = Declaration.account_id == who.account_id
    return visibility.within(who, district=Declaration.district_id, assigned=own)


async def page(
    read: Reader, who: Principal, wanted: ConflictDeclarationFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of declarations by the time they were made."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort"}, exclude_none=True)
    filters = [getattr(Declaration, name) == value for name, value in named.items()]
    order = pagination.Order((Declaration.declared_at, Declaration.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(body(who)).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, declaration_id: UUID) -> answers.One:
    """One declaration; NotFound also when the caller may not see it."""
    found = select(body(who), Declaration.version).where(Declaration.id == declaration_id, visible_to(who))
    return await answers.read_one(connection, found)


async def one_for_update(session: Session, who: Principal, declaration_id: UUID, version: int) -> Declaration:
    """The row, locked; NotFound, Stale."""
    wanted = select(Declaration).where(Declaration.id == declaration_id, visible_to(who)).with_for_update()
    found = (await session.execute(wanted)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def is_there(session: Session, district_id: UUID, unit_id: UUID | None, case_file_id: UUID | None) -> bool:
    """Whether the unit or the file is one of the district."""
    units = references.units
    unit = select(units.c.id).where(units.c.id == unit_id, units.c.district_id == district_id)
    file = select(CaseFile.id).where(CaseFile.id == case_file_id, CaseFile.district_id == district_id)
    return (await session.execute(unit if unit_id else file)).scalar_one_or_none() is not None


async def is_reviewer(session: Session, district_id: UUID, account_id: UUID) -> bool:
    """Whether this is an account of the district with the reviewer's role."""
    accounts, units = references.accounts, references.units
    found = select(accounts.c.roles).join(units, units.c.id == accounts.c.unit_id)
    found = found.where(accounts.c.id == account_id, or_(units.c.district_id == district_id))
    roles = (await session.execute(found)).scalar_one_or_none()
    return roles is not None and Role.REVIEWER in roles
