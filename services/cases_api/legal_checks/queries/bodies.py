"""Answers of single checks and of the register of rules."""

from __future__ import annotations

from typing import Any, Final

from services.cases_api.legal_checks.queries.overrides import Override
from services.cases_api.legal_checks.queries.snapshots import Snapshot
from services.cases_api.legal_checks.queries.stored import finding_body
from services.cases_api.legal_checks.rules import law, words
from services.cases_api.legal_checks.rules.checking import Checked
from services.cases_api.legal_checks.rules.model import Result
from services.cases_api.legal_checks.rules.register import RULES, Outcome, Rule

# What rests on settings names the setting's source in each finding; the statute behind it stands here.
PUBLICITY: Final = "国办发〔2018〕118号"


def defects(snapshot: Snapshot, checked: Checked, overrides: dict[str, Override]) -> dict[str, Any]:
    """The check of one file."""
    told = [(outcome, _outcome(outcome, snapshot, checked, overrides)) for outcome in checked.told]
    return {
        "case_file_id": snapshot.id,
        "case_no": snapshot.case_no,
        "version": snapshot.version,
        "checked_on": snapshot.case.today,
        "items": [body for outcome, body in told if outcome.result is Result.FOUND],
        "undecidable": [body for outcome, body in told if outcome.result is Result.UNDECIDABLE],
        "clean": [outcome.rule.id for outcome in checked.outcomes if outcome.result is Result.CLEAN],
        "next_cursor": None,
    }


def nameless(told: dict[str, Any]) -> dict[str, Any]:
    """The same without whoever left a defect as it is: a name tells the unit."""
    for listed in ("items", "undecidable"):
        for outcome in told[listed]:
            outcome.pop("override", None)
    return told


def _outcome(outcome: Outcome, snapshot: Snapshot, checked: Checked, overrides: dict[str, Override]) -> dict[str, Any]:
    rule, mark = outcome.rule, checked.mark(outcome)
    day = snapshot.case.decided_on or snapshot.case.today
    body = {
        "rule": rule.id,
        "title": rule.zh,
        "title_en": rule.en,
        "result": outcome.result,
        "level": outcome.level,
        "article": outcome.findings[0].article if outcome.findings else article(rule, day),
        "findings": [finding_body(finding) for finding in outcome.findings],
        "missing": [dict(zip(("what", "zh", "en"), (what, *words.of_missing(what)), strict=True)) for what in outcome.missing],
    }
    override = overrides.get(rule.id)
    return body | ({"override": override.body(mark)} if override is not None else {})


def article(rule: Rule, on: Any) -> str:
    """The text and article a rule rests on, as of a day."""
    return PUBLICITY if rule.id == "P17" and on < law.NEW_LAW else law.article(rule.id, on)


def register() -> list[dict[str, Any]]:
    """All rules with the articles they rested on."""
    return [_rule(rule) for rule in RULES]


def _rule(rule: Rule) -> dict[str, Any]:
    starts = [
        max(each.valid_from, rule.valid_from) for each in law.LAWS if each.valid_to is None or each.valid_to >= rule.valid_from
    ]
    versions: list[dict[str, Any]] = []
    for start in dict.fromkeys(starts):
        text = article(rule, start)
        if not versions or versions[-1]["article"] != text:
            versions.append({"valid_from": start, "article": text})
    return {
        "rule": rule.id,
        "title": rule.zh,
        "title_en": rule.en,
        "level": rule.level,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "kinds": sorted(rule.kinds),
        "procedures": sorted(rule.procedures),
        "articles": versions,
    }
