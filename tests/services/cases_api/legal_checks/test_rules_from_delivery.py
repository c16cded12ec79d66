"""Rules from delivery to the archive, the order of the steps, and what falls due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.cases_api.legal_checks.rules import deadlines, keeping, law, register, words
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.deadlines import Act
from services.cases_api.legal_checks.rules.model import Case
from services.cases_api.legal_settings.rules import Settings, Topic
from tests.factories import legal
from tests.factories.legal import CONTEXT, case, outcome, step, told

D = date.fromisoformat


@pytest.mark.parametrize(
    ("delivery", "expected"),
    [
        # Seven working days behind Thursday 10 April end on Monday the 21st.
        ({"on": "2025-04-21"}, "clean"),
        ({"on": "2025-04-22"}, ("major",)),
        ({"receipt": False}, ("major",)),
        ({"receipt": None}, "missing delivery.receipt"),
        ({"manner": "electronic", "consent": True}, "clean"),
        ({"manner": "electronic", "consent": False}, ("major",)),
        ({"manner": "electronic"}, "missing delivery.consent"),
        ({"manner": "public_notice", "announced_on": "2025-04-21", "on": "2025-05-21"}, "clean"),
        ({"manner": "public_notice", "announced_on": "2025-04-22", "on": "2025-05-22"}, ("major",)),
        ({"manner": "public_notice", "announced_on": "2025-04-21", "on": "2025-05-20"}, ("major",)),
        ({"manner": "public_notice"}, "missing delivery.announced_on"),
    ],
)
def test_p16_delivery(delivery: dict[str, Any], expected: Any) -> None:
    assert told("P16", case(delivery=delivery)) == expected


def test_p16_old_law_other_documents_and_none_at_all() -> None:
    old: dict[str, Any] = {"filing": {"on": "2021-06-01"}, "notice": {"on": "2021-06-20"}}
    # Seven calendar days from 7 July 2021 end on the 14th; working days since the 15th.
    assert told("P16", case(decision={"on": "2021-07-07"}, delivery={"on": "2021-07-14"}, **old)) == "clean"
    assert told("P16", case(decision={"on": "2021-07-07"}, delivery={"on": "2021-07-15"}, **old)) == ("major",)
    assert told("P16", case(decision={"on": "2021-07-15"}, delivery={"on": "2021-07-26"}, **old)) == "clean"
    other = step("delivery", "2025-04-11", document="notice", manner="direct", receipt=True)
    assert told("P16", case(other, without=["delivery"])) == ("major",)
    running: dict[str, Any] = {"without": ["delivery", "closing", "archiving"]}
    assert told("P16", case(today=D("2025-04-21"), **running)) == "clean"
    assert told("P16", case(today=D("2025-04-22"), **running)) == ("major",)
    licence = replace(case(delivery={"on": "2025-04-24"}), kind="licence")
    assert told("P16", licence) == "clean"
    assert told("P16", replace(case(delivery={"on": "2025-04-25"}), kind="licence")) == ("major",)


WITHDRAWN: dict[str, Any] = {"cause_on": "2025-09-29", "reason_published": True}


@pytest.mark.parametrize(
    ("checked", "expected"),
    [
        (case(publicity={"on": "2025-04-21"}), "clean"),
        (case(publicity={"on": "2025-04-22"}), ("major",)),
        (case(publicity={"masked": False}), ("major",)),
        (case(publicity={"masked": None}), "missing publicity.masked"),
        (case(publicity={"masked": None}, party_kind="legal"), "clean"),
        (case(without=["publicity"]), ("major",)),
        (case(without=["publicity"], today=D("2025-04-21")), "clean"),
        (case(without=["publicity"], decision={"penalties": None, "outcome": "no_penalty"}), "clean"),
        # Twenty working days for what is neither penalty nor licence; what need not be public is not missed.
        (replace(case(publicity={"on": "2025-05-12"}), kind="compulsion"), "clean"),
        (replace(case(publicity={"on": "2025-05-13"}), kind="compulsion"), ("major",)),
        (replace(case(without=["publicity"]), kind="compulsion"), "clean"),
        # Three working days over the holiday of October, whose make-up day is the 11th.
        (case(step("publicity_withdrawal", "2025-10-10", **WITHDRAWN)), "clean"),
        (case(step("publicity_withdrawal", "2025-10-11", **WITHDRAWN)), ("major",)),
        (case(step("publicity_withdrawal", "2025-10-09", cause_on="2025-09-28", reason_published=False)), ("major",)),
        (case(step("publicity_withdrawal", "2025-10-09", reason_published=True)), "missing publicity_withdrawal.cause_on"),
    ],
)
def test_p17_publicity(checked: Case, expected: Any) -> None:
    assert told("P17", checked) == expected


@pytest.mark.parametrize(
    ("payment", "expected"),
    [
        ({"late_fee_fen": 15_000, "late_days": 10}, "clean"),
        ({"late_fee_fen": 15_099, "late_days": 10}, "clean"),
        ({"late_fee_fen": 15_100, "late_days": 10}, ("minor",)),
        ({"late_fee_fen": 50_000, "late_days": 34}, "clean"),
        ({"late_fee_fen": 50_001, "late_days": 34}, ("minor",)),
        ({"late_fee_fen": 50_000}, "missing payment.late_days"),
    ],
)
def test_p18_late_fee(payment: dict[str, Any], expected: Any) -> None:
    assert told("P18", case(payment=payment)) == expected


HANDED: dict[str, Any] = {"handed_to_organ_on": "2025-04-22", "handed_to_bank_on": "2025-04-24"}


@pytest.mark.parametrize(
    ("payment", "expected"),
    [
        # Sunday 20 April: the two working days are Monday and Tuesday.
        ({"on_spot": True, "amount_fen": 10_000} | HANDED, "clean"),
        ({"on_spot": True, "amount_fen": 10_001} | HANDED, ("major",)),
        ({"on_spot": True, "amount_fen": 10_001, "ground": "remote_on_request"} | HANDED, "clean"),
        ({"on_spot": True, "amount_fen": 10_001, "ground": "small_fine"} | HANDED, ("major",)),
        ({"on_spot": True, "amount_fen": 10_000} | HANDED | {"handed_to_organ_on": "2025-04-23"}, ("major",)),
        ({"on_spot": True, "amount_fen": 10_000} | HANDED | {"handed_to_bank_on": "2025-04-25"}, ("major",)),
        ({"on_spot": True, "amount_fen": None} | HANDED, "missing payment.amount_fen"),
        ({"on_spot": True, "amount_fen": 10_000}, "missing payment.handed_to_organ_on"),
        ({"on_spot": None}, "missing payment.on_spot"),
        # Twenty yuan in the old law.
        ({"on": "2021-07-14", "on_spot": True, "amount_fen": 2_001, "handed_to_organ_on": "2021-07-14",
          "handed_to_bank_on": "2021-07-14"}, ("major",)),
    ],
)  # fmt: skip
def test_p19_collection_on_the_spot(payment: dict[str, Any], expected: Any) -> None:
    assert told("P19", case(payment=payment)) == expected


@pytest.mark.parametrize(
    ("reminded", "applied", "expected"),
    [
        # Delivered on 14 April: the remedies end on 14 October, the three months on 14 January.
        ("2025-10-16", "2025-10-30", ("major",)),
        ("2025-10-16", "2025-10-31", "clean"),
        ("2025-09-01", "2025-10-14", ("major",)),
        ("2025-09-01", "2025-10-15", "clean"),
        ("2025-09-01", "2026-01-14", "clean"),
        ("2025-09-01", "2026-01-15", ("major",)),
        (None, "2025-12-01", ("major",)),
    ],
)
def test_p21_application_to_the_court(reminded: str | None, applied: str, expected: Any) -> None:
    steps = [step("court_application", applied)] + ([step("reminder", reminded)] if reminded else [])
    assert told("P21", case(*steps)) == expected


def test_p21_says_what_it_lacks() -> None:
    steps = [step("court_application", "2025-12-01"), step("reminder", "2025-09-01")]
    assert told("P21", case(*steps, without=["delivery"])) == "missing court_application.remedy_ended_on"
    # Three months behind 31 August end on Sunday 30 November: Monday is the last day.
    known = step("court_application", "2025-12-01", remedy_ended_on="2025-08-31")
    assert told("P21", case(known, steps[1], without=["delivery"])) == "clean"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"investigation_end": {"on": "2025-03-24"}}, "clean"),
        ({"investigation_end": {"on": "2025-03-25"}}, ("major",)),
        ({"investigation_end": {"on": "2025-03-02"}}, ("major",)),
        ({"decision": {"on": "2025-03-23"}}, ("major",)),
        ({"delivery": {"on": "2025-04-09"}}, ("major",)),
        ({"closing": {"on": "2025-04-13"}}, ("major",)),
        ({"archiving": {"on": "2025-05-05"}}, ("major",)),
        ({"archiving": {"on": "2025-05-06"}}, "clean"),
        ({"without": ["investigation_end", "notice", "delivery"], "decision": {"on": "2025-03-02"}}, ("major",)),
    ],
)
def test_p22_order(changes: dict[str, Any], expected: Any) -> None:
    assert told("P22", case(**changes)) == expected


def test_p22_leaves_review_and_discussion_free_and_knows_a_second_investigation() -> None:
    free = [step("legal_review", "2025-03-10"), step("collective_discussion", "2025-04-09"), step("notice", "2025-04-02")]
    assert told("P22", case(*free)) == "clean"
    assert told("P22", case(step("investigation_end", "2025-04-05"))) == "clean"
    assert told("P22", case(step("investigation_end", "2025-04-11"))) == ("major",)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "clean"),
        ({"offline_reason": "no_network"}, "missing case.obstacle_ended_on"),
        ({"offline_reason": "no_network", "obstacle_ended_on": D("2025-04-28"), "keyed_in_on": D("2025-05-08")}, "clean"),
        ({"offline_reason": "no_network", "obstacle_ended_on": D("2025-04-28"), "keyed_in_on": D("2025-05-09")}, ("minor",)),
        ({"offline_reason": "law", "obstacle_ended_on": D("2025-04-28"), "entered_on": D("2025-05-09")}, ("minor",)),
        ({"offline_reason": "law", "obstacle_ended_on": D("2024-05-31"), "keyed_in_on": D("2025-05-09")}, "clean"),
        ({"offline_reason": "law", "obstacle_ended_on": D("2024-06-01"), "keyed_in_on": D("2025-05-09")}, ("minor",)),
    ],
)
def test_p23_off_line(changes: dict[str, Any], expected: Any) -> None:
    assert told("P23", case(**changes)) == expected


def test_each_rule_names_its_article_its_days_and_its_words() -> None:
    assert [rule.id for rule in register.RULES] == [f"P{number:02}" for number in range(1, 27)]
    for rule in register.RULES:
        assert rule.valid_from >= law.BEGINNING
        assert rule.zh
        assert rule.en.isascii()
        if rule.id not in {"P14", "P17"}:
            assert "第" in law.article(rule.id, D("2025-01-01"))
    assert law.article("P16", D("2021-07-14")) == "行政处罚法（2017年修正）第40条"
    assert law.article("P16", D("2021-07-15")) == "行政处罚法（2021年修订）第61条"
    assert [law.penalty_law(D(on)).valid_from.year for on in ("1990-01-01", "2017-12-31", "2018-01-01")] == [1996, 1996, 2018]


def test_a_void_file_is_not_asked_and_other_kinds_only_what_concerns_them() -> None:
    assert register.check(replace(case(), state="void"), CONTEXT) == []
    asked = {found.rule.id for found in register.check(replace(case(), kind="inspection"), CONTEXT)}
    assert asked == {"P03", "P04", "P05", "P06", "P09", "P10", "P17", "P18", "P21", "P22", "P23"}


def test_everything_that_may_be_missing_has_its_words() -> None:
    bare = case(step("hearing", "2025-04-01"), without=list(legal.STEPS)[1:])
    for checked in (bare, replace(bare, offline_reason="law", act_ended_on=None, grave_harm=None)):
        for found in register.check(checked, CONTEXT):
            assert all(words.of_missing(what) for what in found.missing)
    assert words.of_missing("calendar.2027") == ("2027 年工作日历", "the working days of 2027")


def due(checked: Case) -> list[tuple[str, str]]:
    return [(each.act.value, each.due_on.isoformat()) for each in deadlines.of(checked, CONTEXT)]


def test_what_falls_due_while_a_case_runs() -> None:
    measures = [step("registration_preservation", "2025-03-05"), step("seizure", "2025-03-06")]
    opened = case(*measures, without=list(legal.STEPS)[1:], today=D("2025-03-10"))
    assert due(opened) == [("dispose_preserved", "2025-03-14"), ("end_seizure", "2025-04-07"), ("decide", "2025-06-03")]
    rest = ["delivery", "publicity", "payment", "closing", "archiving"]
    assert due(case(without=rest, today=D("2025-04-11"))) == [("deliver", "2025-04-21"), ("publish", "2025-04-21")]
    cash = {"on_spot": True, "amount_fen": 10_000}
    reminded = case(step("reminder", "2025-06-01"), payment=cash, without=["closing", "archiving"], today=D("2025-06-02"))
    assert due(reminded) == [("hand_in", "2025-04-22"), ("apply_to_court", "2026-01-14")]
    assert due(case(without=["archiving"])) == [("archive", "2025-06-05")]
    assert due(case()) == []


KEPT = Context(
    legal.CALENDAR,
    Settings(
        [
            legal.setting(Topic.RETENTION, 10, "years"),
            legal.setting(Topic.RETENTION, 30, "years", case_kind="penalty", result="licence_revocation"),
            legal.setting(Topic.RETENTION, 5, "years", case_kind="penalty", result="warning"),
            legal.setting(Topic.RETENTION, 0, "permanent", case_kind="licence", result="granted"),
        ]
    ),
)


@pytest.mark.parametrize(
    ("changes", "until"),
    [
        ({}, "2035-05-06"),
        ({"decision": {"penalties": ["fine", "licence_revocation"]}}, "2055-05-06"),
        # A result of its own goes before the general period; of several results the longest holds.
        ({"decision": {"penalties": ["warning"]}}, "2035-05-06"),
        ({"closing": {"on": "2024-02-29"}, "archiving": {"on": "2024-03-01"}}, "2034-02-28"),
        ({"kind": "licence", "decision": {"outcome": "granted", "penalties": None}}, "for ever"),
        ({"without": ["closing", "archiving"]}, None),
    ],
)
def test_how_long_a_file_is_kept(changes: dict[str, Any], until: str | None) -> None:
    found = keeping.retention(case(**changes), KEPT)
    assert (found and ("for ever" if found.is_permanent else str(found.until))) == until
    assert keeping.retention(case(**changes), CONTEXT) is None


def test_a_running_case_is_late_the_day_behind_its_deadline() -> None:
    """Deadlines and rules are one sum: on the day itself the rule is clean, on the day behind it finds."""
    rest = ["decision", "delivery", "publicity", "payment", "closing", "archiving"]
    running = case(step("registration_preservation", "2025-03-05"), step("seizure", "2025-03-06"), without=rest)
    for each in deadlines.of(running, CONTEXT):
        rule = deadlines.RULE_OF[Act(each.act)]
        assert told(rule, replace(running, today=each.due_on)) == "clean"
        following = replace(running, today=legal.CALENDAR.add(each.due_on, 1))
        assert outcome(rule, following).result == "found"
