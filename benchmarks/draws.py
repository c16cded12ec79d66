"""Drawing and assigning case files beside the least that could be done: `python -m benchmarks.draws [--rounds 3]`.

No database. Both sides of a comparison run in turn in one process; the best of the rounds counts, and what is told are ratios:

- a draw of 20,000 from a frame of 200,000 (checking its hash, reading it, all strata) beside hashing the same ids once;
- the assignment of 5,000 files to two of 300 reviewers each, with conflicts, qualifications, experts and units that met
  before, beside the time its solver alone takes, and beside a greedy dealer that is told to reach the same worst load.
"""

from __future__ import annotations

import argparse
import hashlib
import heapq
import json
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from services.cases_api.assignment_runs.rules import grounds, solving
from services.cases_api.assignment_runs.rules.problems import File, Person, Problem
from services.cases_api.draws import rules as draws
from services.kit import sampling

FRAME, SAMPLE = 200_000, 20_000
FILES, PEOPLE, UNITS = 5_000, 300, 60
KINDS = ("penalty", "licence", "compulsion", "inspection")
SEED = "公开掷骰（演示） 20251201"


def best(rounds: int, *sides: Callable[[], Any]) -> list[float]:
    """The shortest time of each side, run in turn."""
    times: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for place, side in enumerate(sides):
            began = time.process_time()
            side()
            times[place].append(time.process_time() - began)
    return [min(each) for each in times]


def frame() -> bytes:
    """Files of 60 units, four kinds, two procedures."""
    entries = [
        sampling.Entry(f"35011110{n % UNITS:02}/示例〔2025〕{n:06}号", f"35011110{n % UNITS:02}/{KINDS[n % 4]}/ordinary")
        for n in range(FRAME)
    ]
    return sampling.frame_of(entries)


def drawing(rounds: int) -> None:
    """The draw beside one hash of each id."""
    whole = frame()
    digest = sampling.sha256(whole)
    ids = [entry.id.encode() for entry in sampling.entries_of(whole)]
    base = hashlib.sha256(hashlib.sha256(SEED.encode()).hexdigest().encode()).hexdigest().encode()
    strata = {name: len(places) for name, places in sampling.strata_of(sampling.entries_of(whole)).items()}
    terms = draws.terms_of({"share_per_10000": 1_000, "min": 0}, [])
    wanted = draws.takes(strata, terms)

    def hashed() -> list[bytes]:
        return [hashlib.sha256(base + each).digest() for each in ids]

    def read() -> list[bytes]:
        assert sampling.sha256(whole) == digest
        return [hashlib.sha256(base + each["id"].encode()).digest() for each in json.loads(whole)["files"]]

    plain, floor, drawn, ordered = best(
        rounds,
        hashed,
        read,
        lambda: draws.sample(whole, digest, SEED, {}, wanted),
        lambda: sampling.first([each.decode() for each in ids], SEED, SAMPLE),
    )
    took = sum(wanted.values())
    print(f"hashing {FRAME:,} ids once                      {plain:7.3f} s")
    print(f"order of {SAMPLE:,} of them, one stratum          {ordered:7.3f} s   {ordered / plain:.2f} x")
    print(f"reading the frame, its hash, one hash of each id {floor:6.3f} s   {floor / plain:.2f} x")
    print(f"whole draw of {took:,} in {len(strata)} strata {drawn:18.3f} s   {drawn / plain:.2f} x, {drawn / floor:.2f} x")


def problem() -> Problem:
    """A round as a large district would have it."""
    chance = random.Random(7)
    units = [f"u{number:02}" for number in range(UNITS)]
    people = tuple(
        Person(f"p{n:03}", units[n % UNITS], tuple(chance.sample(KINDS, 2)), chance.random() < 0.5, most=60)
        for n in range(PEOPLE)
    )
    files = tuple(File(f"f{n:05}", chance.choice(units), chance.choice(KINDS), 2, 1) for n in range(FILES))
    of_units = {(each.account_id, each.unit_id): ("own_unit",) for each in people}
    of_units |= {(chance.choice(people).account_id, chance.choice(units)): ("repeated",) for _ in range(PEOPLE * 4)}
    of_files = {(chance.choice(people).account_id, chance.choice(files).id): ("handled",) for _ in range(FILES)}
    met = {(a, b): chance.randint(1, 3) for a in units for b in units if chance.random() < 0.2}
    return Problem("seed", people, files, of_units, of_files, met)


