"""What the bureau and units do with document templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.document_templates import queries, rules
from services.cases_api.document_templates.rules import State
from services.cases_api.document_templates.schemas import (
    DocumentTemplateChange,
    DocumentTemplateIn,
    ElementIn,
    TemplateDropIn,
    TemplatePublishIn,
    TemplateRepealIn,
)
from services.cases_api.document_templates.tables import DocumentTemplate
from services.kit import audit, clock, errors, evidence, ids, references, rights
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.principal import Principal, Scope
from services.kit.trail import Trail

OBJECT = "document_template"
TRAIL: Final = Trail(OBJECT, access.DOCUMENT_TEMPLATES_READ)


async def create(session: Session, who: Principal, wanted: DocumentTemplateIn, now: datetime) -> DocumentTemplate:
    """Drafts a version. Raises BadInput with every fault."""
    faults = [*rules.faults_of_elements(wanted.elements)]
    district_id = await _district(session, who, wanted.unit_id)
    if district_id is None:
        faults.append(Fault("/body/unit_id", "missing" if wanted.unit_id is None else "not_found"))
    if faults or district_id is None:
        raise errors.BadInput(*faults)
    made = DocumentTemplate(
        id=ids.new_id(), district_id=district_id, state=State.DRAFT, created_by=who.account_id, created_at=now,
        elements=_stored(wanted.elements), **wanted.model_dump(exclude={"elements"}),
    )  # fmt: skip
    session.add(made)
    await session.flush()
    # Files of the district's template are linked to the unit that brought them; who may read it, is told by the right.
    place = (district_id, wanted.unit_id or who.unit_id or district_id)
    await evidence.attach(session, who, wanted.attachment_ids, OBJECT, made.id, access.DOCUMENT_TEMPLATES_READ, *place)
    _tell(session, who, made, "created", {}, wanted.model_dump(mode="json", exclude_none=True))
    return made


async def _district(session: Session, who: Principal, unit_id: UUID | None) -> UUID | None:
    """The district of a template; None when the caller may not write one for this unit, or for all of the district."""
    if unit_id is None:
        return who.district_id if Scope.DISTRICT in who.scopes else None
    unit = await references.unit(session, unit_id)
    return unit.district_id if rights.covers(who, unit.path) else None


def _stored(elements: list[ElementIn]) -> list[dict[str, Any]]:
    return [element.model_dump(mode="json") for element in elements]


async def change(session: Session, who: Principal, template_id: UUID, version: int, wanted: DocumentTemplateChange) -> None:
    """Works on a draft. Raises NotFound, Stale, IllegalMove, BadInput."""
    found = await queries.one_for_update(session, who, template_id, version)
    raise_if(rules.why_not("change", State(found.state)))
    if wanted.elements is not None and (faults := [*rules.faults_of_elements(wanted.elements)]):
        raise errors.BadInput(*faults)
    sent = wanted.model_dump(exclude_none=True, exclude={"elements"})
    sent |= {"elements": _stored(wanted.elements)} if wanted.elements is not None else {}
    before, after = audit.changes({name: getattr(found, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(found, name, value)
    await session.flush()
    _tell(session, who, found, "changed", before, after)


async def publish(
    session: Session, who: Principal, template_id: UUID, version: int, wanted: TemplatePublishIn, now: datetime
) -> None:
    """Makes a version public; the unit's present one of the type ends the day before. Raises NotFound, Stale, IllegalMove,
    NotNewer, BadInput (a day ahead).
    """
    found = await queries.one_for_update(session, who, template_id, version)
    raise_if(rules.why_not("publish", State(found.state)))
    if wanted.published_on > clock.local_day(now):
        raise errors.BadInput(Fault("/body/published_on", "day.in_the_future"))
    old = await queries.current(session, found, found.in_force_from)
    raise_if(rules.why_not_follow(found.in_force_from, old.in_force_from if old else None))
    if old is not None:
        before = {"state": old.state, "in_force_to": old.in_force_to}
        old.state, old.in_force_to = State.SUPERSEDED, found.in_force_from - rules.ONE_DAY
        await session.flush()
        _tell(session, who, old, "superseded", before, {"state": old.state, "in_force_to": old.in_force_to})
    found.published_on, found.public_address = wanted.published_on, wanted.public_address
    await _move(session, who, found, "publish", "published")


async def repeal(session: Session, who: Principal, template_id: UUID, version: int, wanted: TemplateRepealIn) -> None:
    """Gives a version its last day without a successor. Raises NotFound, Stale, IllegalMove, BadInput."""
    found = await queries.one_for_update(session, who, template_id, version)
    raise_if(rules.why_not("repeal", State(found.state)))
    if wanted.in_force_to < found.in_force_from:
        raise errors.BadInput(Fault("/body/in_force_to", "record.out_of_order"))
    found.in_force_to, found.reason = wanted.in_force_to, wanted.reason
    await _move(session, who, found, "repeal", "repealed")


async def drop(session: Session, who: Principal, template_id: UUID, version: int, wanted: TemplateDropIn) -> None:
    """Gives a draft up. Raises NotFound, Stale, IllegalMove."""
    found = await queries.one_for_update(session, who, template_id, version)
    raise_if(rules.why_not("drop", State(found.state)))
    found.reason = wanted.reason
    await _move(session, who, found, "drop", "dropped")


async def _move(session: Session, who: Principal, found: DocumentTemplate, verb: str, told: str) -> None:
    before = State(found.state)
    found.state = rules.MOVES[verb][before]
    await session.flush()
    facts = {name: getattr(found, name) for name in ("published_on", "in_force_to", "reason") if getattr(found, name)}
    _tell(session, who, found, told, {"state": before}, {"state": found.state} | facts)


def _tell(
    session: Session, who: Principal, found: DocumentTemplate, verb: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    right = None if State(found.state) in rules.PUBLIC else access.DOCUMENT_TEMPLATES_WRITE
    TRAIL.tell(session, who, found, verb, before, after, right=right)
