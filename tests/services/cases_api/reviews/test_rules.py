"""Scores and faults of reviews, without a database: caps, vetoes, what leaves the denominator, rounding."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases_api.reviews import rules
from services.cases_api.rubrics import rules as rubrics
from services.cases_api.rubrics import schemas
from tests.factories import reviews

ORDINARY = rules.FileKind("penalty", "ordinary")
SUMMARY = rules.FileKind("penalty", "summary")


def rubric(**changes: Any) -> rubrics.Rubric:
    wanted = schemas.RubricIn.model_validate(reviews.rubric("标准", **changes))
    return rubrics.rubric_of(wanted.model_dump(mode="json", exclude_none=True))


def found(*deductions: tuple[str, float], vetoes: tuple[str, ...] = (), left_out: tuple[str, ...] = ()) -> rules.Findings:
    """Findings with these deductions in points."""
    return rules.Findings(
        items=[rules.Finding(key, rubrics.hundredths(points), "有误") for key, points in deductions],
        vetoes=[rules.Remark(key, "属实") for key in vetoes],
        not_applicable=[rules.Remark(key, "无此环节") for key in left_out],
    )


@pytest.mark.parametrize(
    ("findings", "file", "total", "grade"),
    [
        # Nothing found: all points.
        (found(), ORDINARY, 100_00, "excellent"),
        (found(), SUMMARY, 100_00, "excellent"),
        # 100 points apply to an ordinary file.
        (found(("clear", 10)), ORDINARY, 90_00, "excellent"),
        (found(("clear", 10.01)), ORDINARY, 89_99, "good"),
        (found(("clear", 20)), ORDINARY, 80_00, "good"),
        (found(("clear", 20), ("proven", 20)), ORDINARY, 60_00, "pass"),
        (found(("clear", 20), ("proven", 20), ("elements", 0.01)), ORDINARY, 59_99, "fail"),
        # An item's deductions stop at its points.
        (found(("proven", 15), ("proven", 15)), ORDINARY, 80_00, "good"),
        # A block's deductions stop at its points: 30 + 20 found, 40 taken.
        (found(("elements", 30), ("heard", 20)), ORDINARY, 60_00, "pass"),
        # Everything found: zero, never below.
        (found(("clear", 40), ("proven", 20), ("elements", 30), ("heard", 20)), ORDINARY, 0, "fail"),
        # A hearing does not apply to the summary procedure: 90 points remain, 80 of them got.
        (found(("clear", 10)), SUMMARY, 88_89, "good"),
        # Left out by the reviewer, the same.
        (found(("clear", 10), left_out=("heard",)), ORDINARY, 88_89, "good"),
        # Rounding, half up: 71.12 / 90 = 79.0222…, 71.1 / 90 = 79 exactly, 85.4955 / 90 is 94.995.
        (found(("clear", 18.88)), SUMMARY, 79_02, "pass"),
        (found(("clear", 18.9)), SUMMARY, 79_00, "pass"),
        # The grade goes by the rounded total: 80.996 / 90 = 89.9955… shows as 90.00.
        (found(("clear", 9)), SUMMARY, 90_00, "excellent"),
        # Vetoes.
        (found(vetoes=("no_power",)), ORDINARY, 0, "fail"),
        (found(("clear", 10), vetoes=("not_delivered",)), ORDINARY, 90_00, "fail"),
        (found(vetoes=("basic",)), ORDINARY, 100_00, "good"),
        (found(("clear", 25), vetoes=("basic",)), ORDINARY, 75_00, "pass"),
        (found(("clear", 10), vetoes=("basic", "not_delivered")), ORDINARY, 90_00, "fail"),
        (found(("clear", 10), vetoes=("basic", "not_delivered", "no_power")), ORDINARY, 0, "fail"),
    ],
)
def test_total_and_grade(findings: rules.Findings, file: rules.FileKind, total: int, grade: str) -> None:
    score = rules.score(rubric(), file, findings)
    assert (score.total, score.grade) == (total, grade)


@pytest.mark.parametrize(
    ("points", "deducted", "total"),
    [(8, 0.01, 99_88), (8, 0.02, 99_75), (32, 0.01, 99_97), (1.6, 0.01, 99_38), (3, 1, 66_67), (3, 2, 33_33)],
)
def test_half_a_hundredth_is_rounded_up(points: float, deducted: float, total: int) -> None:
    # 99.875 → 99.88, 99.75, 99.96875 → 99.97, 99.375 → 99.38
    block = {"key": "b", "title": "块", "points": points, "items": [{"key": "i", "text": "项", "points": points}]}
    assert rules.score(rubric(blocks=[block]), ORDINARY, found(("i", deducted))).total == total


def test_what_was_got_and_what_applied_is_told() -> None:
    score = rules.score(rubric(), SUMMARY, found(("clear", 10)))
    assert (score.got, score.applicable) == (80_00, 90_00)


def test_a_file_that_cannot_be_reviewed_has_no_total() -> None:
    score = rules.score(rubric(), ORDINARY, rules.Findings(not_reviewable="未结案"))
    assert score == rules.Score("not_reviewable")


@pytest.mark.parametrize("level", list(rubrics.Level))
def test_with_two_grades_every_veto_leads_to_the_lower_one(level: rubrics.Level) -> None:
    grades = [{"key": "yes", "title": "合格", "threshold": 60}, {"key": "no", "title": "不合格", "threshold": 0}]
    veto = [{"key": "v", "text": "否决", "level": level.value}]
    assert rules.score(rubric(grades=grades, vetoes=veto), ORDINARY, found(vetoes=("v",))).grade == "no"


def model(whole: rubrics.Rubric, file: rules.FileKind, findings: rules.Findings) -> tuple[Fraction, str]:
    """The same rules told another way: exact fractions, item by item in points."""
    gone = {remark.key for remark in findings.not_applicable}
    base = score = Fraction(0)
    for block in whole.blocks:
        offered = lost = Fraction(0)
        for item in block.items:
            if item.key in gone or (item.reach.procedures and file.procedure not in item.reach.procedures):
                continue
            offered += Fraction(item.points, 100)
            lost += min(
                Fraction(item.points, 100),
                sum((Fraction(f.deduction, 100) for f in findings.items if f.item_key == item.key), Fraction(0)),
            )
        offered = min(offered, Fraction(block.points, 100))
        base += offered
        score += max(Fraction(0), offered - lost)
    level = {veto.key: veto.level for veto in whole.vetoes}
    hit = [level[remark.key] for remark in findings.vetoes]
    exact = Fraction(0) if "zero" in hit else score * 100 / base
    rounded = Fraction(int(exact * 100 + Fraction(1, 2)), 100)
    grade = "excellent" if rounded >= 90 else "good" if rounded >= 80 else "pass" if rounded >= 60 else "fail"
    if "zero" in hit or "fail" in hit:
        grade = "fail"
    elif "no_excellent" in hit and grade == "excellent":
        grade = "good"
    return rounded, grade


@st.composite
def any_findings(draw: st.DrawFn) -> tuple[rubrics.Rubric, rules.FileKind, rules.Findings]:
    points = st.integers(min_value=1, max_value=50_00)
    blocks = [
        {
            "key": f"b{b}",
            "title": "块",
            "points": draw(st.integers(min_value=1, max_value=sum(sizes))) / 100,
            "items": [
                {"key": f"i{b}.{i}", "text": "项", "points": size / 100, "may_not_apply": True}
                | ({"procedures": ["ordinary"]} if draw(st.booleans()) and (b, i) != (0, 0) else {})
                for i, size in enumerate(sizes)
            ],
        }
        for b, sizes in enumerate(draw(st.lists(st.lists(points, min_size=1, max_size=4), min_size=1, max_size=4)))
    ]
    whole = rubric(blocks=blocks)
    items = [item for item in whole.items if item.key != "i0.0"]
    left_out = draw(st.lists(st.sampled_from(items), unique_by=lambda item: item.key)) if items else []
    scored = [item for item in whole.items if item not in left_out]
    findings = [
        rules.Finding(item.key, draw(st.integers(min_value=0, max_value=item.points)), "有误")
        for item in draw(st.lists(st.sampled_from(scored), max_size=8))
    ]
    vetoes = draw(st.lists(st.sampled_from([veto.key for veto in whole.vetoes]), unique=True))
    file = draw(st.sampled_from([ORDINARY, SUMMARY]))
    return (
        whole,
        file,
        rules.Findings(findings, [rules.Remark(key, "属实") for key in vetoes], [rules.Remark(i.key, "无") for i in left_out]),
    )


@given(any_findings())
def test_scores_agree_with_the_model(case: tuple[rubrics.Rubric, rules.FileKind, rules.Findings]) -> None:
    score = rules.score(*case)
    assert score.total is not None
    assert (Fraction(score.total, 100), score.grade) == model(*case)
    assert 0 <= score.total <= 100_00


@given(any_findings())
def test_one_more_deduction_never_raises_a_score(case: tuple[rubrics.Rubric, rules.FileKind, rules.Findings]) -> None:
    whole, file, findings = case
    worse = rules.Findings([*findings.items, rules.Finding("i0.0", 1, "有误")], findings.vetoes, findings.not_applicable)
    before, after = rules.score(whole, file, findings).total, rules.score(whole, file, worse).total
    assert before is not None
    assert after is not None
    assert after <= before


FAULTY = [
    (rules.Findings([rules.Finding("nowhere", 1, "有误")]), ("/body/items/0/item_key", "not_found")),
    (rules.Findings([rules.Finding("clear", 40_01, "有误")]), ("/body/items/0/deduction", "too_great")),
    (rules.Findings([rules.Finding("clear", 5_01, "有误", "vague")]), ("/body/items/0/deduction", "too_great")),
    (rules.Findings([rules.Finding("clear", 1, "有误", "other")]), ("/body/items/0/rule_key", "not_found")),
    (rules.Findings([rules.Finding("clear", 1)]), ("/body/items/0/reason", "missing")),
    (found(("heard", 1), left_out=("heard",)), ("/body/items/0/item_key", "review.item_not_applicable")),
    (found(vetoes=("nothing",)), ("/body/vetoes/0/key", "not_found")),
    (found(vetoes=("basic", "basic")), ("/body/vetoes/1/key", "repeated")),
    (rules.Findings(vetoes=[rules.Remark("basic")]), ("/body/vetoes/0/reason", "missing")),
    (found(left_out=("clear",)), ("/body/not_applicable/0/item_key", "review.item_must_apply")),
    (found(left_out=("nowhere",)), ("/body/not_applicable/0/item_key", "not_found")),
    (found(left_out=("heard", "heard")), ("/body/not_applicable/1/item_key", "repeated")),
    (rules.Findings(not_applicable=[rules.Remark("heard")]), ("/body/not_applicable/0/reason", "missing")),
    (rules.Findings([rules.Finding("clear", 1, "有误")], not_reviewable="未结案"), ("/body/items", "review.not_reviewable")),
]


@pytest.mark.parametrize(("findings", "fault"), FAULTY)
def test_each_fault_is_named_where_it_is(findings: rules.Findings, fault: tuple[str, str]) -> None:
    assert fault in [(found.pointer, found.code) for found in rules.faults_of(rubric(), ORDINARY, findings)]


def test_a_deduction_from_what_the_procedure_does_not_know_is_a_fault() -> None:
    (fault,) = rules.faults_of(rubric(), SUMMARY, found(("heard", 1)))
    assert (fault.pointer, fault.code) == ("/body/items/0/item_key", "review.item_not_applicable")


def test_something_must_be_left_to_score() -> None:
    block = {"key": "b", "title": "块", "points": 5, "items": [{"key": "i", "text": "项", "points": 5, "may_not_apply": True}]}
    (fault,) = rules.faults_of(rubric(blocks=[block]), ORDINARY, found(left_out=("i",)))
    assert (fault.pointer, fault.code) == ("/body/not_applicable", "review.nothing_applies")


def test_a_remark_without_deduction_needs_no_reason() -> None:
    assert rules.faults_of(rubric(), ORDINARY, rules.Findings([rules.Finding("clear", 0)])) == []
