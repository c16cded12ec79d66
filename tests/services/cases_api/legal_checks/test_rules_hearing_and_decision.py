"""Rules of hearing, defence, review and decision: at, before and after each limit, in old law and new."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.cases_api.legal_checks.rules import register
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.model import Benchmark, Case, Step
from services.cases_api.legal_settings.rules import Setting, Settings, Topic
from services.kit.calendar import Calendar
from tests.factories import legal
from tests.factories.legal import ONE, THIRD, case, outcome, step, told

D = date.fromisoformat
NO_HEARING = [name for name in legal.ALL_TOLD if name != "hearing_right"]


def fined(fen: int, *more: Step, notice: dict[str, Any] | None = None, **changes: Any) -> Case:
    return case(
        *more, notice={"fine_fen": fen} | (notice or {}), decision={"fine_fen": fen} | changes.pop("decision", {}), **changes
    )


@pytest.mark.parametrize(
    ("checked", "expected"),
    [
        (fined(999_999, notice={"contents": NO_HEARING}), "clean"),
        (fined(1_000_000, notice={"contents": NO_HEARING}), ("veto",)),
        (fined(1_000_000, notice={"contents": NO_HEARING}, party_kind="legal"), "clean"),
        (fined(10_000_000, notice={"contents": NO_HEARING}, party_kind="legal"), ("veto",)),
        (fined(1_000_000, notice={"contents": None}), "missing notice.contents"),
        # Five working days behind the notice of Monday 24 March end on the 31st.
        (fined(1_000_000, decision={"on": "2025-03-31"}), ("veto",)),
        (fined(1_000_000, decision={"on": "2025-04-01"}), "clean"),
        (fined(1_000_000, decision={"on": "2025-03-28"}, notice={"waived_on": "2025-03-27"}), "clean"),
        (fined(1_000_000, decision={"on": "2025-03-28"}, notice={"waived_on": "2025-03-29"}), ("veto",)),
        # Asked for, and not held before the decision.
        (fined(1_000_000, step("hearing_request", "2025-03-26")), ("veto",)),
        (fined(1_000_000, step("hearing_request", "2025-03-26", withdrawn_on="2025-03-28")), "clean"),
        (fined(1_000_000, step("hearing_request", "2025-03-26"), step("hearing", "2025-04-09")), "clean"),
        # Kinds that need a hearing whatever they cost.
        (case(decision={"penalties": ["licence_revocation"]}, notice={"contents": NO_HEARING}), ("veto",)),
        (case(decision={"penalties": ["warning"]}, notice={"contents": NO_HEARING}), "clean"),
        (case(decision={"penalties": None}), "missing decision.penalties"),
        (case(decision={"fine_fen": None, "penalties": ["fine", "confiscation"]}), "missing decision.fine_fen"),
        (
            case(decision={"penalties": ["fine", "confiscation"], "confiscation_fen": 999_999}, notice={"contents": NO_HEARING}),
            "clean",
        ),
        (
            case(
                decision={"penalties": ["fine", "confiscation"], "confiscation_fen": 1_000_000}, notice={"contents": NO_HEARING}
            ),
            ("veto",),
        ),
    ],
)
def test_p08_the_right_to_a_hearing(checked: Case, expected: Any) -> None:
    assert told("P08", checked) == expected


def test_p08_without_a_threshold_nothing_is_guessed_and_an_assumed_one_is_told() -> None:
    bare = Context(legal.CALENDAR, Settings([]))
    assert told("P08", fined(1_000_000), bare) == "missing setting.hearing_fine"
    heavy = case(decision={"penalties": ["confiscation"], "confiscation_fen": 2_000_000}, notice={"contents": NO_HEARING})
    assert outcome("P08", heavy).findings[0].facts["assumed"] is True


@pytest.mark.parametrize(
    ("notice", "decided", "expected"),
    [
        # Three days under the old law, ending on a Saturday: Monday the 12th is the last day.
        ("2021-07-07", "2021-07-12", ("veto",)),
        ("2021-07-07", "2021-07-13", "clean"),
        # Five working days since 15 July 2021.
        ("2021-07-15", "2021-07-22", ("veto",)),
        ("2021-07-15", "2021-07-23", "clean"),
    ],
)
def test_p08_follows_the_law_of_the_day_of_the_notice(notice: str, decided: str, expected: Any) -> None:
    checked = fined(1_000_000, filing={"on": "2021-06-01"}, notice={"on": notice}, decision={"on": decided})
    assert told("P08", checked) == expected


@pytest.mark.parametrize(
    ("told_on", "held_on", "expected"),
    [
        ("2025-03-27", "2025-04-08", "clean"),
        ("2025-03-28", "2025-04-08", ("major",)),
        (None, "2025-04-08", "missing hearing_notice"),
        # Calendar days before 15 July 2021.
        ("2021-07-07", "2021-07-14", "clean"),
        ("2021-07-08", "2021-07-14", ("major",)),
        ("2021-07-15", "2021-07-26", "clean"),
        ("2021-07-15", "2021-07-23", ("major",)),
    ],
)
def test_p09_notice_of_the_hearing(told_on: str | None, held_on: str, expected: Any) -> None:
    steps = [step("hearing", held_on)] + ([step("hearing_notice", told_on)] if told_on else [])
    assert told("P09", case(*steps)) == expected


@pytest.mark.parametrize(("host", "expected"), [(THIRD, "clean"), (ONE, ("major",)), (None, "missing hearing.host_id")])
def test_p10_who_holds_the_hearing(host: Any, expected: Any) -> None:
    facts = {"host_id": str(host)} if host else {}
    assert told("P10", case(step("hearing", "2025-04-08", **facts))) == expected


@pytest.mark.parametrize(
    ("statement", "changes", "expected"),
    [
        ({"made": False}, {}, "clean"),
        ({}, {}, "missing statement.made"),
        ({"made": True}, {}, ("major",)),
        ({"made": True, "reviewed_on": "2025-04-10"}, {}, "clean"),
        ({"made": True, "reviewed_on": "2025-04-11"}, {}, ("major",)),
        ({"made": True, "reviewed_on": "2025-04-02"}, {"decision": {"fine_fen": 50_001}}, "missing statement.new_facts"),
        ({"made": True, "reviewed_on": "2025-04-02", "new_facts": False}, {"decision": {"fine_fen": 50_001}}, ("veto",)),
        ({"made": True, "reviewed_on": "2025-04-02", "new_facts": True}, {"decision": {"fine_fen": 50_001}}, "clean"),
        (
            {"made": True, "reviewed_on": "2025-04-02", "new_facts": False},
            {"decision": {"penalties": ["fine", "licence_revocation"]}},
            ("veto",),
        ),
        (
            {"made": True, "reviewed_on": "2025-04-02"},
            {"notice": {"penalties": None, "fine_fen": None}},
            "missing notice.penalties",
        ),
        # Without a defence a heavier penalty breaks the notice, not this rule.
        ({"made": False}, {"decision": {"fine_fen": 50_001}}, "clean"),
    ],
)
def test_p11_defence(statement: dict[str, Any], changes: dict[str, Any], expected: Any) -> None:
    assert told("P11", case(step("statement", "2025-03-28", **statement), **changes)) == expected


PASSED = {"opinion": "passed", "reviewer_id": str(THIRD), "qualified": True}
NEEDED = {"decision": {"review_grounds": ["complex"]}}


@pytest.mark.parametrize(
    ("review", "changes", "expected"),
    [
        (None, {}, "clean"),
        (None, {"decision": {"review_grounds": None}}, "missing decision.review_grounds"),
        (None, NEEDED, ("veto",)),
        (("2025-04-10", PASSED), NEEDED, "clean"),
        (("2025-04-11", PASSED), NEEDED, ("veto",)),
        # Before the notice is as good as behind it.
        (("2025-03-22", PASSED), NEEDED, "clean"),
        (("2025-04-01", PASSED | {"opinion": "refused"}), NEEDED, ("veto",)),
        (("2025-04-01", PASSED | {"reviewer_id": str(ONE)}), NEEDED, ("veto",)),
        (("2025-04-01", PASSED | {"qualified": False, "first_time": True}), NEEDED, ("veto",)),
        (("2025-04-01", PASSED | {"qualified": False, "first_time": False}), NEEDED, "clean"),
        (("2025-04-01", PASSED | {"qualified": False}), NEEDED, "missing legal_review.first_time"),
        (("2025-04-01", {"qualified": True}), NEEDED, "missing legal_review.opinion, legal_review.reviewer_id"),
    ],
)
def test_p12_legal_review(review: tuple[str, dict[str, Any]] | None, changes: dict[str, Any], expected: Any) -> None:
    steps = [step("legal_review", review[0], **review[1])] if review else []
    assert told("P12", case(*steps, **changes)) == expected


@pytest.mark.parametrize(("decided", "expected"), [("2017-12-31", None), ("2018-01-01", ("veto",)), ("2021-07-14", ("veto",))])
def test_p12_came_in_2018_and_asked_for_every_decision_until_2021(decided: str, expected: Any) -> None:
    old = case(filing={"on": "2017-11-01"}, notice={"on": "2017-12-01"}, decision={"on": decided})
    found = [each for each in register.check(old, legal.CONTEXT) if each.rule.id == "P12"]
    assert (tuple(finding.level.value for finding in found[0].findings) if found else None) == expected


def test_p12_a_hearing_is_a_ground_by_itself() -> None:
    assert told("P12", case(step("hearing", "2025-04-09"))) == ("veto",)


@pytest.mark.parametrize(
    ("discussed", "changes", "expected"),
    [
        (None, {}, "clean"),
        (None, {"decision": {"major": None}}, "missing decision.major"),
        (None, {"decision": {"major": True}}, ("veto",)),
        ("2025-04-10", {"decision": {"major": True}}, "clean"),
        ("2025-04-11", {"decision": {"major": True}}, ("veto",)),
        ("2025-04-01", {"decision": {"major": None}}, "clean"),
    ],
)
def test_p13_collective_discussion(discussed: str | None, changes: dict[str, Any], expected: Any) -> None:
    steps = [step("collective_discussion", discussed)] if discussed else []
    assert told("P13", case(*steps, **changes)) == expected


def decided(on: str, *more: Step, **changes: Any) -> Case:
    return case(*more, decision={"on": on}, without=["closing", "archiving", "delivery", "publicity"], **changes)


EXTENSION = {"days": 30, "by": "leader", "approved_on": "2025-05-30"}


@pytest.mark.parametrize(
    ("checked", "expected"),
    [
        # Ninety days behind 3 March end on Sunday 1 June, in a holiday up to the 2nd: Tuesday the 3rd is the last day.
        (decided("2025-06-03"), "clean"),
        (decided("2025-06-04"), ("major",)),
        (decided("2025-06-05", step("exclusion", "2025-04-01", until="2025-04-04", reason="testing")), "clean"),
        (decided("2025-06-05", step("exclusion", "2025-04-01", until="2025-04-03", reason="testing")), ("major",)),
        # An extension counts by the rule it names, or by the sector's own; without either it is not for the check to say.
        (decided("2025-06-30", step("extension", "2025-05-30", basis="示例规定第一条", **EXTENSION)), "clean"),
        (decided("2025-07-01", step("extension", "2025-05-30", basis="示例规定第一条", **EXTENSION)), "clean"),
        (decided("2025-07-02", step("extension", "2025-05-30", basis="示例规定第一条", **EXTENSION)), ("major",)),
        (decided("2025-06-30", step("extension", "2025-05-30", **EXTENSION)), "missing extension.basis"),
        (decided("2025-06-30", step("extension", "2025-05-30", **EXTENSION), sector="market_regulation"), "clean"),
        (decided("2025-08-30", step("extension", "2025-05-30", **EXTENSION)), ("major",)),
        # Before the law of 2021 there was no such limit.
        (decided("2022-06-03", filing={"on": "2021-07-14"}, notice={"on": "2022-05-01"}), "clean"),
        (decided("2022-06-03", filing={"on": "2021-07-15"}, notice={"on": "2022-05-01"}), ("major",)),
        # Twenty working days for a licence, ten more by its own law.
        (replace(decided("2025-03-31"), kind="licence"), "clean"),
        (replace(decided("2025-04-01"), kind="licence"), ("major",)),
        (replace(decided("2025-04-15", step("extension", "2025-03-28", days=10)), kind="licence"), "clean"),
        (replace(decided("2025-04-16", step("extension", "2025-03-28", days=10)), kind="licence"), ("major",)),
    ],
)
def test_p14_time_for_deciding(checked: Case, expected: Any) -> None:
    assert told("P14", checked) == expected


def test_p14_tells_the_sum_in_both_languages() -> None:
    late = decided("2025-06-12", step("exclusion", "2025-04-01", until="2025-04-04", reason="testing"))
    (finding,) = outcome("P14", late).findings
    assert finding.en.startswith("filed on 2025-03-03, decided on day 97 of 90; 4 days excluded")
    assert finding.zh.startswith("2025-03-03 立案，作出决定为第 97 日，期限 90 日，不计入 4 日")
    assert finding.facts == {
        "from": "2025-03-03",
        "to": "2025-06-12",
        "counted": 97,
        "limit": 90,
        "measure": "calendar_days",
        "last_day": "2025-06-05",
        "excluded": 4,
    }


@pytest.mark.parametrize(("today", "expected"), [("2025-06-03", "clean"), ("2025-06-04", ("major",))])
def test_p14_an_undecided_case_is_late_from_the_first_day_on(today: str, expected: Any) -> None:
    running = case(without=["decision", "delivery", "publicity", "payment", "closing", "archiving"], today=D(today))
    assert told("P14", running) == expected


def test_a_year_that_the_calendar_lacks_is_named_and_never_guessed() -> None:
    known = {day: working for day, working in legal.CALENDAR._days.items() if day.year < 2025}
    bare = Context(Calendar(known), legal.CONTEXT.settings)
    assert told("P14", decided("2025-06-12"), bare) == "missing calendar.2025"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"elements": legal.ALL_ELEMENTS[:-1]}, ("major",)),
        ({"elements": None}, "missing decision.elements"),
        ({"discretion_explained": False}, ("major",)),
        ({"discretion_explained": None}, "missing decision.discretion_explained"),
        ({"benchmark_from": "2025-02-20"}, "clean"),
        ({"benchmark_from": "2024-01-01", "benchmark_to": "2025-02-20"}, "clean"),
        # The act ended on 20 February: a benchmark of the 21st needs to be the lighter one.
        ({"benchmark_from": "2025-02-21"}, "missing decision.lighter_applied"),
        ({"benchmark_from": "2025-02-21", "lighter_applied": True}, "clean"),
        ({"benchmark_from": "2025-02-21", "lighter_applied": False}, ("major",)),
        ({"benchmark_from": "2024-01-01", "benchmark_to": "2025-02-19"}, ("major",)),
        ({"benchmark_from": None, "benchmark": "示例基准第二档"}, "missing decision.benchmark_from"),
        ({"benchmark_from": None}, "missing decision.benchmark_id"),
    ],
)
def test_p15_elements_and_discretion(changes: dict[str, Any], expected: Any) -> None:
    assert told("P15", case(decision=changes)) == expected


SUMMARY: dict[str, Any] = {"procedure": "summary", "without": ["notice", "investigation_end"]}


@pytest.mark.parametrize(
    ("fen", "changes", "expected"),
    [
        (20_000, {}, "clean"),
        (20_001, {}, ("veto",)),
        (300_000, {"party_kind": "legal"}, "clean"),
        (300_001, {"party_kind": "legal"}, ("veto",)),
        # Fifty and a thousand yuan in the old law.
        (5_000, {"filing": {"on": "2021-07-14"}, "on": "2021-07-14"}, "clean"),
        (5_001, {"filing": {"on": "2021-07-14"}, "on": "2021-07-14"}, ("veto",)),
        (20_000, {"filing": {"on": "2021-07-15"}, "on": "2021-07-15"}, "clean"),
    ],
)
def test_p20_limits_of_the_summary_procedure(fen: int, changes: dict[str, Any], expected: Any) -> None:
    day = {"on": changes["on"]} if "on" in changes else {}
    rest = {name: value for name, value in changes.items() if name != "on"}
    assert told("P20", case(decision={"fine_fen": fen} | day, **SUMMARY, **rest)) == expected


def test_p20_knows_warnings_and_fines_only() -> None:
    assert told("P20", case(decision={"penalties": ["warning"]}, **SUMMARY)) == "clean"
    assert told("P20", case(decision={"penalties": ["warning", "confiscation"]}, **SUMMARY)) == ("veto",)
    assert told("P20", case(decision={"penalties": None}, **SUMMARY)) == "missing decision.penalties"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"fine_fen": 40_000}, "clean"),
        ({"fine_fen": 60_000}, "clean"),
        ({"fine_fen": 39_999}, ("major",)),
        ({"fine_fen": 60_001}, ("major",)),
        ({"band_low_fen": 50_000, "band_high_fen": 50_000}, "clean"),
        ({"band_low_fen": 50_000, "band_high_fen": 50_000, "fine_fen": 49_999}, ("major",)),
        ({"band_low_fen": None}, "missing decision.band_low_fen"),
        ({"penalties": ["warning"]}, "clean"),
    ],
)
def test_p24_the_fine_within_its_band(changes: dict[str, Any], expected: Any) -> None:
    assert told("P24", case(decision=changes)) == expected


def test_p24_says_when_the_benchmark_leaves_no_choice() -> None:
    fixed = case(decision={"band_low_fen": 50_000, "band_high_fen": 50_000, "fine_fen": 60_000})
    assert "零幅度" in outcome("P24", fixed).findings[0].zh


def test_settings_go_by_sector_then_district_then_day() -> None:
    def fine(value: int, **scope: Any) -> Setting:
        return legal.setting(Topic.HEARING_FINE, value, "fen", **scope)

    settings = Settings(
        [
            fine(1, party_kind="natural"),
            fine(2, own=True),
            fine(3, sector="ecology"),
            fine(4, own=True, since=D("2025-01-01")),
            replace(fine(5, own=True, since=D("2025-06-01")), valid_to=D("2025-06-30")),
        ]
    )
    town = case()
    assert [
        found.value
        for on in ("2024-12-31", "2025-05-31", "2025-06-30", "2025-07-01")
        if (found := settings.of(Topic.HEARING_FINE, town, D(on)))
    ] == [2, 4, 5, 4]
    ecology = settings.of(Topic.HEARING_FINE, replace(town, sector="ecology"), D("2025-05-31"))
    assert ecology is not None
    assert ecology.value == 3
    assert settings.of(Topic.RETENTION, town, D("2025-05-31")) is None


OLD_BENCHMARK = Benchmark(True, D("2024-01-01"), D("2025-02-19"), False, {"light": (10_000, 30_000), "usual": (30_000, 60_000)})
FIXED = replace(OLD_BENCHMARK, in_force_to=date.max, zero_range=True, bands={"only": (50_000, 50_000)})
BANDS_REPORTED: dict[str, Any] = {"band_low_fen": 40_000, "band_high_fen": 60_000}


@pytest.mark.parametrize(
    ("benchmark", "decision", "p15", "p24"),
    [
        # What is on record goes before what was reported: this version had ended before the act and the decision.
        (OLD_BENCHMARK, {"band_key": "usual"}, ("major",), "clean"),
        (replace(OLD_BENCHMARK, in_force_to=D("2025-02-20")), {"band_key": "usual"}, "clean", "clean"),
        (replace(FIXED, is_public=False), {"band_key": "only"}, ("major",), "clean"),
        (FIXED, {"band_key": "only"}, "clean", "clean"),
        (FIXED, {"band_low_fen": None, "band_high_fen": None}, "clean", "clean"),
        (FIXED, {"band_key": "only", "fine_fen": 50_001}, "clean", ("major",)),
        (FIXED, {"band_key": "heavy"}, "clean", ("major",)),
        # A band reported that the version does not have.
        (FIXED, BANDS_REPORTED, "clean", ("major",)),
        (
            replace(OLD_BENCHMARK, in_force_to=date.max),
            {"band_low_fen": None, "band_high_fen": None},
            "clean",
            "missing decision.band_key",
        ),
        (replace(FIXED, bands={}), BANDS_REPORTED, "clean", "clean"),
    ],
)
def test_the_benchmark_on_record_goes_before_what_was_reported(
    benchmark: Benchmark, decision: dict[str, Any], p15: Any, p24: Any
) -> None:
    made = case(decision={"benchmark_id": "0192f0c8-0000-7000-8000-000000000301"} | decision, benchmark=benchmark)
    assert (told("P15", made), told("P24", made)) == (p15, p24)
