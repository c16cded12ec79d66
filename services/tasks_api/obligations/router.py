"""Routes of obligations."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from services.kit import answers, clock, errors, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.obligations import actions, queries, rules
from services.tasks_api.obligations.schemas import (
    ChangesOut,
    ChangesQuery,
    DeclarationFilter,
    DeclarationIn,
    DeclarationOut,
    DeclarationPage,
    DefinitionOut,
    DefinitionsOut,
    ObligationFilter,
    ObligationPage,
    RankingOut,
    RankingQuery,
    RecordedOut,
    RecordFilter,
    RecordPage,
    RecordQuery,
)

router = routing.router("/v1/obligations", "obligations")
Name = Annotated[str, Path(min_length=1, max_length=8)]


@router.get("", response_model=ObligationPage, summary="可核验义务")
async def page(
    wanted: Annotated[ObligationFilter, Query()],
    who: access.MayReadObligations,
    read: ReadDep,
    cursors: CursorsDep,
    now: Now,
) -> Response:
    """What each unit owes in a year, how much of it the records show, and its status today.

    With `as_of` the values are those recorded by then (they are kept whenever they change), the states those of that day.
    """
    errors.raise_if(rules.why_not_as_of(wanted.as_of, now))
    question = await queries.asked(read, who.district_id, wanted.year, wanted.as_of, now)
    listing = queries.NOW if wanted.as_of is None else queries.THEN
    places = question.places | {"readings": await queries.readings(read, who, question)}
    return cursors.answer(await listing.page(read, who, wanted, cursors.after(wanted), **places), wanted)


@router.get("/definitions", response_model=DefinitionsOut, summary="义务目录")
async def definitions(who: access.MayReadObligations) -> DefinitionsOut:
    """Every obligation, the tasks and work requirements of the plan it comes from, and what is measured."""
    return DefinitionsOut(items=[DefinitionOut(**_told(each)) for each in rules.OBLIGATIONS])


def _told(each: rules.Obligation) -> dict[str, Any]:
    plain = {name: getattr(each, name) for name in DefinitionOut.model_fields if name != "settings"}
    lists = {"tasks": list(each.tasks), "requirements": list(each.requirements)}
    return plain | lists | {"settings": list(rules.SETTINGS.get(each.id, ()))}


@router.get("/ranking", response_model=RankingOut, summary="单位义务完成排名")
async def ranking(wanted: Annotated[RankingQuery, Query()], who: access.MayReadObligations, read: ReadDep, now: Now) -> Response:
    """Units by the share of their obligations that is met, with the obligations that keep them behind."""
    errors.raise_if(rules.why_not_as_of(wanted.as_of, now))
    question = await queries.asked(read, who.district_id, wanted.year, wanted.as_of, now)
    return Response(await queries.ranking(read, who, question), media_type="application/json")


@router.get("/changes", response_model=ChangesOut, summary="两个时刻之间义务的变化")
async def changes(wanted: Annotated[ChangesQuery, Query()], who: access.MayReadObligations, read: ReadDep, now: Now) -> Response:
    """Which obligations stood otherwise at the later moment than at the earlier one, both as recorded then."""
    errors.raise_if(rules.why_not_span(wanted.from_, wanted.to, now))
    question = await queries.asked(read, who.district_id, wanted.year, wanted.to or now, now)
    return Response(await queries.changes(read, who, question, wanted.from_), media_type="application/json")


@router.post("/recordings", response_model=RecordedOut, summary="立即留存义务数值")
async def record(who: access.MayRecordObligations, session: SessionDep, now: Now) -> RecordedOut:
    """Keeps what differs from what was kept last, at once; it happens by itself every five minutes."""
    years = await queries.years_of(session, who, clock.local_day(now))
    kept = await actions.record(session, who, years, now)
    actions.tell_recorded(session, who, kept)
    return RecordedOut(recorded=kept)


@router.get("/declarations", response_model=DeclarationPage, summary="自行申报的数值")
async def declarations(
    wanted: Annotated[DeclarationFilter, Query()], who: access.MayReadObligations, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Numbers that units gave themselves, the latest first."""
    return cursors.answer(await queries.DECLARATIONS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/declarations/{declaration_id}", response_model=DeclarationOut, summary="一项自行申报")
async def declaration(request: Request, declaration_id: fields.Id, who: access.MayReadObligations, read: ReadDep) -> Response:
    """One declared number; it never changes."""
    return answers.one(request, await queries.DECLARATION.one(read, who, declaration_id))


@router.get("/{obligation}/records", response_model=RecordPage, summary="义务所依据的记录")
async def records(
    obligation: Name,
    asked: Annotated[RecordQuery, Query()],
    who: access.MayReadObligations,
    read: ReadDep,
    cursors: CursorsDep,
    now: Now,
) -> Response:
    """The records behind an obligation, the latest first: which they are and whether each counts. 404 where other lists show
    them (`evidence_url` says which)."""
    if obligation not in queries.RECORDS:
        raise rules.NoRecords if obligation in rules.BY_ID else rules.Unknown
    wanted = RecordFilter(**asked.model_dump(), obligation=obligation)
    question = await queries.asked(read, who.district_id, wanted.year, None, now)
    found = await queries.RECORDS[obligation].page(read, who, wanted, cursors.after(wanted), **question.places)
    return cursors.answer(found, wanted)


@router.post("/{obligation}/declarations", response_model=DeclarationOut, status_code=201, summary="自行申报数值")
async def declare(
    request: Request, obligation: Name, wanted: DeclarationIn, who: access.MayDeclare, session: SessionDep, now: Now
) -> Response:
    """A number for an obligation that no record of the system shows; marked as self-declared wherever it is told."""
    made = await actions.declare(session, who, obligation, wanted, now)
    return answers.created(request, await queries.DECLARATION.one(session, who, made), f"/v1/obligations/declarations/{made}")
