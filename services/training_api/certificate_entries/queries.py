"""What entries of certificates need to know, read for a whole batch at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select, text, tuple_

from services.kit import dated
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api.certificates import queries as certificates
from services.training_api.certificates.rules import Period
from services.training_api.certificates.tables import Certificate
from services.training_api.exams import queries as exams
from services.training_api.exams.rules import ExamKind
from services.training_api.officers import queries as officers
from services.training_api.officers import rules as officer_rules
from services.training_api.officers.tables import Officer
from services.training_api.personnel_rules.tables import PersonnelRule

ExternalKey = tuple[str, str]
# In one order, so that two batches never wait for each other crosswise.
TAKE_NUMBERS = text(
    "SELECT pg_advisory_xact_lock(350113, taken.hash) FROM"
    " (SELECT DISTINCT hashtext(number) AS hash FROM unnest(CAST(:numbers AS text[])) AS number ORDER BY hash) AS taken"
)


@dataclass(slots=True)
class Known:
    """Officers named, with their service, passes and periods; certificates known by external id, and who has which number."""

    officers: dict[UUID, Officer] = field(default_factory=dict)
    by_external_id: dict[ExternalKey, UUID] = field(default_factory=dict)
    timelines: Mapping[UUID, officer_rules.Timeline] = field(default_factory=dict)
    passes: Mapping[UUID, list[tuple[ExamKind, date]]] = field(default_factory=dict)
    periods: dict[UUID, dict[UUID, Period]] = field(default_factory=dict)
    certificates: dict[ExternalKey, Certificate] = field(default_factory=dict)
    numbers: dict[str, dict[UUID, tuple[UUID, date | None]]] = field(default_factory=dict)
    rules: dict[UUID, list[PersonnelRule]] = field(default_factory=dict)

    def rule(self, officer: Officer, day: date) -> PersonnelRule | None:
        """The rules of the officer's district on a day."""
        return next((rule for rule in self.rules[officer.district_id] if rule.valid_from <= day), None)


async def known(
    session: Session,
    who: Principal,
    officer_ids: Collection[UUID],
    officer_keys: Collection[ExternalKey],
    keys: Collection[ExternalKey],
    numbers: Collection[str],
) -> Known:
    """Who and what is known already, in a handful of statements, however long the batch; officers are locked."""
    found = Known()
    await session.execute(TAKE_NUMBERS, {"numbers": list(numbers)})
    external = tuple_(Officer.external_system, Officer.external_id)
    statement = select(Officer).where(Officer.id.in_(officer_ids) | external.in_(officer_keys), officers.visible_to(who))
    for officer in (await session.execute(statement.order_by(Officer.id).with_for_update(key_share=True))).scalars():
        found.officers[officer.id] = officer
        if officer.external_system and officer.external_id:
            found.by_external_id[officer.external_system, officer.external_id] = officer.id
    found.timelines = await officers.timelines(session, found.officers)
    found.passes = await exams.passes(session, found.officers)
    for district_id in {officer.district_id for officer in found.officers.values()}:
        found.rules[district_id] = await dated.history(session, PersonnelRule, district_id)
    await _certificates(session, who, found, keys, numbers)
    return found


async def _certificates(
    session: Session, who: Principal, found: Known, keys: Collection[ExternalKey], numbers: Collection[str]
) -> None:
    external = tuple_(Certificate.external_system, Certificate.external_id)
    mine = (Certificate.district_id == who.district_id) & external.in_(keys)
    # Numbers are one person's in the whole country; whose certificate else has one is looked at, never told.
    touched = Certificate.officer_id.in_(list(found.officers)) | Certificate.number.in_(numbers) | mine
    for row in (await session.execute(select(Certificate).where(touched).order_by(Certificate.id).with_for_update())).scalars():
        if row.external_system and row.external_id and row.district_id == who.district_id:
            found.certificates[row.external_system, row.external_id] = row
        if row.number is not None:
            found.numbers.setdefault(row.number, {})[row.id] = (row.officer_id, row.valid_from)
        if (held := certificates.held(row)) is not None:
            found.periods.setdefault(row.officer_id, {})[row.id] = held
