"""The assignment as a minimum-cost flow: loads level first, then expertise, rotation over the years, and chance. Pure.

Source → person (each further file dearer than the last) → file. A file that needs a qualified reviewer takes the others
through a gate that lets one fewer pass. The seed gives every pair a small cost of its own, so that among equals chance
decides, not the order in which names came. All costs are whole numbers; the optimum is exact.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

from services.cases_api.assignment_runs.rules import grounds
from services.cases_api.assignment_runs.rules.directions import ROUNDS, Choice, contested
from services.cases_api.assignment_runs.rules.grounds import Infeasible, Undecided
from services.cases_api.assignment_runs.rules.problems import Pair, Problem
from services.kit import errors

if TYPE_CHECKING:  # heavy, and needed by nobody who only starts the service
    import numpy as np
    from numpy.typing import NDArray

# The n-th file of a person (from 0) costs (2 n + 1) × LOAD: twice what a pair can cost at most in usual cases, so that no
# preference makes one person carry more than another.
LOAD: Final = 20_000_000
FIELD: Final = 3_000_000  # a kind the reviewer is not known to be expert in
MET: Final = 2_000_000  # each year in which the two units met the same way
CHANCE: Final = 1_000_000  # the seed's own cost of a pair lies below it
STAND_INS: Final = 10


@dataclass(frozen=True, slots=True)
class Assigned:
    """A person for a file, what the pair costs, and what that is made of. `load` is the person's in the end."""

    file_id: str
    account_id: str
    cost: int
    field: bool
    legal_review: bool
    met_years: int
    load: int


@dataclass(frozen=True, slots=True)
class Solution:
    """The optimum: pairs in the order of files and people, pairs of units that are closed, stand-ins by file, the cost in all."""

    pairs: tuple[Assigned, ...]
    closed: tuple[Pair, ...]
    stand_ins: Mapping[str, tuple[str, ...]]
    cost: int


def solver() -> str:
    """Which solver, in which version: another one finds the same cost and, but for ties, the same pairs."""
    return f"OR-tools {metadata.version('ortools')}: SimpleMinCostFlow, CP-SAT"


def solve(problem: Problem, names: Mapping[str, str] | None = None) -> Solution:
    """The assignment of least cost. Raises Infeasible with every reason found, Undecided. `names` are those of the units.

    Takes seconds for thousands of files: never on the event loop.
    """
    known = names or {}
    if faults := [*grounds.plain_faults(problem, known)]:
        raise Infeasible(*faults)
    table = _Table(problem)
    choice = Choice(problem, contested(problem))
    for _ in range(ROUNDS):
        closed = choice.forbidden()
        if closed is None:
            raise Infeasible(_blame(table, known))
        chosen = table.flow(closed)
        if chosen is not None:
            return table.solution(chosen, closed)
        falls_short, units, _, _ = table.shortage(closed)
        if not choice.learn(closed, list(units) if falls_short else table.units):
            raise Infeasible(_blame(table, known))
    raise Undecided


def _blame(table: _Table, names: Mapping[str, str]) -> errors.Fault:
    """What falls short even where units may review each other; else the least loads, else that they may not."""
    falls_short, units, wanted, possible = table.shortage(frozenset())
    if falls_short:
        return grounds.short(units, wanted, possible, names)
    if table.flow(frozenset()) is None:
        return errors.Fault("/body/least_load", "assignment.least_loads")
    return errors.Fault("/units", "assignment.mutual_pairs")


