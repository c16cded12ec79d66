"""New certificates: judged each after those before it, then written together, with serials in their order."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.kit import clock, ids, references
from services.kit.db import Session
from services.kit.errors import DomainError
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.classes import rules as class_rules
from services.training_api.classes.tables import TrainingClass
from services.training_api.completion_certificates import queries, rules
from services.training_api.completion_certificates.rules import Standing, Wanted
from services.training_api.completion_certificates.tables import CompletionCertificate
from services.training_api.officers import queries as officers
from services.training_api.officers.tables import Officer

OBJECT: Final = "completion_certificate"
TRAIL: Final = Trail(OBJECT, access.COMPLETION_CERTIFICATES_READ)


@dataclass(frozen=True, slots=True)
class Ground:
    """What certificates are made of: people and classes, locked, and the units that stand on the page."""

    people: Mapping[UUID, Officer]
    classes: Mapping[UUID, TrainingClass]
    units: Mapping[UUID, references.Unit]
    now: datetime

    @property
    def today(self) -> date:
        """The day of issue."""
        return clock.local_day(self.now)


async def ground_of(
    session: Session, who: Principal, asked: Sequence[Wanted], held: Mapping[UUID, TrainingClass], now: datetime
) -> Ground:
    """The ground of what is asked for, its people locked; the classes `held` are locked by the caller."""
    people = await officers.lock_all(session, {each.officer_id for each in asked})
    wanted = {each.unit_id for each in people.values()} | {each.unit_id for each in held.values()}
    wanted |= {part for part in (who.unit_id, who.district_id) if part is not None}
    return Ground(people, held, await references.some_units(session, wanted), now)


async def make_all(
    session: Session,
    who: Principal,
    ground: Ground,
    asked: Sequence[Wanted],
    faults: Mapping[int, DomainError] | None = None,
    supersedes: CompletionCertificate | None = None,
) -> list[CompletionCertificate | DomainError]:
    """Judges each after those before it, then writes the good ones together, with serials in their order."""
    standing = await queries.standing(session, asked)
    issued = await queries.issued(session, asked)
    results: dict[int, DomainError] = dict(faults or {})
    good: dict[int, Standing] = {}
    for place, wanted in enumerate(asked):
        found = standing.get(place)
        refusal = results.get(place) or rules.why_not_issue(found, wanted in issued)
        if refusal is not None or found is None or wanted.officer_id not in ground.people:
            results[place] = refusal or rules.NoHours()
            continue
        good[place] = found
        issued.add(wanted)
    made = await _write(session, who, ground, {asked[place]: found for place, found in good.items()}, supersedes)
    fresh = dict(zip(good, made, strict=True))
    return [fresh[place] if place in fresh else results[place] for place in range(len(asked))]


async def _write(
    session: Session,
    who: Principal,
    ground: Ground,
    good: Mapping[Wanted, Standing],
    supersedes: CompletionCertificate | None,
) -> list[CompletionCertificate]:
    if not good:
        return []
    district_id = ground.people[next(iter(good)).officer_id].district_id
    serial = await queries.next_serials(session, district_id, ground.today.year, len(good))
    made = [
        _certificate(who, ground, wanted, found, serial + place, supersedes) for place, (wanted, found) in enumerate(good.items())
    ]
    await queries.add(session, dict(zip(made, (found.entry_ids for found in good.values()), strict=True)))
    for each in made:
        after = {"number": each.number, "kind": each.kind, "class_id": each.class_id, "year": each.year}
        after |= {"officer_id": each.officer_id, "supersedes_id": each.supersedes_id}
        tell(session, who, each, "issued", {name: value for name, value in after.items() if value is not None})
    return made


def _certificate(
    who: Principal,
    ground: Ground,
    wanted: Wanted,
    found: Standing,
    serial: int,
    supersedes: CompletionCertificate | None,
) -> CompletionCertificate:
    officer = ground.people[wanted.officer_id]
    held = ground.classes[wanted.class_id] if wanted.class_id is not None else None
    first, last = class_rules.days_of(held) if held is not None else rules.days_of_year(wanted.year, ground.today)
    issuer = ground.units[_issuer(who, held, supersedes, officer)]
    check = "".join(secrets.choice(rules.SIGNS) for _ in range(rules.CHECK_SIGNS))
    district = ground.units.get(officer.district_id, issuer)
    return CompletionCertificate(
        id=ids.new_id(),
        district_id=officer.district_id,
        unit_id=officer.unit_id,
        issuer_id=issuer.id,
        officer_id=officer.id,
        kind=wanted.kind.value,
        class_id=wanted.class_id,
        year=wanted.year,
        issued_in=ground.today.year,
        serial=serial,
        number=rules.number(district.code, ground.today.year, serial, check),
        name=officer.name,
        unit_name=ground.units[officer.unit_id].name,
        issuer_name=issuer.name,
        title=held.title if held is not None else None,
        first_on=first,
        last_on=last,
        entries_sha256=found.entries_sha256,
        supersedes_id=supersedes.id if supersedes is not None else None,
        issued_on=ground.today,
        issued_by=who.account_id,
        created_at=ground.now,
        **found.by_category,
    )


def _issuer(who: Principal, held: TrainingClass | None, supersedes: CompletionCertificate | None, officer: Officer) -> UUID:
    """Who vouches: the organiser of the class; for a year the caller's unit. A certificate reissued keeps its issuer."""
    if supersedes is not None:
        return supersedes.issuer_id
    return held.unit_id if held is not None else who.unit_id or officer.unit_id


def tell(
    session: Session,
    who: Principal,
    found: CompletionCertificate,
    verb: str,
    after: Mapping[str, object],
    reason: str | None = None,
    *,
    hours_reversed: bool = False,
) -> None:
    """Audit row and message; the version is the one shown, which moves when hours behind a certificate are reversed."""
    version = rules.version_shown(found.version, hours_reversed)
    TRAIL.tell(session, who, found, verb, after=dict(after), reason=reason, version=version)
