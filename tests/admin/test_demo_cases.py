"""The chapter of case files plants each rule's defect in one file, and nothing else in any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from admin.demo import cases as chapter
from services.cases_api.case_files.schemas.bodies import CaseFileIn
from services.cases_api.legal_checks.rules import register
from services.cases_api.legal_checks.rules.model import (
    Case,
    Certificate,
    Equipment,
    LenientItem,
    Officer,
    Result,
    Service,
    Step,
    by_kind,
)
from services.kit import ids
from tests.factories import legal

DEVICE, ITEM = ids.new_id(), ids.new_id()
TOWNS = [str(ids.new_id()) for _ in range(4)]
PEOPLE: list[dict[str, Any]] = [
    {"id": str(ids.new_id()), "kind": "officer", "unit_id": TOWNS[max(place - 8, 0) % 4]} for place in range(60)
]


@dataclass
class Teller:
    """A story of which only the people are needed."""

    people: list[dict[str, Any]]


def officer(each: Mapping[str, Any]) -> Officer:
    # The first one of the chapter of people is suspended.
    valid = [] if each is PEOPLE[0] else [Certificate(legal.OLD)]
    return replace(
        legal.officer(UUID(each["id"]), Service((UUID(each["unit_id"]),), "officer", legal.OLD)), certificates=tuple(valid)
    )


def found(body: dict[str, Any]) -> set[str]:
    entry = CaseFileIn.model_validate(body)
    steps = [Step(each.step, each.on, each.facts()) for each in entry.steps]
    copied = {
        name: getattr(entry, name)
        for name in (
            "unit_id", "kind", "procedure", "officers", "filed_on", "joint_basis", "decided_on", "closed_on", "archived_on",
            "amount_fen", "act_ended_on", "discovered_on", "grave_harm", "offline_reason", "obstacle_ended_on", "keyed_in_on",
        )
    }  # fmt: skip
    case = Case(
        state="archived", party_kind=entry.party.kind, entered_on=date(2025, 5, 21), today=legal.TODAY, steps=by_kind(steps),
        known_officers={UUID(each["id"]): officer(each) for each in PEOPLE},
        equipment={DEVICE: Equipment(date(2024, 1, 20), date(2024, 1, 22), True, date(2024, 2, 1))},
        lenient_items={ITEM: LenientItem("first_offence", date(2024, 1, 1))}, **copied,
    )  # fmt: skip
    return {each.rule.id for each in register.check(case, legal.CONTEXT) if each.result is Result.FOUND}


def test_each_rule_is_broken_by_the_file_planted_for_it_and_by_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chapter, "_kept", lambda *_: iter([str(DEVICE), str(ITEM)]))
    story: Any = Teller(PEOPLE)
    crews = chapter._crews(story)
    planted = [
        (rule, found(chapter._body(rule, crews[place % 4], place, changes)))
        for place, (rule, changes) in enumerate(chapter._planted(story))
    ]
    assert planted == [(rule.id, {rule.id}) for rule in register.RULES]
    assert found(chapter._body("clean", crews[1], 0, {})) == set()
    assert {body["kind"] for body in (chapter._other("other", crews[0], n) for n in range(chapter.OTHERS))} == set(chapter.KINDS)
    assert len(planted) + chapter.CLEAN + chapter.OTHERS == 60
