"""Mapping an old rubric to a new one, and trying the new one on finished reviews."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases_api import access
from services.cases_api.reviews.rules import FileKind, findings_of
from services.cases_api.rubric_mappings import queries, rules
from services.cases_api.rubric_mappings.queries import Pair
from services.cases_api.rubric_mappings.rules import Successor
from services.cases_api.rubric_mappings.schemas import (
    RubricMappingIn,
    RubricMappingOut,
    Standing,
    SuccessorIn,
    WhatIfFilter,
    WhatIfOut,
)
from services.cases_api.rubric_mappings.tables import RubricMapping
from services.cases_api.rubrics.rules import rubric_of
from services.kit import audit, errors, fields, outbox, pagination, preconditions
from services.kit.answers import One
from services.kit.db import Reader, Session
from services.kit.principal import Principal

OBJECT = "rubric_mapping"


async def put(
    session: Session, who: Principal, rubric_id: UUID, version: int | None, wanted: RubricMappingIn, now: datetime
) -> None:
    """Sets what the old rubric's parts became. Raises NotFound, NoPredecessor, BadInput, PreconditionRequired, Stale."""
    pair = await queries.pair(session, who, rubric_id)
    if pair.old is None:
        raise rules.NoPredecessor
    _demand_sound(wanted, pair)
    row = await queries.one_for_update(session, rubric_id)
    before = row.content if row else {}
    if row is None:
        row = RubricMapping(id=rubric_id)
        session.add(row)
    elif version is None:
        raise errors.PreconditionRequired
    else:
        preconditions.expect(row.version, version)
    row.content, row.changed_by, row.changed_at = wanted.model_dump(mode="json"), who.account_id, now
    await session.flush()
    place = (OBJECT, rubric_id, who.district_id)
    audit.record(session, who, f"{OBJECT}.set", *place, before=before, after=row.content)
    outbox.publish(session, f"{OBJECT}.set", OBJECT, rubric_id, row.version, access.RUBRICS_WRITE, who.district_id)


def _demand_sound(wanted: RubricMappingIn, pair: Pair) -> None:
    (old_items, old_vetoes), (new_items, new_vetoes) = _keys(pair.old or {}), _keys(pair.new)
    faults = [
        *rules.faults(_listed(wanted.items), old_items, new_items, "/body/items"),
        *rules.faults(_listed(wanted.vetoes), old_vetoes, new_vetoes, "/body/vetoes"),
    ]
    if faults:
        raise errors.BadInput(*faults)


def _listed(given: list[SuccessorIn]) -> list[Successor]:
    return [Successor(each.old, each.new) for each in given]


def _keys(content: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    items = [item["key"] for block in content["blocks"] for item in block["items"]]
    return items, [veto["key"] for veto in content["vetoes"]]


async def shown(connection: Reader | Session, who: Principal, rubric_id: UUID) -> One:
    """The whole mapping of a rubric. Raises NotFound, NoPredecessor, NotMapped."""
    pair, row, (items, vetoes) = await _whole(connection, who, rubric_id)
    assert pair.old_id is not None
    body = RubricMappingOut(
        items=[SuccessorIn(old=old, new=new) for old, new in items.items()],
        vetoes=[SuccessorIn(old=old, new=new) for old, new in vetoes.items()],
        old_rubric_id=pair.old_id,
        new_rubric_id=rubric_id,
        changed_at=row.changed_at,
        version=row.version,
    )
    return One(body.model_dump_json(exclude_none=True), row.version)


async def _whole(connection: Reader | Session, who: Principal, rubric_id: UUID) -> Any:
    pair = await queries.pair(connection, who, rubric_id)
    if pair.old is None:
        raise rules.NoPredecessor
    row = await queries.stored(connection, rubric_id)
    if row is None:
        raise rules.NotMapped
    (old_items, old_vetoes), (new_items, new_vetoes) = _keys(pair.old), _keys(pair.new)
    given = RubricMappingIn.model_validate(row.content)
    items = rules.whole(_listed(given.items), old_items, new_items)
    return pair, row, (items, rules.whole(_listed(given.vetoes), old_vetoes, new_vetoes))


async def what_if(
    read: Reader, who: Principal, rubric_id: UUID, wanted: WhatIfFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of finished reviews under the old rubric with what they would come to. Raises NotFound, NoPredecessor, NotMapped."""
    pair, _, (items, vetoes) = await _whole(read, who, rubric_id)
    old, new = rubric_of(pair.old), rubric_of(pair.new)
    rows = await queries.finished(read, who, pair.old_id, wanted, start)
    found = []
    for row in rows[: wanted.limit]:
        kind = FileKind(row["kind"], row["procedure"])
        carried = rules.carried(findings_of(row["content"]), kind, old, new, items, vetoes)
        found.append(_tried(row, carried).model_dump_json(exclude_none=True))
    last = rows[wanted.limit - 1] if len(rows) > wanted.limit else None
    return pagination.Page(found, (last["created_at"], last["id"]) if last else None)


def _tried(row: Mapping[str, Any], carried: rules.Carried) -> WhatIfOut:
    after = None if carried.score is None else _standing(carried.score.total, carried.score.grade)
    before = _standing(row["total"], row["grade"])
    return WhatIfOut(
        review_id=row["id"],
        round_id=row["round_id"],
        case_file_id=row["case_file_id"],
        unit_id=row["unit_id"],
        before=before,
        after=after,
        grade_changes=after is None or after.grade != before.grade,
        dropped=list(carried.dropped),
    )


def _standing(total: int | None, grade: str) -> Standing:
    return Standing(total=None if total is None else fields.points_shown(total), grade=grade)
