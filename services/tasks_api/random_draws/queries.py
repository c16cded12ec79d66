"""Reads and writes of random draws. Obligations and reports count `tasks.random_draws` by unit_id, year and state 'drawn'."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, func, insert, select
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import flag_modified

from services.kit import answers, draw_protocol, draw_rows, errors, pagination, preconditions, reads, sampling, visibility
from services.kit.db import Reader, Session
from services.kit.draw_protocol import Drawn, State
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.random_draws.rules import How, Verb
from services.tasks_api.random_draws.tables import (
    RandomDraw,
    RandomDrawCommitment,
    RandomDrawEntry,
    RandomDrawReveal,
    RandomDrawSubstitution,
)

ROWS: Final = draw_rows.Tables(RandomDraw, RandomDrawCommitment, RandomDrawReveal, RandomDrawEntry, RandomDrawSubstitution)
NOTHING: Final = "[]"
MOMENTS: Final = ("frozen_at", "seeded_at", "drawn_at", "voided_at")
PLAIN: Final = (
    "id", "district_id", "unit_id", "year", "title", "state", "frame_sha256", "frame_size", "terms", "terms_sha256", "frozen_by",
    "seed", "seed_source", "sample_size", "void_reason", "version",
)  # fmt: skip


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of draws: everybody of the district; lists and results are public (双随机、一公开)."""
    return visibility.within(who, district=RandomDraw.district_id)


def summary(who: Principal) -> ColumnElement[Any]:
    """A draw of a list as JSON for this caller."""
    return answers.json_object(
        {name: getattr(RandomDraw, name) for name in PLAIN}
        | {name: answers.moment(getattr(RandomDraw, name)) for name in MOMENTS}
        | {"allowed_actions": answers.allowed_actions({verb.value: _allows(who, verb) for verb in Verb})}
    )


def _has(table: Any) -> ColumnElement[bool]:
    return select(table.draw_id).where(table.draw_id == RandomDraw.id).correlate(RandomDraw).exists()


def _allows(who: Principal, verb: Verb) -> ColumnElement[bool]:
    """By state and right; whether the caller has committed already is told when he tries."""
    row, unseeded = RandomDraw, and_(RandomDraw.state == State.FROZEN, RandomDraw.seed.is_(None))
    when = {
        Verb.SEED: and_(unseeded, ~_has(RandomDrawCommitment)),
        Verb.COMMIT: and_(unseeded, ~_has(RandomDrawReveal)),
        Verb.REVEAL: and_(unseeded, _has(RandomDrawCommitment)),
        Verb.DRAW: and_(row.state == State.FROZEN, row.seed.is_not(None)),
        Verb.SUBSTITUTE: row.state == State.DRAWN,
        Verb.VOID: row.state != State.VOID,
    }
    right = access.RANDOM_DRAWS_WITNESS if verb in {Verb.COMMIT, Verb.REVEAL} else access.RANDOM_DRAWS_DRAW
    return and_(when[verb], visibility.under(who, right, district=row.district_id, unit=row.unit_id))


ORDER: Final = (RandomDraw.frozen_at, RandomDraw.id)
DRAWS: Final = reads.Listing(
    body=summary,
    visible_to=visible_to,
    orders={"-frozen_at": pagination.Order(ORDER), "frozen_at": pagination.Order(ORDER, descending=False)},
    filters={name: reads.equals(getattr(RandomDraw, name)) for name in ("unit_id", "year", "state")},
)


# ---------------------------------------------------------------------------------------------- the record


