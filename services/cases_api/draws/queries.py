"""Reads and writes of draws. A frame is made by one statement, so that it shows one moment."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Select, SQLColumnExpression, Text, and_, cast, func, insert, literal, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import flag_modified

from services.cases_api.draws import rules
from services.cases_api.draws.rules import Drawn, Purpose, State
from services.cases_api.draws.schemas import DrawFilter, TicketFilter
from services.cases_api.draws.tables import Draw, DrawCommitment, DrawFile, DrawGrowth, DrawReveal, DrawSubstitution
from services.kit import answers, db, errors, pagination, sampling, visibility
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


@dataclass(frozen=True, slots=True)
class Live:
    """The draw of a subject that is not void."""

    id: UUID
    seed: str | None


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


def _listed(entry: ColumnElement[Any], *order: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    return func.coalesce(func.json_agg(aggregate_order_by(entry, *order)), func.json_build_array(), type_=JSON)


def _commitments() -> ColumnElement[Any]:
    entry = answers.json_object(
        {
            "account_id": DrawCommitment.account_id,
            "nonce_sha256": DrawCommitment.nonce_sha256,
            "committed_at": answers.moment(DrawCommitment.committed_at),
            "nonce": DrawReveal.nonce,
            "revealed_at": answers.moment(DrawReveal.revealed_at),
        }
    )
    same = and_(DrawReveal.draw_id == DrawCommitment.draw_id, DrawReveal.account_id == DrawCommitment.account_id)
    order = (DrawCommitment.committed_at, DrawCommitment.account_id)
    found = select(_listed(entry, *order)).select_from(DrawCommitment).outerjoin(DrawReveal, same)
    return found.where(DrawCommitment.draw_id == Draw.id).correlate(Draw).scalar_subquery()


def _substitutions() -> ColumnElement[Any]:
    left, entered = aliased(DrawFile), aliased(DrawFile)
    entry = answers.json_object(
        {
            "stratum": DrawSubstitution.stratum,
            "out_id": left.id,
            "in_id": entered.id,
            "reason": DrawSubstitution.reason,
            "account_id": DrawSubstitution.account_id,
            "made_at": answers.moment(DrawSubstitution.made_at),
        }
    )

    def at(file: Any, place: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        here = (file.draw_id == DrawSubstitution.draw_id, file.stratum == DrawSubstitution.stratum)
        return and_(*here, file.place == place)

    found = select(_listed(entry, DrawSubstitution.made_at, DrawSubstitution.out_place)).select_from(DrawSubstitution)
    found = found.join(left, at(left, DrawSubstitution.out_place)).outerjoin(entered, at(entered, DrawSubstitution.in_place))
    return found.where(DrawSubstitution.draw_id == Draw.id).correlate(Draw).scalar_subquery()


def _growths() -> ColumnElement[Any]:
    plain = {name: getattr(DrawGrowth, name) for name in ("terms", "added", "reason", "account_id")}
    entry = answers.json_object(plain | {"made_at": answers.moment(DrawGrowth.made_at)})
    found = select(_listed(entry, DrawGrowth.number)).where(DrawGrowth.draw_id == Draw.id)
    return found.correlate(Draw).scalar_subquery()


def _earlier() -> ColumnElement[Any]:
    same = (Earlier.purpose == Draw.purpose, Earlier.subject_id == Draw.subject_id, Earlier.frozen_at < Draw.frozen_at)
    return select(_listed(cast(Earlier.id, Text), Earlier.frozen_at)).where(*same).correlate(Draw).scalar_subquery()


async def record(read: Reader, who: Principal, draw_id: UUID) -> answers.One:
    """The whole record; NotFound also when the caller may not see it. The frame stands in it to the byte."""
    head = answers.json_object(
        {
            **SUMMARY,
            "algorithm": literal(sampling.ALGORITHM, Text),
            "earlier_draws": _earlier(),
            "excluded": cast(Draw.excluded, JSON),
            "commitments": _commitments(),
            "substitutions": _substitutions(),
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


# ---------------------------------------------------------------------------------------------- writes and locks


async def freeze(session: Session, facts: Mapping[str, Any], found: Select[Any]) -> Draw:
    """Freezes what `found` selects: file_id, id, stratum, and the reason of what is left out. Raises DoubledIds, EmptyFrame."""
    picked = found.cte("picked")
    inside, by_id = picked.c.reason.is_(None), picked.c.id.collate("C")
    grouped = select(picked.c.stratum, func.count().label("files")).where(inside).group_by(picked.c.stratum).subquery()
    frame = _json_list({"id": picked.c.id, "stratum": picked.c.stratum}, by_id).filter(inside)
    outside = _json_list({"id": picked.c.id, "reason": picked.c.reason, "stratum": picked.c.stratum}, by_id).filter(~inside)
    made = select(
        func.convert_to(literal('{"files":[', Text) + func.coalesce(frame, "") + literal("]}", Text), "UTF8").label("frame"),
        func.count().filter(inside).label("frame_size"),
        func.count(picked.c.id.distinct()).label("different"),
        func.count().label("files"),
        func.coalesce(func.array_agg(aggregate_order_by(picked.c.file_id, by_id)).filter(inside), text("'{}'::uuid[]")).label(
            "file_ids"
        ),
        (literal("[", Text) + func.coalesce(outside, "") + literal("]", Text)).label("excluded"),
        func.count().filter(~inside).label("excluded_size"),
        select(func.coalesce(func.jsonb_object_agg(grouped.c.stratum, grouped.c.files), text("'{}'::jsonb")))
        .scalar_subquery()
        .label("strata"),
    ).cte("made")
    hashes = {
        "frame_sha256": func.encode(func.sha256(made.c.frame), "hex"),
        "excluded_sha256": func.encode(func.sha256(func.convert_to(made.c.excluded, "UTF8")), "hex"),
    }
    named = {name: made.c[name] for name in ("frame", "frame_size", "file_ids", "excluded", "excluded_size", "strata")}
    values = {name: literal(value, getattr(Draw, name).type) for name, value in facts.items()} | named | hashes
    await _check_ids(session, select(made.c.files - made.c.different, made.c.frame_size))
    statement = insert(Draw).from_select(list(values), select(*values.values()))
    await session.execute(statement)
    return (await session.execute(select(Draw).where(Draw.id == facts["id"]))).scalar_one()


async def _check_ids(session: Session, counted: Select[Any]) -> None:
    doubled, size = (await session.execute(counted)).one()
    if doubled:
        raise rules.DoubledIds(count=doubled)
    if not size:
        raise rules.EmptyFrame


def _json_list(members: Mapping[str, ColumnElement[str]], order: ColumnElement[Any]) -> Any:
    """Objects of texts as canonical JSON, one after the other; the names must come in their order."""
    parts: ColumnElement[str] = literal("{", Text)
    for place, (name, column) in enumerate(members.items()):
        parts = parts + literal(f'{"," if place else ""}"{name}":', Text) + cast(func.to_json(column), Text)
    return func.string_agg(parts + literal("}", Text), aggregate_order_by(literal(",", Text), order))


async def live_for_update(session: Session, purpose: Purpose, subject_id: UUID) -> Draw | None:
    """The draw of a subject that is not void, locked; None when there is none."""
    wanted = (Draw.purpose == purpose, Draw.subject_id == subject_id, Draw.state != State.VOID)
    return (await session.execute(select(Draw).where(*wanted).with_for_update())).scalar_one_or_none()


async def live(connection: Reader | Session, purpose: Purpose, subject_id: UUID) -> Live | None:
    """Id and seed of the draw of a subject that is not void; None when there is none."""
    wanted = (Draw.purpose == purpose, Draw.subject_id == subject_id, Draw.state != State.VOID)
    row = (await connection.execute(select(Draw.id, Draw.seed).where(*wanted))).mappings().one_or_none()
    return Live(row["id"], row["seed"]) if row else None


async def witness(session: Session, draw: Draw | None, account_id: UUID) -> rules.Witness:
    """What this account has done as a witness, and how many have committed themselves and revealed."""
    if draw is None:
        return rules.Witness(None, False, 0, 0)
    mine = DrawCommitment.account_id == account_id
    same = and_(DrawReveal.draw_id == DrawCommitment.draw_id, DrawReveal.account_id == DrawCommitment.account_id)
    revealed = DrawReveal.nonce.is_not(None)
    found = (
        select(
            func.max(DrawCommitment.nonce_sha256).filter(mine),
            func.coalesce(func.bool_or(revealed).filter(mine), False),
            func.count(),
            func.count().filter(revealed),
        )
        .select_from(DrawCommitment)
        .outerjoin(DrawReveal, same)
        .where(DrawCommitment.draw_id == draw.id)
    )
    return rules.Witness(*(await session.execute(found)).one())


async def is_committed(session: Session, draw_id: UUID, nonce_sha256: str) -> bool:
    """Whether somebody has committed to this very nonce."""
    same = and_(DrawCommitment.draw_id == draw_id, DrawCommitment.nonce_sha256 == nonce_sha256)
    return (await session.execute(select(literal(1)).where(same))).scalar_one_or_none() is not None


async def nonces(session: Session, draw_id: UUID) -> list[str]:
    """The nonces revealed so far."""
    return list((await session.execute(select(DrawReveal.nonce).where(DrawReveal.draw_id == draw_id))).scalars())


async def is_seed_used(session: Session, district_id: UUID, seed: str) -> bool:
    """Whether a draw of the district has this seed."""
    same = and_(Draw.district_id == district_id, Draw.seed == seed)
    return (await session.execute(select(literal(1)).where(same))).scalar_one_or_none() is not None


async def frame_of(session: Session, draw_id: UUID) -> bytes:
    """The frozen frame."""
    frame: bytes = (await session.execute(select(Draw.frame).where(Draw.id == draw_id))).scalar_one()
    return frame


ADD = """
    INSERT INTO cases.draw_files (draw_id, stratum, place, id, case_file_id, ticket, how, added_at)
    SELECT $1, s.stratum, s.place, s.id, f.case_file_id, s.ticket, $2, $3
    FROM unnest($4::text[], $5::integer[], $6::text[], $7::text[], $8::integer[]) AS s (stratum, place, id, ticket, frame_place)
    JOIN (SELECT u.case_file_id, u.number FROM cases.draws d
          CROSS JOIN LATERAL unnest(d.file_ids) WITH ORDINALITY AS u (case_file_id, number) WHERE d.id = $1) f
      ON f.number = s.frame_place + 1
