"""P03 two officers, P04 officers entitled on the very day, P10 who holds the hearing. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from services.cases_api.legal_checks.rules import law
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.model import Case, Finding, Level, Missing, Officer, Step, Told

LEAST: Final = 2
AUXILIARY: Final = "auxiliary"
# Records that two officers make together; other evidence comes in by itself.
RECORDS: Final = frozenset({"testimony", "party_statement", "scene_record"})
IN_PERSON: Final = frozenset({"direct", "left"})
# Steps at which officers act towards the party.
OUTWARD: Final = ("evidence", "registration_preservation", "seizure", "notice", "delivery")
ACTS: Final = {
    "evidence": ("调查取证", "evidence"),
    "registration_preservation": ("先行登记保存", "registration and preservation"),
    "seizure": ("查封扣押", "seizure"),
    "notice": ("告知", "notice"),
    "delivery": ("送达", "delivery"),
}


def p03(case: Case, context: Context) -> Told:
    """At least two officers at each inquiry, scene record, notice and delivery (行政处罚法第42条).

    An auxiliary is no officer; at a delivery one may be the second person.
    """
    for name in ("evidence", "notice", "delivery"):
        for step in case.of(name):
            count = _count(case, step)
            if count >= LEAST:
                continue
            unknown = _unknown(step)
            if unknown is not None:
                yield Missing(unknown)
            elif _needs_two(step):
                yield _too_few(step, count)


def _count(case: Case, step: Step) -> int:
    """Officers at a step, each once."""
    found = set(step.officers(case))
    auxiliaries = sum(_is_auxiliary(case, officer_id, step.on) for officer_id in found)
    if step.step == "delivery" and auxiliaries < len(found):
        return len(found)
    return len(found) - auxiliaries


def _is_auxiliary(case: Case, officer_id: UUID, on: date) -> bool:
    officer = case.known_officers.get(officer_id)
    service = officer.service_on(on) if officer is not None else None
    return service is not None and service.kind == AUXILIARY


def _unknown(step: Step) -> str | None:
    """What must be known of a step before it can be told whether it needs two."""
    if step.step == "evidence" and step.get("kind") is None:
        return "evidence.kind"
    return "delivery.manner" if step.step == "delivery" and step.get("manner") is None else None


def _needs_two(step: Step) -> bool:
    if step.step == "evidence":
        return step.get("kind") in RECORDS
    return step.step == "notice" or step.get("manner") in IN_PERSON


def _too_few(step: Step, count: int) -> Finding:
    zh, en = ACTS[step.step]
    facts = {"step": step.step, "on": step.on.isoformat(), "counted": count, "limit": LEAST}
    words = f"{step.on} {zh}，执法人员 {count} 名，少于 {LEAST} 名", f"{en} on {step.on} by {count} of at least {LEAST} officers"
    return Finding(Level.VETO, law.article("P03", step.on), *words, facts)


def p04(case: Case, context: Context) -> Told:
    """Each officer is entitled on the very day of each act: in service, no auxiliary, of this unit or on a joint basis, with a
    certificate valid on that day (行政处罚法第42条). Acts before the law of 2021 are left alone."""
    told: dict[tuple[UUID, str], date] = {}
    unknown = False
    for name in OUTWARD:
        for step in case.of(name):
            if step.on < law.NEW_LAW:
                continue
            for officer_id in step.officers(case):
                officer = case.known_officers.get(officer_id)
                if officer is None:
                    unknown = True
                elif (problem := _problem(case, officer, step)) is not None:
                    told.setdefault((officer_id, problem), step.on)
    if unknown:
        yield Missing("officer.service")
    yield from (_not_entitled(officer_id, problem, on) for (officer_id, problem), on in told.items())


PROBLEMS: Final = {
    "not_in_service": ("当日不在职", "was not in service"),
    "auxiliary": ("为执法辅助人员", "was an auxiliary"),
    "other_unit": ("属其他单位且无联合执法依据", "was of another unit, without a joint basis"),
    "no_certificate": ("无执法证件登记", "had no certificate on record"),
    "certificate_not_valid": ("当日执法证件未生效、已失效或者暂扣", "held a certificate that was not valid then"),
}


def _problem(case: Case, officer: Officer, step: Step) -> str | None:
    service = officer.service_on(step.on)
    if service is None:
        return "not_in_service"
    if service.kind == AUXILIARY:
        # Auxiliaries may deliver under the command of officers; whether one was there is P03's question.
        return None if step.step == "delivery" else "auxiliary"
    if case.unit_id not in service.unit_path and case.joint_basis is None:
        return "other_unit"
    if officer.is_certified(step.on):
        return None
    return "certificate_not_valid" if officer.certificates else "no_certificate"


def _not_entitled(officer_id: UUID, problem: str, on: date) -> Finding:
    zh, en = PROBLEMS[problem]
    facts = {"officer_id": str(officer_id), "problem": problem, "on": on.isoformat()}
    return Finding(Level.VETO, law.article("P04", on), f"执法人员于 {on} 执法时{zh}", f"an officer acting on {on} {en}", facts)


def p10(case: Case, context: Context) -> Told:
    """The hearing is held by somebody who did not investigate the case (行政处罚法第64条)."""
    for hearing in case.of("hearing"):
        host = hearing.get("host_id")
        if host is None:
            yield Missing("hearing.host_id")
        elif UUID(host) in set(handlers(case)):
            facts = {"on": hearing.on.isoformat(), "officer_id": host}
            words = f"{hearing.on} 听证由本案办案人员主持", f"the hearing on {hearing.on} was held by an officer of the case"
            yield Finding(Level.MAJOR, law.article("P10", hearing.on), *words, facts)


def handlers(case: Case) -> Iterator[UUID]:
    """Everybody who handled the case: its officers, and those who made its evidence."""
    yield from case.officers
    for step in case.of("evidence"):
        yield from step.officers(case)
