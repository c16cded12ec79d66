"""Rules of completion certificates, and what stands on the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.training_api.completion_certificates import formats, rules
from services.training_api.completion_certificates.rules import MOVES, Standing, State, Verb

HOURS = Standing((UUID(int=1),), {"business": 400}, b"")


@dataclass
class Row:
    is_ended: bool


@pytest.mark.parametrize(
    ("ended", "reversed_since", "state"),
    [
        (False, False, State.VALID),
        (False, True, State.HOURS_REVERSED),
        (True, False, State.SUPERSEDED),
        (True, True, State.SUPERSEDED),
    ],
)
def test_the_state_follows_from_the_end_and_the_ledger(ended: bool, reversed_since: bool, state: State) -> None:
    assert rules.state_of(Row(ended), reversed_since) is state


@pytest.mark.parametrize("verb", list(Verb))
def test_what_is_superseded_stays_so(verb: Verb) -> None:
    refusals = {state: rules.why_not(verb, state) for state in State}
    assert {state for state, refusal in refusals.items() if refusal is None} == set(MOVES[verb])
    assert isinstance(refusals[State.SUPERSEDED], rules.IllegalMove)


@pytest.mark.parametrize(
    ("standing", "issued", "refusal"),
    [
        (HOURS, False, None),
        (HOURS, True, rules.IssuedAlready),
        (None, False, rules.NoHours),
        (Standing((), {"business": -100, "skills": 100}, b""), False, rules.NoHours),
    ],
)
def test_one_certificate_stands_and_attests_hours(standing: Standing | None, issued: bool, refusal: Any) -> None:
    found = rules.why_not_issue(standing, issued)
    assert (found is None) if refusal is None else isinstance(found, refusal)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("350111", "350111-2024-000017-AB2CD3"),
        ("fj:1/2.x", "FJ12X-2024-000017-AB2CD3"),
        ("x" * 60, f"{'X' * 24}-2024-000017-AB2CD3"),
    ],
)
def test_numbers_fit_an_address_whatever_the_district_is_called(code: str, expected: str) -> None:
    assert rules.number(code, 2024, 17, "AB2CD3") == expected


def test_a_year_under_way_ends_today() -> None:
    today = date(2024, 10, 15)
    assert rules.days_of_year(2024, today) == (date(2024, 1, 1), today)
    assert rules.days_of_year(2023, today) == (date(2023, 1, 1), date(2023, 12, 31))
    assert rules.fault_of_year(2025, today) is not None


@pytest.mark.parametrize("public_url", ["https://zhifa.example", "https://zhifa.example/"])
def test_the_code_leads_to_the_open_check(public_url: str) -> None:
    assert formats.link(public_url, "A-1") == "https://zhifa.example/v1/completion-certificates/A-1/verification"