"""


async def add_files(session: Session, draw_id: UUID, drawn: Sequence[Drawn], how: rules.How, now: datetime) -> None:
    """Adds these files to the sample."""
    columns = [[getattr(each, name) for each in drawn] for name in ("stratum", "place", "id", "ticket", "frame_place")]
    await db.fetch(session, ADD, [draw_id, how.value, now, *columns])


async def counts(session: Session, draw_id: UUID) -> tuple[dict[str, int], dict[str, int]]:
    """For each stratum the places used, and the files of the sample as it is now."""
    out = and_(
        DrawSubstitution.draw_id == DrawFile.draw_id,
        DrawSubstitution.stratum == DrawFile.stratum,
        DrawSubstitution.out_place == DrawFile.place,
    )
    live = func.count().filter(DrawSubstitution.out_place.is_(None))
    found = select(DrawFile.stratum, func.max(DrawFile.place), live).outerjoin(DrawSubstitution, out)
    rows = (await session.execute(found.where(DrawFile.draw_id == draw_id).group_by(DrawFile.stratum))).all()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}


def live_files(draw_id: SQLColumnExpression[UUID] | UUID) -> Select[Any]:
    """The case files of a sample as it is now: case_file_id, stratum, place."""
    out = select(literal(1)).where(
        DrawSubstitution.draw_id == DrawFile.draw_id,
        DrawSubstitution.stratum == DrawFile.stratum,
        DrawSubstitution.out_place == DrawFile.place,
    )
    found: Any = select(DrawFile.case_file_id, DrawFile.stratum, DrawFile.place)
    sample: Select[Any] = found.where(DrawFile.draw_id == draw_id, ~out.correlate(DrawFile).exists())
    return sample


async def live_file(session: Session, draw_id: UUID, case_file_id: UUID) -> tuple[str, int] | None:
    """Stratum and place of a file of the sample as it is now; None when it is not in it."""
    row = (await session.execute(live_files(draw_id).where(DrawFile.case_file_id == case_file_id))).one_or_none()
    return (row.stratum, row.place) if row else None


async def growths(session: Session, draw_id: UUID) -> int:
    """How often the sample was grown."""
    found = select(func.count()).select_from(DrawGrowth).where(DrawGrowth.draw_id == draw_id)
    return int((await session.execute(found)).scalar_one())


def touch(draw: Draw) -> None:
    """Moves the version on although only what hangs on the draw has changed."""
    flag_modified(draw, "is_open")
