"""P25 facts collected by monitoring equipment (非现场执法). Pure."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from services.cases_api.legal_checks.rules import law
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.model import Case, Equipment, Finding, Level, Missing, Step, Told

# What must have been done before a device may collect facts, and how much it weighs when it was not.
BEFORE: Final = (
    ("legal_review_on", Level.VETO, "未经法制审核", "had not passed its legal review"),
    ("technical_review_on", Level.VETO, "未经技术审核", "had not passed its technical review"),
    ("published_on", Level.MAJOR, "设置地点未向社会公布", "stood at a place that was not public"),
)


def p25(case: Case, context: Context) -> Told:
    """Equipment that collects facts by itself is reviewed legally and technically, marked, its place public; what it records is
    reviewed before it is evidence, and the party is told (行政处罚法第41条). The law names no days for telling: it must only come
    before the decision."""
    steps = [step for step in case.of("evidence") if step.get("monitored") or step.get("equipment_id")]
    if not steps and case.filing.get("source") == "monitoring":
        yield Missing("evidence.equipment_id")
    for step in steps:
        if step.on >= law.NEW_LAW:
            yield from _equipment(case, step)
            yield from _record(case, step)


def _equipment(case: Case, step: Step) -> Told:
    named = step.get("equipment_id")
    device = case.equipment.get(UUID(named)) if named is not None else None
    if device is None:
        yield Missing("evidence.equipment_id")
        return
    for name, level, zh, en in BEFORE:
        done = getattr(device, name)
        if done is None or done > step.on:
            yield _found(step, level, f"所用监控设备当日{zh}", f"the equipment {en}", name)
    yield from _state(device, step)


def _state(device: Equipment, step: Step) -> Told:
    if device.marked is None:
        yield Missing("equipment.marked")
    elif not device.marked:
        yield _found(step, Level.MAJOR, "所用监控设备标志不明显", "the equipment was not marked", "marked")
    if device.ended_on is not None and device.ended_on < step.on:
        zh, en = f"所用监控设备已于 {device.ended_on} 停用", f"the equipment had been out of use since {device.ended_on}"
        yield _found(step, Level.MAJOR, zh, en, "ended_on")


def _record(case: Case, step: Step) -> Told:
    reviewed, told = step.get("content_reviewed"), step.day("told_on")
    if reviewed is None:
        yield Missing("evidence.content_reviewed")
    elif not reviewed:
        zh, en = "监控设备记录的内容未经审核或者不符合要求", "what the equipment recorded was not reviewed, or found wanting"
        yield _found(step, Level.VETO, zh, en, "content_reviewed")
    if case.decided_on is None:
        return
    if told is None:
        yield Missing("evidence.told_on")
    elif told > case.decided_on:
        zh, en = f"{told} 才告知当事人监控设备记录的违法事实", f"the party was told only on {told} of what was recorded"
        yield _found(step, Level.MAJOR, zh, en, "told_on")


def _found(step: Step, level: Level, zh: str, en: str, what: str) -> Finding:
    facts = {"on": step.on.isoformat(), "what": what}
    return Finding(level, law.article("P25", step.on), f"{step.on} {zh}", f"on {step.on} {en}", facts)
