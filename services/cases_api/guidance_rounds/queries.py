"""Reads and locks of rounds of guidance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, literal, or_, select

from services.cases_api import access
from services.cases_api.draws import rules as draws
from services.cases_api.draws.rules import Purpose
from services.cases_api.draws.tables import Draw
from services.cases_api.guidance_rounds import rules
from services.cases_api.guidance_rounds.external import GRANTED_ITEMS
from services.cases_api.guidance_rounds.schemas import GuidanceRoundFilter
from services.cases_api.guidance_rounds.tables import GuidanceRound
from services.kit import answers, errors, pagination, preconditions, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.kit.rights import Right

WITNESSED = frozenset({"commit", "reveal"})
WITHOUT_SEED = frozenset({"seed", "commit", "reveal"})
VERBS: Mapping[str, Right] = {
    verb: access.DRAWS_WITNESS if verb in WITNESSED else access.GUIDANCE_ROUNDS_WRITE for verb in rules.MOVES
}
PLAIN = (
    "id", "district_id", "unit_id", "year", "state", "basis", "quota", "created_by", "void_reason", "version",
)  # fmt: skip


def body(who: Principal) -> ColumnElement[Any]:
    """The round as the caller reads it."""
    return answers.json_object(
        {name: getattr(GuidanceRound, name) for name in PLAIN}
        | {
            "draw_id": _draw(Draw.id),
            "created_at": answers.moment(GuidanceRound.created_at),
            "allowed_actions": answers.allowed_actions({verb: _may(who, verb) for verb in VERBS}),
        }
    )


def _draw(column: Any) -> ScalarSelect[Any]:
    mine = (Draw.purpose == Purpose.GUIDANCE, Draw.subject_id == GuidanceRound.id, Draw.state != draws.State.VOID)
    return select(column).where(*mine).correlate(GuidanceRound).scalar_subquery()


def _may(who: Principal, verb: str) -> ColumnElement[bool]:
    reached = visibility.under(who, VERBS[verb], district=GuidanceRound.district_id, unit=GuidanceRound.unit_id)
    allowed = and_(GuidanceRound.state.in_(sorted(rules.MOVES[verb])), reached)
    if verb in WITHOUT_SEED:
        return and_(allowed, _draw(Draw.seed).is_(None))
    return and_(allowed, _draw(Draw.seed).is_not(None)) if verb == "draw" else allowed


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of rounds: those of the district, so that anybody of it may witness their draws."""
    return visibility.within(who, district=GuidanceRound.district_id, unit=GuidanceRound.unit_id)


async def page(read: Reader, who: Principal, wanted: GuidanceRoundFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of rounds by the time they were made."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort"}, exclude_none=True)
    filters = [getattr(GuidanceRound, name) == value for name, value in named.items()]
    order = pagination.Order((GuidanceRound.created_at, GuidanceRound.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(body(who)).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, round_id: UUID) -> answers.One:
    """One round; NotFound also when the caller may not see it."""
    found = select(body(who), GuidanceRound.version).where(GuidanceRound.id == round_id, visible_to(who))
    return await answers.read_one(connection, found)


async def seen_for_update(session: Session, who: Principal, round_id: UUID) -> GuidanceRound:
    """The row, locked, whatever its version: for what witnesses add to a round. NotFound."""
    return await _locked(session, GuidanceRound.id == round_id, visible_to(who))


async def one_for_update(session: Session, who: Principal, round_id: UUID, version: int) -> GuidanceRound:
    """The row, locked, of a department within the caller's reach; NotFound, Stale."""
    reach = visibility.within(who, district=GuidanceRound.district_id, unit=GuidanceRound.unit_id)
    found = await _locked(session, GuidanceRound.id == round_id, reach)
    preconditions.expect(found.version, version)
    return found


async def _locked(session: Session, *wanted: ColumnElement[bool]) -> GuidanceRound:
    found = (await session.execute(select(GuidanceRound).where(*wanted).with_for_update())).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    return found


async def has_open(session: Session, unit_id: UUID, year: int) -> bool:
    """Whether the department has a round of the year that is not drawn yet. Asked one caller after the other."""
    turn = func.hashtextextended(f"guidance round {unit_id} {year}", 350111)
    await session.execute(select(func.pg_advisory_xact_lock(turn)))
    same = (GuidanceRound.unit_id == unit_id, GuidanceRound.year == year)
    waiting = GuidanceRound.state.in_((rules.State.DRAFT, rules.State.FROZEN))
    return (await session.execute(select(literal(1)).where(*same, waiting).limit(1))).scalar_one_or_none() is not None


async def grants(session: Session, unit_id: UUID, year: int) -> bool:
    """Whether a grant of this department holds in the year."""
    item = GRANTED_ITEMS.c
    holds = (item.granted_on <= date(year, 12, 31), or_(item.ends_on.is_(None), item.ends_on >= date(year, 1, 1)))
    found = select(literal(1)).where(item.department_id == unit_id, *holds).limit(1)
    return (await session.execute(found)).scalar_one_or_none() is not None
