"""What the bureau does with rubrics."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases_api import access
from services.cases_api.rubrics import queries, rules
from services.cases_api.rubrics.schemas import RubricIn, RubricNew
from services.cases_api.rubrics.tables import Rubric
from services.kit import audit, errors, ids, outbox
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT = "rubric"


async def create(session: Session, who: Principal, wanted: RubricNew, now: datetime) -> Rubric:
    """Writes a draft. Raises BadInput with everything unsound, Duplicate for a content the district has already."""
    content = _sound_content(wanted)
    await queries.replaced_for_update(session, who, wanted.replaces_id)
    rubric = Rubric(
        id=ids.new_id(), district_id=who.district_id, replaces_id=wanted.replaces_id, state=rules.State.DRAFT,
        created_by=who.account_id, created_at=now, **_hashed(content),
    )  # fmt: skip
    session.add(rubric)
    await session.flush()
    _tell(session, who, rubric, "created", {}, {"content_hash": rubric.content_hash})
    return rubric


async def rewrite(session: Session, who: Principal, rubric_id: UUID, version: int, wanted: RubricIn) -> Rubric:
    """Replaces a draft's content. Raises NotFound, Stale, IllegalMove, BadInput, Duplicate."""
    rubric = await queries.one_for_update(session, who, rubric_id, version)
    raise_if(rules.why_not("change", rules.State(rubric.state)))
    before = {"content_hash": rubric.content_hash}
    for name, value in _hashed(_sound_content(wanted)).items():
        setattr(rubric, name, value)
    await session.flush()
    _tell(session, who, rubric, "changed", before, {"content_hash": rubric.content_hash})
    return rubric


async def publish(session: Session, who: Principal, rubric_id: UUID, version: int, now: datetime) -> Rubric:
    """Publishes a draft for good; the rubric it replaces is superseded. Raises NotFound, Stale, IllegalMove."""
    rubric = await queries.one_for_update(session, who, rubric_id, version)
    await _move(session, who, rubric, "publish", now)
    replaced = await queries.replaced_for_update(session, who, rubric.replaces_id)
    if replaced is not None and replaced.state == rules.State.PUBLISHED:
        await _move(session, who, replaced, "supersede", now)
    return rubric


async def supersede(session: Session, who: Principal, rubric_id: UUID, version: int, now: datetime) -> Rubric:
    """Takes a published rubric out of use; campaigns that use it go on. Raises NotFound, Stale, IllegalMove."""
    rubric = await queries.one_for_update(session, who, rubric_id, version)
    await _move(session, who, rubric, "supersede", now)
    return rubric


async def _move(session: Session, who: Principal, rubric: Rubric, verb: str, now: datetime) -> None:
    before = rules.State(rubric.state)
    raise_if(rules.why_not(verb, before))
    after = rules.MOVES[verb][before]
    rubric.state = after
    setattr(rubric, f"{after.value}_at", now)
    await session.flush()
    _tell(session, who, rubric, after.value, {"state": before}, {"state": after, "content_hash": rubric.content_hash})


def _sound_content(wanted: RubricIn) -> dict[str, Any]:
    content = wanted.model_dump(mode="json", exclude_none=True, exclude={"replaces_id"})
    if faults := rules.faults_of(content):
        raise errors.BadInput(*faults)
    return content


def _hashed(content: dict[str, Any]) -> dict[str, Any]:
    hashes = {"content_hash": rules.content_hash(content), "structure_hash": rules.structure_hash(content)}
    return {"content": content, **hashes}


def _tell(session: Session, who: Principal, rubric: Rubric, verb: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, rubric.id, rubric.district_id, before=before, after=after)
    if rubric.state != rules.State.DRAFT:
        kind, right = f"{OBJECT}.{verb}", access.RUBRICS_READ
        outbox.publish(session, kind, OBJECT, rubric.id, rubric.version, right, rubric.district_id)