class _Table:
    """People × files as arrays: who is free for what, and what each pair costs."""

    def __init__(self, problem: Problem) -> None:
        import numpy as np

        self.np = np
        self.problem = problem
        self.people = sorted(problem.people, key=lambda each: each.account_id)
        self.files = sorted(problem.files, key=lambda each: each.id)
        self.units = sorted({file.unit_id for file in self.files})
        self.unit_of = np.array([self.units.index(file.unit_id) for file in self.files])
        self.load = np.array([person.load for person in self.people])
        self.most = np.array([max(person.most, person.load) for person in self.people])
        self.least = np.array([max(person.least, person.load) for person in self.people])
        self.legal = np.array([person.legal_review for person in self.people])
        self.need = np.array([file.need for file in self.files])
        self.gate = np.array([file.need - file.legal_need for file in self.files])
        self.free = self._free()
        self.met = np.array([[problem.met.get((p.unit_id, unit), 0) for unit in self.units] for p in self.people])
        self.expert = self._expert()
        self.cost = self._cost()

    def _free(self) -> NDArray[np.bool_]:
        rows = {person.account_id: place for place, person in enumerate(self.people)}
        columns = {file.id: place for place, file in enumerate(self.files)}
        by_unit = self.np.ones((len(self.people), len(self.units)), dtype=bool)
        for account_id, unit_id in self.problem.unit_conflicts:
            if account_id in rows and unit_id in self.units:
                by_unit[rows[account_id], self.units.index(unit_id)] = False
        free = by_unit[:, self.unit_of]
        barred = [(account_id, file.id) for file in self.files for account_id in file.barred]
        for account_id, file_id in (*self.problem.file_conflicts, *barred):
            if account_id in rows and file_id in columns:
                free[rows[account_id], columns[file_id]] = False
        return free

    def _expert(self) -> NDArray[np.bool_]:
        kinds = sorted({file.kind for file in self.files})
        known = self.np.array([[kind in person.kinds for kind in kinds] for person in self.people])
        found: NDArray[np.bool_] = known[:, self.np.array([kinds.index(file.kind) for file in self.files])]
        return found

    def _cost(self) -> NDArray[np.int64]:
        chance = _chance(self.np, self._hashed([p.account_id for p in self.people]), self._hashed([f.id for f in self.files]))
        found: NDArray[np.int64] = chance + MET * self.met[:, self.unit_of] + FIELD * ~self.expert
        return found

    def _hashed(self, ids: list[str]) -> NDArray[np.uint64]:
        digests = (hashlib.sha256(f"{self.problem.seed}\n{each}".encode()).digest() for each in ids)
        return self.np.array([int.from_bytes(digest[:8]) for digest in digests], dtype=self.np.uint64)

    def allowed(self, closed: frozenset[Pair]) -> NDArray[np.bool_]:
        """Who may review what, mutual pairs closed."""
        shut = self.np.array([[(person.unit_id, unit) in closed for unit in self.units] for person in self.people])
        found: NDArray[np.bool_] = self.free & ~shut[:, self.unit_of]
        return found

    def flow(self, closed: frozenset[Pair]) -> NDArray[np.bool_] | None:
        """The pairs of least cost; None when the files' needs cannot all be met."""
        from ortools.graph.python import min_cost_flow

        network = min_cost_flow.SimpleMinCostFlow()
        rows, columns = self.np.nonzero(self.allowed(closed))
        arcs = self._arcs(network, rows, columns)
        extra = self.most - self.least
        self._load_arcs(network, extra)
        mandatory = self.least - self.load
        network.set_nodes_supplies(self._person(self.np.arange(len(self.people))), mandatory)
        network.set_node_supply(0, int(self.need.sum() - mandatory.sum()))
        network.set_node_supply(self._sink, -int(self.need.sum()))
        if network.solve() != network.OPTIMAL:
            return None
        chosen = self.np.zeros(self.free.shape, dtype=bool)
        taken = network.flows(arcs) == 1
        chosen[rows[taken], columns[taken]] = True
        return chosen

    def _person(self, rows: Any) -> Any:
        return 1 + rows

    def _file(self, columns: Any) -> Any:
        return 1 + len(self.people) + columns

    def _gate(self, columns: Any) -> Any:
        return 1 + len(self.people) + len(self.files) + columns

    @property
    def _sink(self) -> int:
        return 1 + len(self.people) + 2 * len(self.files)

    def _arcs(self, network: Any, rows: Any, columns: Any) -> Any:
        ones, every = self.np.ones(len(rows), dtype=self.np.int64), self.np.arange(len(self.files))
        through = ~self.legal[rows] & (self.gate < self.need)[columns]
        heads = self.np.where(through, self._gate(columns), self._file(columns))
        arcs = network.add_arcs_with_capacity_and_unit_cost(self._person(rows), heads, ones, self.cost[rows, columns])
        nothing = self.np.zeros(len(self.files), dtype=self.np.int64)
        network.add_arcs_with_capacity_and_unit_cost(self._gate(every), self._file(every), self.gate, nothing)
        sinks = self.np.full(len(self.files), self._sink)
        network.add_arcs_with_capacity_and_unit_cost(self._file(every), sinks, self.need, nothing)
        return arcs

    def _load_arcs(self, network: Any, extra: Any) -> None:
        """One arc for each further file a person may get, each dearer than the last; no more than there are reviews to give."""
        extra = self.np.minimum(extra, int(self.need.sum()))
        rows = self.np.repeat(self.np.arange(len(self.people)), extra)
        steps = self.np.concatenate([self.np.arange(count) for count in extra]) if len(extra) else extra
        costs = (2 * (self.least[rows] + steps) + 1) * LOAD
        nothing, ones = self.np.zeros(len(rows), dtype=self.np.int64), self.np.ones(len(rows), dtype=self.np.int64)
        network.add_arcs_with_capacity_and_unit_cost(nothing, self._person(rows), ones, costs)

    def shortage(self, closed: frozenset[Pair]) -> tuple[bool, Counter[str], int, int]:
        """Whether people fall short, for the files of which units (how many), the reviews those want and can get."""
        from ortools.graph.python import max_flow

        network = max_flow.SimpleMaxFlow()
        rows, columns = self.np.nonzero(self.allowed(closed))
        through = ~self.legal[rows] & (self.gate < self.need)[columns]
        heads = self.np.where(through, self._gate(columns), self._file(columns))
        every, everybody = self.np.arange(len(self.files)), self.np.arange(len(self.people))
        source = self.np.zeros(len(everybody), dtype=self.np.int64)
        network.add_arcs_with_capacity(source, self._person(everybody), self.most - self.load)
        network.add_arcs_with_capacity(self._person(rows), heads, self.np.ones(len(rows), dtype=self.np.int64))
        network.add_arcs_with_capacity(self._gate(every), self._file(every), self.gate)
        network.add_arcs_with_capacity(self._file(every), self.np.full(len(every), self._sink), self.need)
        network.solve(0, self._sink)
        wanting = {int(node) for node in network.get_sink_side_min_cut()}
        files = [place for place in range(len(self.files)) if int(self._file(place)) in wanting]
        missing = int(self.need.sum()) - int(network.optimal_flow())
        wanted = int(sum(self.need[place] for place in files))
        return missing > 0, Counter(self.files[place].unit_id for place in files), wanted, wanted - missing

    def solution(self, chosen: NDArray[np.bool_], closed: frozenset[Pair]) -> Solution:
        """The pairs with their reasons, and who stands in for them."""
        load = self.load + chosen.sum(axis=1)
        columns, rows = self.np.nonzero(chosen.T)
        pairs = tuple(self._assigned(int(row), int(column), int(load[row])) for column, row in zip(columns, rows, strict=True))
        rising = sum(int(after) ** 2 - int(before) ** 2 for before, after in zip(self.load, load, strict=True))
        cost = rising * LOAD + sum(pair.cost for pair in pairs)
        return Solution(pairs, tuple(sorted(closed)), self._stand_ins(chosen, closed, load), cost)

    def _assigned(self, row: int, column: int, load: int) -> Assigned:
        person, file = self.people[row], self.files[column]
        met = int(self.met[row, self.unit_of[column]])
        expert = bool(self.expert[row, column])
        return Assigned(file.id, person.account_id, int(self.cost[row, column]), expert, person.legal_review, met, load)

    def _stand_ins(self, chosen: Any, closed: frozenset[Pair], load: Any) -> dict[str, tuple[str, ...]]:
        """For each file the next ten who are free for it, the least loaded and cheapest first."""
        never = self.np.iinfo(self.np.int64).max
        ranked = self.np.where(self.allowed(closed) & ~chosen, self.cost + LOAD * load[:, None], never)
        order = self.np.argsort(ranked, axis=0, kind="stable")[:STAND_INS]
        found = {}
        for column, file in enumerate(self.files):
            rows = [int(row) for row in order[:, column] if ranked[row, column] != never]
            found[file.id] = tuple(self.people[row].account_id for row in rows)
        return found


def _chance(np: Any, people: Any, files: Any) -> Any:
    """A number below CHANCE for each pair: the hashes of both, joined by exclusive or and mixed (the finaliser of SplitMix64)."""
    with np.errstate(over="ignore"):
        mixed = (people[:, None] ^ files[None, :]) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return ((mixed ^ (mixed >> np.uint64(31))) % np.uint64(CHANCE)).astype(np.int64)
