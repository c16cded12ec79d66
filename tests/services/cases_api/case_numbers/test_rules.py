"""Patterns tell all cases apart, and numbers move only as the table says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases_api.case_numbers import rules
from services.cases_api.kinds import LETTERS, CaseKind
from services.cases_api.number_patterns import rules as patterns
from services.kit import ids

UNIT = ids.new_id()
STRUCTURED = "{unit_code}-{year}-{kind}-{sequence:05}"
LETTER_FORM = "榕晋岳执罚决〔{year}〕{sequence}号"
FORMS = {
    "region": "(?P<region>359111)",
    "unit_code": "(?P<unit_code>[A-Za-z0-9][A-Za-z0-9_.:/-]*)",
    "year": "(?P<year>[0-9]{4})",
    "kind": f"(?P<kind>{'|'.join(LETTERS.values())})",
    "sequence": "(?P<sequence>[0-9]+)",
}


def readings(pattern: str, number: str) -> list[tuple[str, ...]]:
    """Every way to read a number by a pattern, found without the code under test: all splits that fit."""
    parts = re.split(r"(\{[^}]+\})", pattern)
    found: list[tuple[str, ...]] = []

    def go(place: int, rest: str, taken: tuple[str, ...]) -> None:
        if place == len(parts):
            found.extend([taken] if not rest else [])
            return
        part = parts[place]
        if not part.startswith("{"):
            if rest.startswith(part):
                go(place + 1, rest[len(part) :], taken)
            return
        name, _, width = part.strip("{}").partition(":0")
        for end in range(1, len(rest) + 1):
            text = rest[:end]
            padded = name != "sequence" or text == f"{int(text):0{width or 1}}" if text.isascii() and text.isdigit() else True
            if re.fullmatch(FORMS[name], text) and padded:
                go(place + 1, rest[end:], (*taken, text))

    go(0, number, ())
    return found


codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,8}", fullmatch=True)
facts = st.builds(
    patterns.Facts,
    region=st.just("359111"),
    unit_code=codes,
    year=st.integers(2000, 2100),
    letters=st.sampled_from(list(LETTERS.values())),
    sequence=st.integers(1, 200_000),
)
literals = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters="{}"), max_size=3)
placeholders = st.permutations(["{unit_code}", "{year}", "{kind}", "{sequence:03}", "{region}"])


@st.composite
def accepted(draw: st.DrawFn) -> str:
    """A pattern that the rule accepts for a whole district."""
    pattern = "".join(draw(literals) + placeholder for placeholder in draw(placeholders)) + draw(literals)
    return pattern if patterns.why_not_pattern(pattern, one_unit=False, one_kind=False, one_year=False) is None else STRUCTURED


@given(pattern=accepted(), one=facts, other=facts)
def test_no_two_cases_get_the_same_number(pattern: str, one: patterns.Facts, other: patterns.Facts) -> None:
    assert (patterns.rendered(pattern, one) == patterns.rendered(pattern, other)) == (one == other)


@given(case=facts)
def test_the_delivered_form_can_be_read_in_one_way_only(case: patterns.Facts) -> None:
    number = patterns.rendered(STRUCTURED, case)
    assert readings(STRUCTURED, number) == [(case.unit_code, f"{case.year}", case.letters, f"{case.sequence:05}")]


def test_a_refused_pattern_does_confuse_cases() -> None:
    """The rule refuses what it must: here are the two cases that would share a number."""
    pattern = "{unit_code}{year}{sequence}{kind}"
    one = patterns.Facts("359111", "x20", 2020, "CF", 1)
    other = patterns.Facts("359111", "x", 2020, "CF", 201)
    assert patterns.rendered(pattern, one) == "x2020201CF"
    assert patterns.rendered(pattern, other) == "x2020201CF"
    refusal = patterns.why_not_pattern(pattern, one_unit=False, one_kind=False, one_year=False)
    assert isinstance(refusal, patterns.AmbiguousPattern)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        (STRUCTURED, "350111102-2024-CF-00001"),
        (LETTER_FORM, "榕晋岳执罚决〔2024〕1号"),
        ("{region}/{unit_code}-{kind}{year}#{sequence:02}", "350111/350111102-CF2024#01"),
    ],
)
def test_forms_in_use_can_be_expressed(pattern: str, number: str) -> None:
    case = patterns.Facts("350111", "350111102", 2024, "CF", 1)
    assert patterns.rendered(pattern, case) == number


@pytest.mark.parametrize(
    ("pattern", "fixed", "code"),
    [
        (STRUCTURED, set(), None),
        (LETTER_FORM, {"unit", "kind"}, None),
        (LETTER_FORM, {"unit"}, "number_pattern.ambiguous"),
        (LETTER_FORM, {"kind"}, "number_pattern.ambiguous"),
        ("甲-{sequence}", {"unit", "kind", "year"}, None),
        ("甲-{sequence}", {"unit", "kind"}, "number_pattern.ambiguous"),
        ("{unit_code}-{year}-{kind}", set(), "number_pattern.ambiguous"),
        ("{unit_code}{sequence}-{year}-{kind}", set(), "number_pattern.ambiguous"),
        ("{sequence}7{unit_code}-{year}-{kind}", set(), "number_pattern.ambiguous"),
        ("{unit_code}{kind}{sequence}-{year}", set(), None),
        ("{unit_code}-{year}-{kind}-{sequence:5}", set(), "number_pattern.unreadable"),
        ("{unit_code}-{year:04}-{kind}-{sequence}", set(), "number_pattern.unreadable"),
        ("{unit_code}-{year}-{kind}-{sequence}-{year}", set(), "number_pattern.unreadable"),
        ("{name}-{sequence}", set(), "number_pattern.unreadable"),
        ("{unit_code}-{year}-{kind}-{sequence", set(), "number_pattern.unreadable"),
        ("}{unit_code}-{year}-{kind}-{sequence}", set(), "number_pattern.unreadable"),
    ],
)
def test_patterns_are_accepted_only_when_they_tell_their_cases_apart(pattern: str, fixed: set[str], code: str | None) -> None:
    refusal = patterns.why_not_pattern(pattern, one_unit="unit" in fixed, one_kind="kind" in fixed, one_year="year" in fixed)
    assert (refusal.code if refusal else None) == code


@dataclass
class Number:
    unit_id: UUID = UNIT
    kind: str = "penalty"
    year: int = 2024
    state: str = "reserved"


@pytest.mark.parametrize(("state", "code"), [("reserved", None), ("used", "case_number.in_use"), ("void", "case_number.void")])
def test_only_a_reserved_number_is_voided_by_itself(state: str, code: str | None) -> None:
    refusal = rules.why_not_void(Number(state=state))
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (Number(), None),
        (None, "not_found"),
        (Number(unit_id=ids.new_id()), "not_found"),
        (Number(state="used"), "case_number.not_reserved"),
        (Number(state="void"), "case_number.not_reserved"),
        (Number(kind="licence"), "case_number.other_series"),
        (Number(year=2023), "case_number.other_series"),
    ],
)
def test_a_reserved_number_serves_its_own_series_only(number: Number | None, code: str | None) -> None:
    fault = rules.fault_of_use(number, UNIT, CaseKind.PENALTY, 2024, "/body/case_number_id")
    assert (fault.code if fault else None) == code


@given(
    st.lists(st.lists(st.one_of(st.none(), st.integers(1, 12)), max_size=6), max_size=8),
)
def test_a_series_stays_without_gap_and_double_whatever_files_of_past_years_bring(batches: list[list[int | None]]) -> None:
    counter, taken = rules.Counter(0), set[int]()
    for wanted in batches:
        places, counter = rules.given(counter, wanted)
        assert len(places) == len(wanted)
        told = [place for place in wanted if place is not None and place not in taken]
        assert set(told) <= set(places)
        assert not taken & set(places)
        assert len(set(places)) == len(places)
        taken |= set(places)
        assert taken == set(range(1, counter.last + 1)) | counter.ahead
        assert counter.last + 1 not in counter.ahead
    # Only told numbers stand apart; the next free one is always the smallest.
    (following,), _ = rules.given(counter, [None])
    assert following == counter.last + 1


@pytest.mark.parametrize(
    ("pattern", "number", "sequence"),
    [
        (STRUCTURED, "350111102-2024-CF-00012", 12),
        (STRUCTURED, "350111102-2024-CF-12", None),
        (STRUCTURED, "350111102-2023-CF-00012", None),
        (STRUCTURED, "350111102-2024-XK-00012", None),
        (STRUCTURED, "350111102-2024-CF-00000", None),
        (LETTER_FORM, "榕晋岳执罚决〔2024〕123号", 123),
        (LETTER_FORM, "榕晋岳执罚决〔2024〕0123号", None),
        (LETTER_FORM, "榕晋岳执罚决〔2024〕一号", None),
    ],
)
def test_a_number_tells_its_place_only_when_it_is_written_by_the_pattern(pattern: str, number: str, sequence: int | None) -> None:
    made = patterns.Facts("350111", "350111102", 2024, "CF", 0)
    assert patterns.sequence_of(pattern, made, number) == sequence