@contextmanager
def counted() -> Iterator[list[float]]:
    """How long the solver itself is at work."""
    from ortools.graph.python import min_cost_flow
    from ortools.sat.python import cp_model

    spent: list[float] = []
    kinds: tuple[Any, ...] = (min_cost_flow.SimpleMinCostFlow, cp_model.CpSolver)
    bare = [kind.solve for kind in kinds]

    def timed(solve: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            began = time.process_time()
            answer = solve(*arguments)
            spent.append(time.process_time() - began)
            return answer

        return run

    for kind, solve in zip(kinds, bare, strict=True):
        kind.solve = timed(solve)
    try:
        yield spent
    finally:
        for kind, solve in zip(kinds, bare, strict=True):
            kind.solve = solve


def greedy(found: Problem, chance: random.Random, closed: frozenset[tuple[str, str]]) -> tuple[int, int]:
    """Files in any order, each to the least loaded who may; answers the worst load, and how many reviews found nobody."""
    units = {each.account_id: each.unit_id for each in found.people}
    legal = {each.account_id for each in found.people if each.legal_review}
    load: Counter[str] = Counter()
    heap = [(0, chance.random(), each.account_id) for each in found.people]
    heapq.heapify(heap)
    missing = 0
    for file in chance.sample(found.files, len(found.files)):
        aside, taken = [], []
        while heap and len(taken) < file.need:
            known, turn, who = heapq.heappop(heap)
            last = len(taken) == file.need - 1
            barred = (who, file.unit_id) in found.unit_conflicts or (who, file.id) in found.file_conflicts
            fits = not (last and not any(each in legal for each in taken) and who not in legal)
            if barred or not fits or (units[who], file.unit_id) in closed:
                aside.append((known, turn, who))
                continue
            taken.append(who)
            load[who] += 1
        for who in taken:
            heapq.heappush(heap, (load[who], chance.random(), who))
        for entry in aside:
            heapq.heappush(heap, entry)
        missing += file.need - len(taken)
    return max(load.values()), missing


def assigning(rounds: int) -> None:
    """The assignment beside its solver, and beside dealing greedily until the worst load is as low."""
    found = problem()
    with counted() as spent:
        began = time.process_time()
        solution = solving.solve(found)
        whole = time.process_time() - began
        bare = sum(spent)
        for _ in range(rounds - 1):
            spent.clear()
            began = time.process_time()
            again = solving.solve(found)
            took = time.process_time() - began
            assert again == solution
            whole, bare = min((whole, bare), (took, sum(spent)))
    loads = Counter(pair.account_id for pair in solution.pairs)
    worst = max(loads.values())
    print(f"assignment of {len(found.files):,} x 2 among {len(found.people)}           {whole:7.2f} s, worst load {worst}")
    print(f"its solvers alone (flow, program over units)   {bare:7.2f} s   whole / bare {whole / bare:.2f} x")
    closed, chance = frozenset(solution.closed), random.Random(1)
    began, tries, dealt, missing = time.process_time(), 0, 0, 1
    while (dealt != worst or missing) and time.process_time() - began < 4 * whole:
        tries += 1
        dealt, missing = greedy(found, chance, closed)
    took = time.process_time() - began
    said = "the same worst load" if dealt == worst and not missing else f"worst load {dealt}, {missing} reviews without anybody"
    print(f"greedy, told which pairs of units are closed   {took:7.2f} s, {tries} tries: {said}")
    people = {each.account_id: each for each in found.people}
    files = {each.id: each for each in found.files}
    assert all(grounds.is_free(found, people[pair.account_id], files[pair.file_id]) for pair in solution.pairs)
    expert = sum(pair.field for pair in solution.pairs) / len(solution.pairs)
    print(f"reviews by an expert of the kind               {expert:7.1%}")


def main() -> None:
    """Runs both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    drawing(rounds)
    assigning(rounds)
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB")


if __name__ == "__main__":
    main()
