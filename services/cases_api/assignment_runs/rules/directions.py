"""No two units review each other: for each pair of units that could, one direction is chosen. Pure.

A small program over units, not people: who may review whom, such that every unit's files still find their reviewers, loads are
level, and units that met in the years before meet the other way round. Its choice is stored with the run; the assignment
itself is then solved to the optimum within it.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.cases_api.assignment_runs.rules.grounds import Undecided
from services.cases_api.assignment_runs.rules.problems import Pair, Person, Problem

# Deterministic time of the solver, not seconds: the same input ends at the same point on every machine.
FIRST_LIMIT, LAST_LIMIT = 1.0, 30.0
ROUNDS = 50
# (unit, whether qualified, reviewed unit) → a variable of the program.
Flows = dict[tuple[str, bool, str], Any]


@dataclass
class Choice:
    """The pairs that could review each other, what is forbidden so far, and what solving has taught about it."""

    problem: Problem
    contested: Sequence[Pair]
    lessons: list[Sequence[Pair]] = field(default_factory=list)

    def forbidden(self) -> frozenset[Pair] | None:
        """For each contested pair the direction that is not used; None when there is no arrangement. Raises Undecided."""
        if not self.contested:
            return frozenset()
        for limit in (FIRST_LIMIT, LAST_LIMIT):
            found = _Model(self).solve(limit)
            if found is not _UNKNOWN:
                return found if isinstance(found, frozenset) else None
        raise Undecided

    def learn(self, forbidden: frozenset[Pair], units: Sequence[str]) -> bool:
        """That files of these units fell short under this choice: one of the ways to them must open. False when none can."""
        ways = [pair for pair in sorted(forbidden) if pair[1] in units and pair[::-1] not in self.problem.fixed]
        self.lessons.append(ways)
        return bool(ways)


def contested(problem: Problem) -> list[Pair]:
    """Pairs of units, each once, where people of each could review files of the other."""
    with_files = {file.unit_id for file in problem.files} | {reviewed for _, reviewed in problem.fixed}
    people: dict[str, list[Person]] = defaultdict(list)
    for person in problem.people:
        people[person.unit_id].append(person)

    def could(reviewing: str, reviewed: str) -> bool:
        return any((each.account_id, reviewed) not in problem.unit_conflicts for each in people[reviewing])

    both = sorted(unit for unit in with_files if unit in people)
    return [(a, b) for place, a in enumerate(both) for b in both[place + 1 :] if could(a, b) and could(b, a)]


_UNKNOWN = object()


class _Model:
    """One run of the program over units."""

    def __init__(self, choice: Choice) -> None:
        from ortools.sat.python import cp_model

        self.choice, self.problem = choice, choice.problem
        self.cp_model = cp_model
        self.model = cp_model.CpModel()
        self.open = self._open()
        self._demand(self._flows())
        for ways in choice.lessons:
            self.model.add_bool_or([self.open[pair] for pair in ways] or [self.model.new_constant(0)])

    def _open(self) -> dict[Pair, Any]:
        """A variable for each direction of each contested pair; those in use stay."""
        found: dict[Pair, Any] = {}
        for a, b in self.choice.contested:
            way = self.model.new_bool_var(f"{a} {b}")
            found[a, b], found[b, a] = way, ~way
            for pair in ((a, b), (b, a)):
                if pair in self.problem.fixed:
                    self.model.add(found[pair] == 1)
        return found

    def _flows(self) -> Flows:
        """How many reviews the people of a unit, qualified or not, give to the files of another."""
        files = Counter(file.unit_id for file in self.problem.files)
        groups: dict[tuple[str, bool], list[Person]] = defaultdict(list)
        for person in self.problem.people:
            groups[person.unit_id, person.legal_review].append(person)
        worst = self.model.new_int_var(0, self.problem.demand + max(each.load for each in self.problem.people), "worst")
        flows: Flows = {}
        for (unit, legal), people in sorted(groups.items()):
            given = [self._flow(flows, unit, legal, people, reviewed, count) for reviewed, count in sorted(files.items())]
            load = sum(each.load for each in people)
            self.model.add(sum(given) <= sum(max(0, each.most - each.load) for each in people))
            self.model.add(sum(given) >= sum(max(0, each.least - each.load) for each in people))
            self.model.add(sum(given) + load <= worst * len(people))
        self.model.minimize(1000 * worst + sum(self._dislike(pair) * way for pair, way in self.open.items()))
        return flows

    def _flow(self, flows: Flows, unit: str, legal: bool, people: Sequence[Person], reviewed: str, files: int) -> Any:
        free = sum(1 for each in people if (each.account_id, reviewed) not in self.problem.unit_conflicts)
        flow = self.model.new_int_var(0, free * files, f"{unit} {legal} {reviewed}")
        if (way := self.open.get((unit, reviewed))) is not None:
            self.model.add(flow == 0).only_enforce_if(~way)
        flows[unit, legal, reviewed] = flow
        return flow

    def _demand(self, flows: Flows) -> None:
        need, unqualified = Counter[str](), Counter[str]()
        for file in self.problem.files:
            need[file.unit_id] += file.need
            unqualified[file.unit_id] += file.need - file.legal_need
        for reviewed, wanted in need.items():
            parts = {key: flow for key, flow in flows.items() if key[2] == reviewed}
            self.model.add(sum(parts.values()) == wanted)
            self.model.add(sum(flow for key, flow in parts.items() if not key[1]) <= unqualified[reviewed])

    def _dislike(self, pair: Pair) -> int:
        """Units that met before should not meet again the same way; otherwise chance decides, from the seed."""
        digest = hashlib.sha256("\n".join((self.problem.seed, *pair)).encode()).digest()
        return 10 * self.problem.met.get(pair, 0) + digest[0] % 10

    def solve(self, limit: float) -> Any:
        solver = self.cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = int.from_bytes(hashlib.sha256(self.problem.seed.encode()).digest()[:3])
        solver.parameters.max_deterministic_time = limit
        status = solver.solve(self.model)
        if status == self.cp_model.INFEASIBLE:
            return None
        if status not in (self.cp_model.OPTIMAL, self.cp_model.FEASIBLE):
            return _UNKNOWN
        return frozenset(pair for pair, way in self.open.items() if not solver.boolean_value(way))
