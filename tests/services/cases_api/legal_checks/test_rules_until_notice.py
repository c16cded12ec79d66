"""Rules from filing to the notice: at, before and after each limit, in old law and new."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.cases_api.legal_checks.rules import register
from services.cases_api.legal_checks.rules.model import Case, Certificate, Officer, Service, Step
from tests.factories import legal
from tests.factories.legal import NEIGHBOUR, OLD, ONE, THIRD, TWO, case, officer, step, told

D = date.fromisoformat
Row = tuple[dict[str, Any], Any]


def test_a_faultless_case_is_clean_by_every_rule() -> None:
    found = {outcome.rule.id: (outcome.result, outcome.missing) for outcome in register.check(case(), legal.CONTEXT)}
    assert {rule: told for rule, told in found.items() if told != ("clean", ())} == {}
    assert len(found) == 25  # all but the one of the summary procedure


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "clean"),
        ({"filing": {"approved": False, "approved_on": None}}, ("veto",)),
        ({"filing": {"approved": None, "approved_on": None}}, "missing filing.approved"),
        ({"filing": {"approved_on": None}}, "missing filing.approved_on"),
        # A preliminary check before filing is allowed; the approval must not come behind the end of the investigation.
        ({"filing": {"approved_on": "2025-03-20"}}, "clean"),
        ({"filing": {"approved_on": "2025-03-21"}}, ("major",)),
        ({"filing": {"approved_on": "2025-04-11"}, "without": ["investigation_end"]}, ("major",)),
        # Where a sector gives days: fifteen working days behind the clue, 2025-02-10 + 15 = 2025-03-03.
        ({"sector": "market_regulation", "filing": {"clue_on": "2025-02-10"}}, "clean"),
        ({"sector": "market_regulation", "filing": {"clue_on": "2025-02-07"}}, ("minor",)),
        ({"filing": {"clue_on": "2024-02-07"}}, "clean"),
    ],
)
def test_p01_filing(changes: dict[str, Any], expected: Any) -> None:
    assert told("P01", case(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"act_ended_on": D("2023-03-03")}, "clean"),
        ({"act_ended_on": D("2023-03-02"), "grave_harm": False}, ("veto",)),
        ({"act_ended_on": D("2023-03-02")}, "missing case.grave_harm"),
        ({"act_ended_on": D("2023-03-02"), "discovered_on": D("2025-03-02")}, "clean"),
        ({"act_ended_on": None}, "missing case.act_ended_on"),
        # Five years where life, health or financial safety was harmed.
        ({"act_ended_on": D("2021-07-20"), "grave_harm": True}, "clean"),
        ({"act_ended_on": D("2021-07-15"), "discovered_on": D("2025-11-30"), "grave_harm": True}, "clean"),
        # From old to new, and the lighter of both: before the law of 2021 there were two years only.
        ({"act_ended_on": D("2021-07-14"), "grave_harm": True}, ("veto",)),
        ({"act_ended_on": D("2021-07-14")}, ("veto",)),
    ],
)
def test_p02_limitation(changes: dict[str, Any], expected: Any) -> None:
    assert told("P02", case(**changes)) == expected


def test_p02_five_years_end_on_their_day() -> None:
    facts: dict[str, Any] = {"act_ended_on": D("2021-08-10"), "grave_harm": True, "today": D("2026-12-01")}
    assert told("P02", case(discovered_on=D("2026-08-10"), **facts)) == "clean"
    assert told("P02", case(discovered_on=D("2026-08-11"), **facts)) == ("veto",)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "clean"),
        ({"evidence": {"officers": [str(ONE)]}}, ("veto",)),
        ({"evidence": {"officers": [str(ONE), str(ONE)]}}, ("veto",)),
        ({"evidence": {"officers": [str(ONE)], "kind": "documentary"}}, "clean"),
        ({"evidence": {"officers": [str(ONE)], "kind": None}}, "missing evidence.kind"),
        ({"notice": {"officers": [str(TWO)]}}, ("veto",)),
        ({"delivery": {"officers": [str(TWO)]}}, ("veto",)),
        ({"delivery": {"officers": [str(TWO)], "manner": "mail"}}, "clean"),
        ({"delivery": {"officers": [str(TWO)], "manner": None}}, "missing delivery.manner"),
        ({"officers": [ONE]}, ("veto", "veto", "veto")),
        # An auxiliary is no officer, but may be the second person who delivers.
        ({"officers": [ONE, THIRD]}, ("veto", "veto")),
        ({"delivery": {"officers": [str(THIRD), str(THIRD)]}}, ("veto",)),
    ],
)
def test_p03_two_officers(changes: dict[str, Any], expected: Any) -> None:
    town = (legal.DISTRICT, legal.TOWN)
    known = {ONE: officer(ONE), TWO: officer(TWO), THIRD: officer(THIRD, Service(town, "auxiliary", D("2020-01-01")))}
    assert told("P03", case(known_officers=known, **changes)) == expected


TOWN = (legal.DISTRICT, legal.TOWN)
BRANCH = (*TOWN, NEIGHBOUR)
BESIDE = (legal.DISTRICT, NEIGHBOUR)


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (officer(TWO), "clean"),
        (officer(TWO, Service(BRANCH, "officer", D("2020-01-01"))), "clean"),
        (officer(TWO, Service(BESIDE, "officer", D("2020-01-01"))), ("veto",)),
        (officer(TWO, Service(TOWN, "auxiliary", D("2020-01-01"))), ("veto",)),
        # In service from the first act on, up to the last one.
        (officer(TWO, Service(TOWN, "officer", D("2025-03-05"), D("2025-04-14"))), "clean"),
        (officer(TWO, Service(TOWN, "officer", D("2025-03-06"))), ("veto",)),
        (officer(TWO, Service(TOWN, "officer", D("2020-01-01"), D("2025-04-13"))), ("veto",)),
        # Moved to the neighbour on the day of the notice.
        (
            officer(TWO, Service(TOWN, "officer", D("2020-01-01"), D("2025-03-23")), Service(BESIDE, "officer", D("2025-03-24"))),
            ("veto",),
        ),
        (officer(TWO, certificates=[Certificate(D("2025-03-05"), D("2025-04-14"))]), "clean"),
        (officer(TWO, certificates=[Certificate(D("2025-03-06"))]), ("veto",)),
        (officer(TWO, certificates=[Certificate(D("2020-01-01"), D("2025-04-13"))]), ("veto",)),
        # Suspended on the day of the notice alone.
        (officer(TWO, certificates=[Certificate(OLD, D("2025-03-23")), Certificate(D("2025-03-25"))]), ("veto",)),
        (officer(TWO, certificates=[]), ("veto",)),
    ],
)
def test_p04_officers_are_judged_on_the_day_of_each_act(second: Officer, expected: Any) -> None:
    assert told("P04", case(known_officers={ONE: officer(ONE), TWO: second})) == expected


def test_p04_a_joint_basis_lets_others_act_and_what_is_unknown_is_said() -> None:
    other = officer(TWO, Service(BESIDE, "officer", D("2020-01-01")))
    assert told("P04", case(known_officers={ONE: officer(ONE), TWO: other}, joint_basis="联合执法方案（示例）")) == "clean"
    assert told("P04", case(known_officers={ONE: officer(ONE)})) == "missing officer.service"


@pytest.mark.parametrize(
    ("on", "disposed", "expected"),
    [
        # Seven working days over the holiday of May, whose make-up Sunday was 27 April.
        ("2025-04-24", "2025-05-07", "clean"),
        ("2025-04-24", "2025-05-08", ("major",)),
        ("2025-04-24", None, "missing registration_preservation.disposed_on"),
        # Seven calendar days in the old law; the last one was a Sunday.
        ("2021-07-11", "2021-07-19", "clean"),
        ("2021-07-12", "2021-07-20", ("major",)),
        ("2021-07-15", "2021-07-26", "clean"),
        ("2021-07-15", "2021-07-27", ("major",)),
    ],
)
def test_p05_registration_and_preservation(on: str, disposed: str | None, expected: Any) -> None:
    facts = {"disposed_on": disposed} if disposed else {}
    assert told("P05", case(step("registration_preservation", on, **facts))) == expected


@pytest.mark.parametrize(("today", "expected"), [("2025-05-07", "clean"), ("2025-05-08", ("major",))])
def test_p05_while_the_case_runs_the_day_is_today(today: str, expected: Any) -> None:
    running = case(step("registration_preservation", "2025-04-24"), without=["closing", "archiving"], today=D(today))
    assert told("P05", running) == expected


def seized(ended: str | None, *more: Step, **changes: Any) -> Case:
    facts = {"ended_on": ended} if ended else {}
    return case(step("seizure", "2025-03-06", **facts), *more, **changes)


EXTENDED = step("seizure_extension", "2025-04-04", days=30, approved_on="2025-04-03")
TESTED = {"until": "2025-03-14", "limits": ["seizure"], "reason": "testing"}


@pytest.mark.parametrize(
    ("ended", "more", "expected"),
    [
        # Thirty days end on Saturday 5 April, a holiday up to the 6th: Monday the 7th is the last day.
        ("2025-04-07", [], "clean"),
        ("2025-04-08", [], ("veto",)),
        (None, [], "missing seizure.ended_on"),
        # Sixty days with the extension: 5 May is the last of five holidays.
        ("2025-05-06", [EXTENDED], "clean"),
        ("2025-05-07", [EXTENDED], ("veto",)),
        ("2025-05-06", [step("seizure_extension", "2025-04-04", days=30)], "missing seizure_extension.approved_on"),
        ("2025-05-06", [step("seizure_extension", "2025-04-04", days=31, approved_on="2025-04-03")], ("veto",)),
        ("2025-05-06", [EXTENDED, step("seizure_extension", "2025-05-05", days=30, approved_on="2025-05-04")], ("veto",)),
        # Five days of testing do not count if the party was told in writing.
        ("2025-04-10", [step("exclusion", "2025-03-10", told_on="2025-03-10", **TESTED)], "clean"),
        ("2025-04-11", [step("exclusion", "2025-03-10", told_on="2025-03-10", **TESTED)], ("veto",)),
        ("2025-04-10", [step("exclusion", "2025-03-10", **TESTED)], "missing exclusion.told_on"),
        ("2025-04-10", [step("exclusion", "2025-03-10", until="2025-03-14")], ("veto",)),
    ],
)
def test_p06_seizure(ended: str | None, more: list[Step], expected: Any) -> None:
    assert told("P06", seized(ended, *more)) == expected


OLD_NOTICE = {"filing": {"on": "2021-06-01"}, "notice": {"on": "2021-07-14"}, "decision": {"on": "2021-08-10"}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "clean"),
        ({"without": ["notice"]}, ("veto",)),
        ({"notice": {"on": "2025-04-09"}}, "clean"),
        ({"notice": {"on": "2025-04-10"}}, ("veto",)),
        ({"notice": {"on": "2025-04-11"}}, ("veto",)),
        ({"notice": {"contents": ["proposed_penalty", "facts", "reasons", "basis"]}}, ("veto",)),
        ({"notice": {"contents": None}}, "missing notice.contents"),
        ({"decision": {"penalties": None, "outcome": None}, "without": ["notice"]}, "missing decision.penalties"),
        ({"decision": {"penalties": None, "outcome": "no_penalty"}, "without": ["notice"]}, "clean"),
        ({"without": ["notice", "decision"]}, "clean"),
        ({"without": ["notice"], "procedure": "fast"}, ("veto",)),
        # The old law did not ask for the proposed penalty in the notice.
        (OLD_NOTICE | {"notice": {"on": "2021-07-14", "contents": legal.ALL_TOLD[1:]}}, "clean"),
        (OLD_NOTICE | {"notice": {"on": "2021-07-15", "contents": legal.ALL_TOLD[1:]}}, ("veto",)),
    ],
)
def test_p07_notice(changes: dict[str, Any], expected: Any) -> None:
    assert told("P07", case(**changes)) == expected
