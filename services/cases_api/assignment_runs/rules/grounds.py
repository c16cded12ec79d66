"""Why an assignment is not possible, in words that name units and numbers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from services.cases_api.assignment_runs.rules.problems import File, Person, Problem
from services.kit import errors


class Infeasible(errors.Conflict):
    code = "assignment.infeasible"
    zh, en = (
        "按现有评查人和回避要求无法分派，见 errors 各项；要求不会自动放宽。",
        ("No assignment keeps all requirements; see errors. None of them is relaxed by itself."),
    )


class Undecided(errors.Conflict):
    code = "assignment.undecided"
    zh, en = (
        "未能在限度内找到没有互评单位的安排，请减少单位或增加评查人。",
        ("No arrangement without mutual pairs was found within the limit; take fewer units or more reviewers."),
    )


class NothingToAssign(errors.Conflict):
    code = "assignment.nothing_to_assign"
    zh, en = "没有尚缺评查人的案卷。", "No file lacks a reviewer."


class NoReviewers(errors.Conflict):
    code = "assignment.no_reviewers"
    zh, en = "没有可分派的评查人。", "There is no reviewer to assign files to."


def is_free(problem: Problem, person: Person, file: File) -> bool:
    """Whether nothing but a mutual pair could keep this person from this file."""
    return (
        (person.account_id, file.unit_id) not in problem.unit_conflicts
        and (person.account_id, file.id) not in problem.file_conflicts
        and person.account_id not in file.barred
    )


def plain_faults(problem: Problem, names: Mapping[str, str]) -> Iterator[errors.Fault]:
    """Shortages that can be seen without solving: of people for a file, of qualified ones, of capacity in all."""
    few: Counter[tuple[str, int, int]] = Counter()
    unqualified: Counter[str] = Counter()
    for (file_unit, need, legal_need), free, qualified in _counted(problem):
        if free < need:
            few[file_unit, free, need] += 1
        elif qualified < legal_need:
            unqualified[file_unit] += 1
    for (unit, free, need), files in sorted(few.items()):
        params: dict[str, str | int] = {"unit": names.get(unit, unit), "files": files, "people": free, "need": need}
        yield errors.Fault(f"/units/{unit}", "assignment.too_few_reviewers", params)
    for unit, files in sorted(unqualified.items()):
        yield errors.Fault(f"/units/{unit}", "assignment.no_legal_reviewer", {"unit": names.get(unit, unit), "files": files})
    room = sum(max(0, person.most - person.load) for person in problem.people)
    if room < problem.demand:
        yield errors.Fault("/body/most_load", "assignment.too_little_room", {"wanted": problem.demand, "room": room})
    least = sum(max(0, person.least - person.load) for person in problem.people)
    if least > problem.demand:
        yield errors.Fault("/body/least_load", "assignment.least_too_great", {"wanted": problem.demand, "least": least})


def _counted(problem: Problem) -> Iterator[tuple[tuple[str, int, int], int, int]]:
    """For each file its unit and needs, and how many are free for it, and how many of those qualified."""
    by_unit: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    barred_by_file: dict[str, set[str]] = {file.id: set(file.barred) for file in problem.files}
    for account_id, file_id in problem.file_conflicts:
        if file_id in barred_by_file:
            barred_by_file[file_id].add(account_id)
    for file in problem.files:
        if file.unit_id not in by_unit:
            free = [each for each in problem.people if (each.account_id, file.unit_id) not in problem.unit_conflicts]
            qualified = frozenset(each.account_id for each in free if each.legal_review)
            by_unit[file.unit_id] = (frozenset(each.account_id for each in free), qualified)
        everybody, able = by_unit[file.unit_id]
        barred = barred_by_file[file.id]
        yield (file.unit_id, file.need, file.legal_need), len(everybody - barred), len(able - barred)


def short(units: Mapping[str, int], wanted: int, possible: int, names: Mapping[str, str]) -> errors.Fault:
    """Files of some units want more reviews than those free for them can give."""
    named = "、".join(names.get(unit, unit) for unit in sorted(units))
    params: dict[str, str | int] = {"units": named, "files": sum(units.values()), "wanted": wanted, "possible": possible}
    return errors.Fault("/units", "assignment.overloaded", params)
