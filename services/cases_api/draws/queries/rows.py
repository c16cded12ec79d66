"""The rows of draws as acts need them. A frame is made by one statement, so that it shows one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Text, and_, cast, func, insert, literal, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm.attributes import flag_modified

from services.cases_api.draws import rules
from services.cases_api.draws.rules import Drawn, Purpose, State
from services.cases_api.draws.tables import Draw, DrawCommitment, DrawFile, DrawGrowth, DrawReveal, DrawSubstitution
from services.kit import db, draw_rows
from services.kit.db import Reader, Session

ROWS: Final = draw_rows.Tables(Draw, DrawCommitment, DrawReveal, DrawFile, DrawSubstitution)


@dataclass(frozen=True, slots=True)
class Live:
    """The draw of a subject that is not void."""

    id: UUID
    seed: str | None


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
