"""Finding conflicts: one statement for those with units, one for those with files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    Date,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.cases_api.case_files.tables import CaseFile, CaseMove
from services.cases_api.conflict_checks import rules
from services.cases_api.conflict_checks.external import OFFICER_UNITS
from services.cases_api.conflict_checks.rules import Kind
from services.cases_api.conflict_declarations.rules import Kind as DeclaredKind
from services.cases_api.conflict_declarations.rules import State as DeclaredState
from services.cases_api.conflict_declarations.tables import ConflictDeclaration as Declaration
from services.cases_api.review_assignments.rules import State
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.review_settings.rules import Settings
from services.cases_api.reviewers.external import POOL
from services.cases_api.reviewers.tables import ReviewerRow
from services.kit import references
from services.kit.db import Reader, Session

ACCOUNTS, UNITS = references.accounts, references.units
# Who decided or closed a case approved it; whoever else moved or entered it handled it.
APPROVING = ("decide", "close")


@dataclass(frozen=True, slots=True)
class Scope:
    """Within what conflicts are looked for: the district, the campaign's year, the settings and the day."""

    district_id: UUID
    year: int
    settings: Settings
    day: date


async def find(
    connection: Session | Reader, scope: Scope, account_ids: Sequence[UUID], case_file_ids: Sequence[UUID]
) -> rules.Conflicts:
    """All conflicts of these accounts with units, and with these files."""
    with_units = rules.gathered(await _rows(connection, _with_units(scope, account_ids)))
    with_files = rules.gathered(await _rows(connection, _with_files(account_ids, case_file_ids)))
    cleared = await _rows(connection, _cleared(scope, account_ids))
    return rules.Conflicts(rules.without(with_units, cleared), with_files)


async def _rows(connection: Session | Reader, statement: Any) -> list[Any]:
    return [tuple(row) for row in (await connection.execute(statement)).all()]


def _ids(values: Sequence[UUID]) -> Any:
    # One array, whatever its length: the statement's text stays the same.
    return any_(cast(literal(list(values), ARRAY(Uuid)), ARRAY(Uuid)))


def _kind(kind: Kind) -> Any:
    return literal(kind.value, Text).label("kind")


def _with_units(scope: Scope, account_ids: Sequence[UUID]) -> CompoundSelect[Any]:
    recent = rules.years_before(scope.day, scope.settings.former_unit_years)
    parts: list[Select[Any]] = [
        _own_units(scope, account_ids),
        _pool_units(account_ids),
        _former_units(account_ids, recent),
        _former_posts(account_ids, recent),
        _repeated(scope, account_ids),
        select(Declaration.account_id, Declaration.unit_id, _kind(Kind.DECLARED)).where(
            Declaration.account_id == _ids(account_ids), Declaration.unit_id.is_not(None), *_declared()
        ),
    ]
    return union_all(*parts)


def _declared() -> tuple[Any, ...]:
    return (Declaration.state == DeclaredState.DECLARED, Declaration.kind != DeclaredKind.CLEARED)


def _own_units(scope: Scope, account_ids: Sequence[UUID]) -> Select[Any]:
    """The account's unit, those above it below the district, and those below it."""
    mine = UNITS.alias("mine")
    above = and_(UNITS.c.id == any_(mine.c.path), UNITS.c.id != scope.district_id)
    below = and_(mine.c.id == any_(UNITS.c.path), mine.c.id != scope.district_id)
    found: Select[Any] = select(ACCOUNTS.c.id, UNITS.c.id, _kind(Kind.OWN_UNIT))
    found = found.select_from(ACCOUNTS).join(mine, mine.c.id == ACCOUNTS.c.unit_id)
    found = found.join(UNITS, or_(UNITS.c.id == mine.c.id, above, below))
    return found.where(ACCOUNTS.c.id == _ids(account_ids), UNITS.c.district_id == scope.district_id)


def _pool_units(account_ids: Sequence[UUID]) -> Select[Any]:
    """The unit by which the training service lists the same person."""
    found: Select[Any] = select(POOL.c.account_id, POOL.c.pool_unit_id, _kind(Kind.OWN_UNIT))
    return found.where(POOL.c.account_id == _ids(account_ids), POOL.c.pool_unit_id.is_not(None))


