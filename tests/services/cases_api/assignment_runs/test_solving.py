"""The solver without a database: hard rules hold, the optimum is the linear program's, and the same input gives the same."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from services.cases_api.assignment_runs.rules import grounds, solving
from services.cases_api.assignment_runs.rules.directions import contested
from services.cases_api.assignment_runs.rules.problems import File, Person, Problem, canonical, content_of, problem_of

KINDS = ("penalty", "licence", "inspection")


def problem(seed: int, people: int, files: int, units: int) -> Problem:
    """A made-up round: people and files of some units, conflicts, units that met before."""
    chance = random.Random(seed)
    names = [f"u{number}" for number in range(units)]
    serving = tuple(
        Person(f"p{n:03}", chance.choice(names), tuple(chance.sample(KINDS, 2)), chance.random() < 0.6, most=50)
        for n in range(people)
    )
    given = tuple(File(f"f{n:03}", chance.choice(names), chance.choice(KINDS), 2, 1) for n in range(files))
    of_units = {(each.account_id, each.unit_id): ("own_unit",) for each in serving}
    of_units |= {(chance.choice(serving).account_id, chance.choice(names)): ("repeated",) for _ in range(people // 3)}
    of_files = {(chance.choice(serving).account_id, chance.choice(given).id): ("handled",) for _ in range(people)}
    met = {(a, b): chance.randint(1, 3) for a in names for b in names if chance.random() < 0.3}
    return Problem(f"seed {seed}", serving, given, of_units, of_files, met)


def optimum(found: Problem, closed: tuple[tuple[str, str], ...]) -> float:
    """The same assignment as a linear program, solved by another solver; loads cost as they do there, step by step."""
    table = solving._Table(found)
    allowed = table.allowed(frozenset(closed))
    pairs = [(row, column) for row, column in zip(*np.nonzero(allowed), strict=True)]
    steps = [(row, step) for row in range(len(table.people)) for step in range(int(table.most[row] - table.load[row]))]
    costs = [int(table.cost[pair]) for pair in pairs]
    costs += [(2 * (int(table.load[row]) + step) + 1) * solving.LOAD for row, step in steps]
    needs, loads, gates = np.zeros((len(table.files), len(costs))), np.zeros((len(table.people), len(costs))), []
    gate = np.zeros((len(table.files), len(costs)))
    for place, (row, column) in enumerate(pairs):
        needs[column, place] = loads[row, place] = 1
        gate[column, place] = not table.legal[row]
    for place, (row, _) in enumerate(steps, len(pairs)):
        loads[row, place] = -1
    gates = list(table.gate)
    answer = optimize.linprog(
        costs, A_eq=np.vstack([needs, loads]), b_eq=[*table.need, *[0] * len(table.people)], A_ub=gate, b_ub=gates, bounds=(0, 1)
    )
    assert answer.status == 0
    return float(answer.fun)


def check(found: Problem, solution: solving.Solution) -> None:
    """Every hard rule."""
    people, files = {each.account_id: each for each in found.people}, {each.id: each for each in found.files}
    by_file: dict[str, list[str]] = {}
    for pair in solution.pairs:
        by_file.setdefault(pair.file_id, []).append(pair.account_id)
        assert grounds.is_free(found, people[pair.account_id], files[pair.file_id])
    for file in found.files:
        assigned = by_file[file.id]
        assert len(set(assigned)) == len(assigned) == file.need
        assert sum(people[each].legal_review for each in assigned) >= file.legal_need
    loads = Counter(pair.account_id for pair in solution.pairs)
    for person in found.people:
        assert person.least <= person.load + loads[person.account_id] <= max(person.most, person.load)
    reviewing = {(people[pair.account_id].unit_id, files[pair.file_id].unit_id) for pair in solution.pairs} | set(found.fixed)
    assert not any((b, a) in reviewing for a, b in reviewing if a != b)
    for file_id, listed in solution.stand_ins.items():
        assert all(grounds.is_free(found, people[each], files[file_id]) for each in listed)
        assert not set(listed) & set(by_file[file_id])


@given(st.integers(0, 10_000), st.integers(6, 14), st.integers(1, 20), st.integers(3, 7))
@settings(max_examples=15, deadline=None)
def test_all_rules_are_kept_and_the_cost_is_the_linear_programs_optimum(seed: int, people: int, files: int, units: int) -> None:
    found = problem(seed, people, files, units)
    try:
        solution = solving.solve(found)
    except grounds.Infeasible:
        return
    check(found, solution)
    assert optimum(found, solution.closed) == pytest.approx(solution.cost, abs=1)


def test_what_was_stored_gives_the_same_again_whatever_the_order() -> None:
    found = problem(7, 20, 60, 6)
    first = solving.solve(found)
    shuffled = Problem(
        found.seed,
        found.people[::-1],
        found.files[::-1],
        dict(sorted(found.unit_conflicts.items(), reverse=True)),
        found.file_conflicts,
        found.met,
    )
    assert canonical(content_of(shuffled)) == canonical(content_of(found))
    assert solving.solve(problem_of(content_of(shuffled))) == first


def test_another_seed_deals_otherwise_at_a_like_cost() -> None:
    found = problem(7, 20, 60, 6)
    other = Problem("another seed", found.people, found.files, found.unit_conflicts, found.file_conflicts, found.met)
    one, two = solving.solve(found), solving.solve(other)
    assert {(p.file_id, p.account_id) for p in one.pairs} != {(p.file_id, p.account_id) for p in two.pairs}


def test_loads_are_level_before_anything_else() -> None:
    people = tuple(Person(f"p{n}", "away", ("penalty",) if n else (), True) for n in range(5))
    files = tuple(File(f"f{n}", f"u{n}", "penalty", 2, 0) for n in range(10))
    loads = Counter(pair.account_id for pair in solving.solve(Problem("s", people, files)).pairs)
    assert set(loads.values()) == {4}


def test_experts_and_units_that_did_not_meet_come_first() -> None:
    people = (Person("a", "x", ("penalty",)), Person("b", "y", ("licence",)), Person("c", "z", ("penalty",)))
    files = (File("f1", "u", "penalty", 1, 0),)
    solution = solving.solve(Problem("s", people, files, met={("x", "u"): 1}))
    (pair,) = solution.pairs
    assert (pair.account_id, pair.field, pair.met_years) == ("c", True, 0)
    assert solution.stand_ins["f1"] == ("a", "b")


def test_units_that_met_meet_the_other_way_round() -> None:
    people = tuple(Person(f"{unit}{n}", unit) for unit in "abc" for n in range(2))
    files = tuple(File(f"f{unit}{n}", unit, "penalty", 1, 0) for unit in "abc" for n in range(2))
    conflicts = {(each.account_id, each.unit_id): ("own_unit",) for each in people}
    met = {("a", "b"): 3, ("b", "c"): 3, ("c", "a"): 3}
    solution = solving.solve(Problem("s", people, files, conflicts, met=met))
    assert solution.closed == (("a", "b"), ("b", "c"), ("c", "a"))


def test_what_the_round_has_already_stays_and_no_way_back_opens() -> None:
    people = (Person("a1", "a"), Person("b1", "b"), Person("x1", "x", load=4))
    files = (File("fa", "a", "penalty", 1, 0), File("fb", "b", "penalty", 1, 0, barred=("x1",)))
    conflicts = {("a1", "a"): ("own_unit",), ("b1", "b"): ("own_unit",)}
    found = Problem("s", people, files, conflicts, fixed=frozenset({("a", "b")}))
    assert {pair.file_id: pair.account_id for pair in solving.solve(found).pairs} == {"fa": "x1", "fb": "a1"}
    assert contested(found) == [("a", "b")]


@pytest.mark.parametrize(
    ("people", "files", "more", "codes"),
    [
        ([Person("a", "x", (), True)], [File("f", "u", "penalty")], {}, {"too_few_reviewers"}),
        ([Person("a", "x"), Person("b", "y")], [File("f", "u", "penalty", 2, 1)], {}, {"no_legal_reviewer"}),
        ([Person("a", "x", most=1)], [File("f", "u", "p", 1), File("g", "u", "p", 1)], {}, {"too_little_room"}),
        ([Person("a", "x", least=2), Person("b", "x")], [File("f", "u", "p", 1)], {}, {"least_too_great"}),
        (
            [Person("a", "x", most=1), Person("b", "y", most=9)],
            [File("f", "u", "p", 1), File("g", "u", "p", 1), File("h", "v", "p", 1)],
            {"unit_conflicts": {("b", "u"): ("declared",)}},
            {"overloaded"},
        ),
        (
            [Person("a", "x", least=1), Person("b", "y")],
            [File("f", "u", "p", 1)],
            {"unit_conflicts": {("a", "u"): ("declared",)}},
            {"least_loads"},
        ),
        (
            [Person("a", "u"), Person("b", "v")],
            [File("f", "u", "p", 1), File("g", "v", "p", 1)],
            {"unit_conflicts": {("a", "u"): ("own_unit",), ("b", "v"): ("own_unit",)}},
            {"mutual_pairs"},
        ),
    ],
)
def test_what_is_impossible_is_explained_and_never_relaxed(people: Any, files: Any, more: Any, codes: set[str]) -> None:
    with pytest.raises(grounds.Infeasible) as refusal:
        solving.solve(Problem("s", tuple(people), tuple(files), **more), {"u": "示例甲镇"})
    assert {fault.code.removeprefix("assignment.") for fault in refusal.value.faults} == codes


def test_the_explanation_names_unit_and_numbers() -> None:
    files = tuple(File(f"f{n}", "u", "penalty", 2, 0) for n in range(14))
    with pytest.raises(grounds.Infeasible) as refusal:
        solving.solve(Problem("s", (Person("a", "x"),), files), {"u": "示例甲镇"})
    (fault,) = [each for each in refusal.value.faults if each.code == "assignment.too_few_reviewers"]
    assert fault.params == {"unit": "示例甲镇", "files": 14, "people": 1, "need": 2}