async def record(connection: Reader | Session, who: Principal, draw_id: UUID) -> answers.One:
    """The whole record; NotFound also when the caller may not see it. The frame stands in it to the byte."""
    frame = func.convert_from(RandomDraw.frame, "UTF8", type_=Text)
    columns = (cast(summary(who), Text), frame, ROWS.commitments(), ROWS.substitutions())
    found: Any = select(*columns, RandomDraw.strata, RandomDraw.terms, RandomDraw.names, RandomDraw.version)
    row = (await connection.execute(found.where(RandomDraw.id == draw_id, visible_to(who)))).one_or_none()
    if row is None:
        raise errors.NotFound
    head, frame_text, commitments, substitutions, sizes, terms, names, version = row
    beside = {
        "algorithm": sampling.ALGORITHM,
        "excluded": [],
        "excluded_sha256": sampling.sha256(NOTHING.encode()),
        "commitments": commitments,
        "substitutions": substitutions,
        "growths": [],
        "strata": await _strata(connection, draw_id, sizes, draw_protocol.takes(sizes, terms), names),
    }
    told = json.dumps(beside, ensure_ascii=False)
    return answers.One(f'{head[:-1]},{told[1:-1]},"frame":{frame_text}}}', version)


async def _strata(
    connection: Reader | Session, draw_id: UUID, sizes: Mapping[str, int], takes: Mapping[str, int], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    found = select(*RandomDrawEntry.__table__.c).where(RandomDrawEntry.draw_id == draw_id)
    entries: dict[str, list[Any]] = {}
    for row in (await connection.execute(found.order_by(RandomDrawEntry.stratum, RandomDrawEntry.place))).all():
        entries.setdefault(row.stratum, []).append(row)
    told = []
    for stratum, take in takes.items():
        rows = entries.get(stratum, [])
        drawn = [_entry(row, names) for row in rows]
        first = [row.ticket for row in rows if row.how == How.DRAW]
        cutoff = {"cutoff": max(first)} if first else {}
        told.append({"stratum": stratum, "files": sizes[stratum], "take": take, **cutoff, "drawn": drawn})
    return told


def _entry(row: Any, names: Mapping[str, str]) -> dict[str, Any]:
    name = {"name": names[row.id]} if row.id in names else {}
    return {"id": row.id, **name, "place": row.place, "ticket": row.ticket, "how": row.how}


# ---------------------------------------------------------------------------------------------- locks and writes


async def one_for_update(session: Session, who: Principal, draw_id: UUID, version: int | None) -> RandomDraw:
    """The row, locked; NotFound, Stale. Witnesses come together, so they name no version."""
    found = select(RandomDraw).where(RandomDraw.id == draw_id, visible_to(who)).with_for_update()
    draw = (await session.execute(found)).scalar_one_or_none()
    if draw is None:
        raise errors.NotFound
    if version is not None:
        preconditions.expect(draw.version, version)
    return draw


async def add(session: Session, draw_id: UUID, drawn: Sequence[Drawn], how: How, now: datetime) -> None:
    """Adds entries to the sample."""
    rows = [
        {
            "draw_id": draw_id,
            "stratum": each.stratum,
            "place": each.place,
            "id": each.id,
            "ticket": each.ticket,
            "how": how.value,
            "added_at": now,
        }
        for each in drawn
    ]
    if rows:
        await session.execute(insert(RandomDrawEntry), rows)


async def live_entry(session: Session, draw_id: UUID, entry_id: str) -> tuple[str, int, int] | None:
    """Stratum and place of an entry of the sample as it is now, and the places used in its stratum; None when not in it."""
    row, out = RandomDrawEntry, RandomDrawSubstitution
    gone = select(out.draw_id).where(out.draw_id == row.draw_id, out.stratum == row.stratum, out.out_place == row.place)
    last = aliased(RandomDrawEntry)
    used = select(func.max(last.place)).where(last.draw_id == row.draw_id, last.stratum == row.stratum)
    found = select(row.stratum, row.place, used.correlate(row).scalar_subquery()).where(
        row.draw_id == draw_id, row.id == entry_id, ~gone.correlate(row).exists()
    )
    known = (await session.execute(found)).one_or_none()
    return (known[0], known[1], known[2]) if known else None


def touch(draw: RandomDraw) -> None:
    """Moves the version on although only what hangs on the draw has changed."""
    flag_modified(draw, "title")