def _former_units(account_ids: Sequence[UUID], recent: date) -> Select[Any]:
    former = func.jsonb_array_elements(ReviewerRow.former_units).column_valued("former", joins_implicitly=True)
    unit_id = cast(former.op("->>", return_type=Text())("unit_id"), Uuid)
    until = cast(former.op("->>", return_type=Text())("until"), Date)
    found: Select[Any] = select(ReviewerRow.account_id, unit_id, _kind(Kind.FORMER_UNIT))
    return found.where(ReviewerRow.account_id == _ids(account_ids), until >= recent)


def _former_posts(account_ids: Sequence[UUID], recent: date) -> Select[Any]:
    """Where the same person served as an enforcement officer."""
    found: Select[Any] = select(POOL.c.account_id, OFFICER_UNITS.c.unit_id, _kind(Kind.FORMER_UNIT))
    found = found.select_from(POOL).join(OFFICER_UNITS, OFFICER_UNITS.c.officer_id == POOL.c.officer_id)
    lately = or_(OFFICER_UNITS.c.to_on.is_(None), OFFICER_UNITS.c.to_on >= recent)
    return found.where(POOL.c.account_id == _ids(account_ids), lately)


def _repeated(scope: Scope, account_ids: Sequence[UUID]) -> Select[Any]:
    """Units whose files the account reviewed in the years before, self-reviews aside."""
    found: Select[Any] = select(ReviewAssignment.account_id, ReviewAssignment.unit_id, _kind(Kind.REPEATED)).distinct()
    found = found.join(ReviewRound, ReviewRound.id == ReviewAssignment.round_id)
    found = found.join(ReviewCampaign, ReviewCampaign.id == ReviewRound.campaign_id)
    first = scope.year - scope.settings.repeat_years
    years = and_(ReviewCampaign.year >= first, ReviewCampaign.year < scope.year)
    done = and_(ReviewAssignment.state == State.SUBMITTED, ReviewAssignment.mode != "self")
    return found.where(ReviewAssignment.account_id == _ids(account_ids), years, done)


def _cleared(scope: Scope, account_ids: Sequence[UUID]) -> Any:
    wanted = (Declaration.kind == DeclaredKind.CLEARED, Declaration.state == DeclaredState.DECLARED)
    found = select(Declaration.account_id, Declaration.unit_id).where(*wanted)
    found = found.where(Declaration.unit_id.is_not(None))
    return found.where(Declaration.account_id == _ids(account_ids), Declaration.district_id == scope.district_id)


def _with_files(account_ids: Sequence[UUID], case_file_ids: Sequence[UUID]) -> CompoundSelect[Any]:
    people, files = _ids(account_ids), _ids(case_file_ids)
    moved = CaseMove.action.in_(APPROVING)
    serving = POOL.c.officer_id == any_(CaseFile.officers)
    parts: list[Select[Any]] = [
        select(POOL.c.account_id, CaseFile.id, _kind(Kind.HANDLED))
        .join(CaseFile, serving)
        .where(POOL.c.account_id == people, CaseFile.id == files),
        select(CaseFile.created_by, CaseFile.id, _kind(Kind.HANDLED)).where(CaseFile.created_by == people, CaseFile.id == files),
        select(CaseMove.account_id, CaseMove.case_file_id, _kind(Kind.HANDLED)).where(
            CaseMove.account_id == people, CaseMove.case_file_id == files, ~moved
        ),
        select(CaseMove.account_id, CaseMove.case_file_id, _kind(Kind.APPROVED)).where(
            CaseMove.account_id == people, CaseMove.case_file_id == files, moved
        ),
        select(Declaration.account_id, Declaration.case_file_id, _kind(Kind.DECLARED)).where(
            Declaration.account_id == people, Declaration.case_file_id == files, *_declared()
        ),
    ]
    return union_all(*parts)


async def units_of(connection: Session | Reader, district_id: UUID, case_file_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The unit of each of these files of the district."""
    found = select(CaseFile.id, CaseFile.unit_id).where(CaseFile.id == _ids(case_file_ids), CaseFile.district_id == district_id)
    return dict(await _rows(connection, found))


async def accounts_of(connection: Session | Reader, district_id: UUID, account_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these accounts that work in the district."""
    found = select(ACCOUNTS.c.id).join(UNITS, UNITS.c.id == ACCOUNTS.c.unit_id)
    found = found.where(ACCOUNTS.c.id == _ids(account_ids), UNITS.c.district_id == district_id)
    return set((await connection.execute(found)).scalars())
