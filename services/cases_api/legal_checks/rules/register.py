"""All rules, and the check of a case by those that apply to it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from services.cases_api.legal_checks.rules import (
    acting,
    deciding,
    discretion,
    enforcement,
    filing,
    law,
    leniency,
    measures,
    monitoring,
    notice,
    performance,
    review,
)
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.model import GRAVITY, Case, Finding, Level, Result, Told
from services.kit.calendar import MissingYear

Check = Callable[[Case, Context], Told]
PENALTY: Final = frozenset({"penalty"})
DECIDING: Final = frozenset({"penalty", "licence"})
FULL: Final = frozenset({"ordinary", "fast"})
SUMMARY: Final = frozenset({"summary"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it asks, how much a breach weighs at most, since when it is law, and for which cases."""

    id: str
    zh: str
    en: str
    level: Level
    valid_from: date
    check: Check
    kinds: frozenset[str] = frozenset()
    procedures: frozenset[str] = frozenset()
    valid_to: date | None = None

    def applies_to(self, kind: str, procedure: str) -> bool:
        """Whether cases of this kind and procedure are asked; empty sets ask all."""
        return (not self.kinds or kind in self.kinds) and (not self.procedures or procedure in self.procedures)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule came to for a case. What is still unknown is told beside what was found."""

    rule: Rule
    result: Result
    findings: Sequence[Finding]
    missing: Sequence[str]

    @property
    def level(self) -> Level:
        """The gravest finding's level, or the rule's own while nothing is found."""
        return min((finding.level for finding in self.findings), key=GRAVITY.__getitem__, default=self.rule.level)


RULES: Final[Sequence[Rule]] = (
    Rule("P01", "立案及其审批", "Filing and its approval", Level.VETO, law.NEW_LAW, filing.p01, PENALTY, FULL),
    Rule("P02", "追责时效", "Limitation", Level.VETO, law.BEGINNING, filing.p02, PENALTY),
    Rule("P03", "执法人员不少于两名", "Two officers", Level.VETO, law.BEGINNING, acting.p03),
    Rule("P04", "执法人员当日资格", "Officers entitled on the day", Level.VETO, law.NEW_LAW, acting.p04),
    Rule("P05", "先行登记保存期限", "Registration and preservation", Level.MAJOR, law.BEGINNING, measures.p05),
    Rule("P06", "查封扣押期限", "Seizure", Level.VETO, date(2012, 1, 1), measures.p06),
    Rule("P07", "处罚前告知", "Notice before the penalty", Level.VETO, law.BEGINNING, notice.p07, PENALTY, FULL),
    Rule("P08", "听证权利", "Right to a hearing", Level.VETO, law.BEGINNING, notice.p08, PENALTY, FULL),
    Rule("P09", "听证通知期限", "Notice of the hearing", Level.MAJOR, law.BEGINNING, notice.p09),
    Rule("P10", "听证主持人", "Who holds the hearing", Level.MAJOR, law.BEGINNING, acting.p10),
    Rule("P11", "陈述申辩复核与不加重", "Defence and no heavier penalty", Level.VETO, law.BEGINNING, notice.p11, PENALTY),
    Rule("P12", "重大决定法制审核", "Legal review", Level.VETO, law.LAWS[1].valid_from, review.p12, PENALTY, FULL),
    Rule("P13", "负责人集体讨论", "Collective discussion", Level.VETO, law.BEGINNING, review.p13, PENALTY, FULL),
    Rule("P14", "办案期限", "Time for deciding", Level.MAJOR, date(2004, 7, 1), deciding.p14, DECIDING, FULL),
    Rule("P15", "决定书要素与裁量说明", "Elements and discretion", Level.MAJOR, law.BEGINNING, discretion.p15, PENALTY),
    Rule("P16", "送达", "Delivery", Level.MAJOR, law.BEGINNING, performance.p16, DECIDING, FULL),
    Rule("P17", "公示与撤回", "Publicity and withdrawal", Level.MAJOR, date(2018, 12, 5), performance.p17),
    Rule("P18", "加处罚款", "Late fee", Level.MINOR, law.BEGINNING, enforcement.p18),
    Rule("P19", "当场收缴与交款", "Collection on the spot", Level.MAJOR, law.BEGINNING, enforcement.p19, PENALTY),
    Rule("P20", "简易程序范围", "Limits of the summary procedure", Level.VETO, law.BEGINNING, deciding.p20, PENALTY, SUMMARY),
    Rule("P21", "申请法院强制执行", "Application to the court", Level.MAJOR, date(2012, 1, 1), enforcement.p21),
    Rule("P22", "程序顺序", "Order of the steps", Level.MAJOR, law.BEGINNING, filing.p22),
    Rule("P23", "线下办理案件补录", "Cases handled off line", Level.MINOR, law.OFFLINE_SINCE, filing.p23),
    Rule("P24", "裁量基准幅度", "Fine within the band", Level.MAJOR, law.BEGINNING, discretion.p24, PENALTY, FULL),
    Rule("P25", "电子技术监控设备", "Monitoring equipment", Level.VETO, law.NEW_LAW, monitoring.p25, PENALTY),
    Rule("P26", "首违不罚条件", "First offence spared", Level.MAJOR, law.NEW_LAW, leniency.p26, PENALTY),
)
BY_ID: Final[Mapping[str, Rule]] = {rule.id: rule for rule in RULES}


@cache
def applying(kind: str, procedure: str) -> tuple[Rule, ...]:
    """The rules asked about cases of this kind and procedure."""
    return tuple(rule for rule in RULES if rule.applies_to(kind, procedure))


def check(case: Case, context: Context) -> list[Outcome]:
    """Every rule that applies, in their order. A void file is not asked; the day that decides is the decision, or today."""
    if case.state == "void":
        return []
    day = case.decided_on or case.closed_on or case.today
    rules = applying(case.kind, case.procedure)
    return [
        _asked(rule, case, context)
        for rule in rules
        if rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)
    ]


def _asked(rule: Rule, case: Case, context: Context) -> Outcome:
    findings, missing = [], []
    try:
        for told in rule.check(case, context):
            if isinstance(told, Finding):
                findings.append(told)
            else:
                missing.append(told.what)
    except MissingYear as unknown:
        missing.append(f"calendar.{unknown.params['year']}")
    if not findings and not missing:
        return _clean(rule)
    return Outcome(rule, Result.FOUND if findings else Result.UNDECIDABLE, findings, tuple(dict.fromkeys(missing)))


@cache
def _clean(rule: Rule) -> Outcome:
    return Outcome(rule, Result.CLEAN, (), ())
