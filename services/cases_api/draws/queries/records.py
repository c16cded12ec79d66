"""Draws as everybody of the district may read them: lists, the whole record, the frame to the byte, the tickets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Text, and_, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from services.cases_api.draws import rules
from services.cases_api.draws.queries import rows
from services.cases_api.draws.schemas import DrawFilter, TicketFilter
from services.cases_api.draws.tables import Draw, DrawFile, DrawGrowth
from services.kit import answers, draw_rows, errors, pagination, sampling, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role

MOMENTS = ("frozen_at", "seeded_at", "drawn_at", "voided_at")
PLAIN = (
    "id", "district_id", "purpose", "subject_id", "state", "frame_sha256", "frame_size", "terms", "terms_sha256",
    "excluded_sha256", "frozen_by", "seed", "seed_source", "seeded_by", "sample_size", "drawn_by", "voided_by", "void_reason",
    "version",
)  # fmt: skip
SUMMARY: Mapping[str, Any] = (
    {name: getattr(Draw, name) for name in PLAIN}
    | {name: answers.moment(getattr(Draw, name)) for name in MOMENTS}
    | {"frame_url": literal("/v1/draws/", Text) + cast(Draw.id, Text) + literal("/frame", Text)}
)
Earlier = aliased(Draw)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of draws: those of the district; while units are hidden from their reviewers the bureau alone."""
    district = visibility.within(who, district=Draw.district_id)
    return district if Role.BUREAU in who.roles else and_(district, Draw.is_open)


async def page(read: Reader, who: Principal, wanted: DrawFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of draws by the time their frames were frozen."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort"}, exclude_none=True)
    filters = [getattr(Draw, name) == value for name, value in named.items()]
    order = pagination.Order((Draw.frozen_at, Draw.id), descending=wanted.sort.startswith("-"))
    found = select(answers.json_object(SUMMARY)).where(visible_to(who), *filters)
    return await pagination.read(read, found, order, wanted, start)


# ---------------------------------------------------------------------------------------------- the record


def _growths() -> ColumnElement[Any]:
    plain = {name: getattr(DrawGrowth, name) for name in ("terms", "added", "reason", "account_id")}
    entry = answers.json_object(plain | {"made_at": answers.moment(DrawGrowth.made_at)})
    found = select(draw_rows.listed(entry, DrawGrowth.number)).where(DrawGrowth.draw_id == Draw.id)
    return found.correlate(Draw).scalar_subquery()


def _earlier() -> ColumnElement[Any]:
    same = (Earlier.purpose == Draw.purpose, Earlier.subject_id == Draw.subject_id, Earlier.frozen_at < Draw.frozen_at)
    return select(draw_rows.listed(cast(Earlier.id, Text), Earlier.frozen_at)).where(*same).correlate(Draw).scalar_subquery()


async def record(read: Reader, who: Principal, draw_id: UUID) -> answers.One:
    """The whole record; NotFound also when the caller may not see it. The frame stands in it to the byte."""
    head = answers.json_object(
        {
            **SUMMARY,
            "algorithm": literal(sampling.ALGORITHM, Text),
            "earlier_draws": _earlier(),
            "excluded": cast(Draw.excluded, JSON),
            "commitments": rows.ROWS.commitments(),
            "substitutions": rows.ROWS.substitutions(),
            "growths": _growths(),
        }
    )
    frame = func.convert_from(Draw.frame, "UTF8", type_=Text)
    columns = (cast(head, Text).label("head"), frame.label("frame"), Draw.strata, Draw.terms, Draw.version)
    found: Any = select(*columns)
    found = found.where(Draw.id == draw_id, visible_to(who))
    row = (await read.execute(found)).mappings().one_or_none()
    if row is None:
        raise errors.NotFound
    strata = await _strata(read, draw_id, row["strata"], rules.takes(row["strata"], row["terms"]))
    return answers.One(f'{row["head"][:-1]},"strata":[{",".join(strata)}],"frame":{row["frame"]}}}', row["version"])


async def _strata(read: Reader, draw_id: UUID, sizes: Mapping[str, int], takes: Mapping[str, int]) -> list[str]:
    entry = func.json_build_object(
        "id", DrawFile.id, "case_file_id", DrawFile.case_file_id, "place", DrawFile.place, "ticket", DrawFile.ticket,
        "how", DrawFile.how,
    )  # fmt: skip
    last = func.max(DrawFile.ticket.collate("C")).filter(DrawFile.how == rules.How.DRAW).label("cutoff")
    drawn = cast(func.json_agg(aggregate_order_by(entry, DrawFile.place)), Text).label("drawn")
    found: Any = select(DrawFile.stratum, drawn, last).where(DrawFile.draw_id == draw_id).group_by(DrawFile.stratum)
    rows = {row["stratum"]: (row["drawn"], row["cutoff"]) for row in (await read.execute(found)).mappings()}
    parts = []
    for stratum, take in takes.items():
        listed, cutoff = rows.get(stratum, ("[]", None))
        facts = {"stratum": stratum, "files": sizes[stratum], "take": take} | ({"cutoff": cutoff} if cutoff else {})
        parts.append(f'{json.dumps(facts, ensure_ascii=False)[:-1]},"drawn":{listed}}}')
    return parts


async def frame_bytes(connection: Reader | Session, who: Principal, draw_id: UUID) -> answers.One:
    """The frame, to the byte; NotFound also when the caller may not see the draw."""
    shown = func.convert_from(Draw.frame, "UTF8", type_=Text)
    found: Any = select(shown, Draw.version).where(Draw.id == draw_id, visible_to(who))
    return await answers.read_one(connection, found)


async def tickets(
    read: Reader, who: Principal, draw_id: UUID, wanted: TicketFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of all tickets of one stratum; NotFound when there is no such draw, NoSeed while it has no seed."""
    found = select(Draw.frame, Draw.seed).where(Draw.id == draw_id, visible_to(who))
    row = (await read.execute(found)).one_or_none()
    if row is None:
        raise errors.NotFound
    if row.seed is None:
        raise rules.NoSeed
    done = int(start[0]) if start else 0
    ordered = await asyncio.to_thread(_ordered, row.frame, row.seed, wanted.stratum, done + wanted.limit + 1)
    shown = ordered[done : done + wanted.limit]
    items = [
        json.dumps({"id": each.id, "place": done + place, "ticket": each.number}, ensure_ascii=False)
        for place, each in enumerate(shown, 1)
    ]
    return pagination.Page(items, (done + wanted.limit,) if len(ordered) > done + wanted.limit else None, None)


def _ordered(frame: bytes, seed: str, stratum: str, take: int) -> list[sampling.Ticket]:
    return sampling.first([entry.id for entry in sampling.entries_of(frame) if entry.stratum == stratum], seed, take)
