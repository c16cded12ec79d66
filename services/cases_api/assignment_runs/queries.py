"""What an assignment is made from, and what is kept of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, insert, literal, or_, select

from services.cases_api.assignment_runs.rules.problems import File, Person, Problem
from services.cases_api.assignment_runs.rules.solving import Solution
from services.cases_api.assignment_runs.schemas import AssignmentRunFilter
from services.cases_api.assignment_runs.tables import AssignmentRun, AssignmentStandIns
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.conflict_checks import queries as conflicts
from services.cases_api.draws.queries import rows as draws
from services.cases_api.review_assignments.rules import Reason, State
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.review_rounds import rules as rounds
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.review_settings.rules import Settings
from services.cases_api.reviewers.external import POOL, is_away
from services.kit import answers, errors, ids, pagination, references, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role

ACCOUNTS, UNITS = references.accounts, references.units
# How many campaigns back units that met are remembered.
MEMORY = 3
PLAIN = ("id", "round_id", "number", "seed", "solver", "problem_sha256", "solution_sha256", "cost", "files", "pairs", "made_by")
SUMMARY = {name: getattr(AssignmentRun, name) for name in PLAIN} | {
    "made_at": answers.moment(AssignmentRun.made_at),
    "version": literal(1),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the organiser asked for."""

    account_ids: Sequence[UUID] | None
    least_load: int
    most_load: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What is assigned in: the round, its live draw's seed, the settings, the day."""

    round_id: UUID
    district_id: UUID
    draw_id: UUID
    seed: str
    year: int
    per_file: int
    legal: int
    settings: Settings
    day: date


@dataclass(frozen=True, slots=True)
class Given:
    """An assignment of the round, live or not."""

    case_file_id: UUID
    account_id: UUID
    unit_id: UUID
    is_live: bool
    is_legal: bool


async def problem(connection: Session | Reader, ground: Ground, wanted: Wanted) -> Problem:
    """What is to be solved: files of the sample that lack reviewers, and the people free for them."""
    given = await _given(connection, ground.round_id)
    files = await _files(connection, ground, given)
    people = await _people(connection, ground, wanted, given)
    accounts, file_ids = [UUID(person.account_id) for person in people], [UUID(file.id) for file in files]
    scope = conflicts.Scope(ground.district_id, ground.year, ground.settings, ground.day)
    found = await conflicts.find(connection, scope, accounts, file_ids)
    return Problem(
        seed=ground.seed,
        people=tuple(people),
        files=tuple(files),
        unit_conflicts=_texts(found.of_units),
        file_conflicts=_texts(found.of_files),
        met=await _met(connection, ground),
        fixed=await _fixed(connection, ground.round_id),
    )


def _texts(found: Mapping[tuple[UUID, UUID], Any]) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(str(one), str(other)): tuple(sorted(kinds)) for (one, other), kinds in found.items()}


async def _given(connection: Session | Reader, round_id: UUID) -> list[Given]:
    legal = func.coalesce(POOL.c.legal_review, False)
    found = (
        select(
            ReviewAssignment.case_file_id,
            ReviewAssignment.account_id,
            ReviewAssignment.unit_id,
            ReviewAssignment.state != State.VOID,
            legal,
        )
        .outerjoin(POOL, POOL.c.account_id == ReviewAssignment.account_id)
        .where(ReviewAssignment.round_id == round_id)
    )
    return [Given(*row) for row in (await connection.execute(found)).all()]


async def _files(connection: Session | Reader, ground: Ground, given: Sequence[Given]) -> list[File]:
    sample = draws.live_files(ground.draw_id).subquery()
    found = select(CaseFile.id, CaseFile.unit_id, CaseFile.kind).join(sample, sample.c.case_file_id == CaseFile.id)
    live, legal = Counter[UUID](), Counter[UUID]()
    barred: dict[UUID, set[str]] = {}
    for each in given:
        live[each.case_file_id] += each.is_live
        legal[each.case_file_id] += each.is_live and each.is_legal
        barred.setdefault(each.case_file_id, set()).add(str(each.account_id))
    files = []
    rows: list[Any] = list((await connection.execute(found.order_by(CaseFile.id))).all())
    for file_id, unit_id, kind in rows:
        need = ground.per_file - live[file_id]
        if need > 0:
            qualified = max(0, min(need, ground.legal - legal[file_id]))
            files.append(File(str(file_id), str(unit_id), kind, need, qualified, tuple(sorted(barred.get(file_id, ())))))
    return files


async def _people(connection: Session | Reader, ground: Ground, wanted: Wanted, given: Sequence[Given]) -> list[Person]:
    """Active accounts of the district with the reviewer's role that are neither switched off nor away today."""
    there = or_(POOL.c.account_id.is_(None), and_(POOL.c.is_active, ~is_away(ground.day)))
    loads = Counter(each.account_id for each in given if each.is_live)
    legal = func.coalesce(POOL.c.legal_review, False)
    found: Select[Any] = (
        select(ACCOUNTS.c.id, ACCOUNTS.c.unit_id, POOL.c.kinds, legal)
        .join(UNITS, UNITS.c.id == ACCOUNTS.c.unit_id)
        .outerjoin(POOL, POOL.c.account_id == ACCOUNTS.c.id)
        .where(UNITS.c.district_id == ground.district_id, ACCOUNTS.c.active, there)
        .where(ACCOUNTS.c.roles.contains([Role.REVIEWER.value]))
        .order_by(ACCOUNTS.c.id)
    )
    if wanted.account_ids is not None:
        found = found.where(ACCOUNTS.c.id.in_(wanted.account_ids))
    rows: list[Any] = list((await connection.execute(found)).all())
    return [
        Person(str(key), str(unit), tuple(sorted(kinds or ())), legal, wanted.least_load, wanted.most_load, loads[key])
        for key, unit, kinds, legal in rows
    ]


async def _met(connection: Session | Reader, ground: Ground) -> dict[tuple[str, str], int]:
    """How many of the last years units met the same way, self-reviews aside."""
    years = and_(ReviewCampaign.year >= ground.year - MEMORY, ReviewCampaign.year < ground.year)
    found = (
        select(ACCOUNTS.c.unit_id, ReviewAssignment.unit_id, func.count(ReviewCampaign.year.distinct()))
        .join_from(ReviewAssignment, ACCOUNTS, ACCOUNTS.c.id == ReviewAssignment.account_id)
        .join(ReviewRound, ReviewRound.id == ReviewAssignment.round_id)
        .join(ReviewCampaign, ReviewCampaign.id == ReviewRound.campaign_id)
        .where(ReviewAssignment.district_id == ground.district_id, ReviewAssignment.state == State.SUBMITTED)
        .where(ReviewAssignment.mode != rounds.Mode.SELF, years)
        .group_by(ACCOUNTS.c.unit_id, ReviewAssignment.unit_id)
    )
    return {(str(one), str(other)): count for one, other, count in (await connection.execute(found)).all()}


async def _fixed(connection: Session | Reader, round_id: UUID) -> frozenset[tuple[str, str]]:
    """Which unit reviews which in this round already."""
    found = (
        select(ACCOUNTS.c.unit_id, ReviewAssignment.unit_id)
        .join_from(ReviewAssignment, ACCOUNTS, ACCOUNTS.c.id == ReviewAssignment.account_id)
        .where(ReviewAssignment.round_id == round_id, ReviewAssignment.state != State.VOID)
        .distinct()
    )
    rows: list[Any] = list((await connection.execute(found)).all())
    return frozenset((str(one), str(other)) for one, other in rows)


async def unit_names(connection: Session | Reader, district_id: UUID) -> dict[str, str]:
    """Names of the district's units."""
    found = select(UNITS.c.id, UNITS.c.name).where(UNITS.c.district_id == district_id)
    rows: list[Any] = list((await connection.execute(found)).all())
    return {str(key): name for key, name in rows}


async def runs(connection: Session | Reader, round_id: UUID) -> int:
    """How many runs the round has had."""
    found = select(func.count()).select_from(AssignmentRun).where(AssignmentRun.round_id == round_id)
    return int((await connection.execute(found)).scalar_one())


async def add_pairs(
    session: Session, of: ReviewRound, run: AssignmentRun, problem: Problem, solution: Solution, now: datetime
) -> None:
    """Writes the assignments of a run and its stand-ins."""
    units = {file.id: UUID(file.unit_id) for file in problem.files}
    rows = [
        {
            "id": ids.new_id(),
            "district_id": of.district_id,
            "unit_id": units[pair.file_id],
            "round_id": of.id,
            "mode": of.mode,
            "case_file_id": UUID(pair.file_id),
            "account_id": UUID(pair.account_id),
            "reason": Reason.SOLVED.value,
            "hide_unit": of.hide_units,
            "run_id": run.id,
            "cost": pair.cost,
            "explanation": {
                "field": pair.field,
                "legal_review": pair.legal_review,
                "met_years": pair.met_years,
                "load": pair.load,
            },
            "state": State.ASSIGNED.value,
            "created_at": now,
            "saves": 0,
            "version": 1,
        }
        for pair in solution.pairs
    ]
    await session.execute(insert(ReviewAssignment), rows)
    listed = [
        {"run_id": run.id, "case_file_id": UUID(file), "account_ids": [UUID(each) for each in accounts]}
        for file, accounts in solution.stand_ins.items()
    ]
    await session.execute(insert(AssignmentStandIns), listed)


# ---------------------------------------------------------------------------------------------- reads


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of runs: the bureau's at once, everybody's in the district once the round is published. An organiser
    who reviews in the round as well does not learn here who else does.
    """
    district, shown = visibility.within(who, district=AssignmentRun.district_id), ReviewRound.state.in_(rounds.SHOWN)
    if Role.BUREAU not in who.roles:
        return and_(district, shown)
    own = select(ReviewAssignment.id).where(
        ReviewAssignment.round_id == AssignmentRun.round_id,
        ReviewAssignment.account_id == who.account_id,
        ReviewAssignment.state != State.VOID,
    )
    reviewing = own.correlate(AssignmentRun).exists()
    return and_(district, or_(shown, ~reviewing)) if Role.REVIEWER in who.roles else district


async def page(
    read: Reader, who: Principal, round_id: UUID, wanted: AssignmentRunFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of a round's runs."""
    order = pagination.Order((AssignmentRun.number,), descending=wanted.sort.startswith("-"))
    found = select(answers.json_object(SUMMARY)).join_from(AssignmentRun, ReviewRound, ReviewRound.id == AssignmentRun.round_id)
    return await pagination.read(read, found.where(AssignmentRun.round_id == round_id, visible_to(who)), order, wanted, start)


async def record(read: Reader, who: Principal, round_id: UUID, number: int) -> answers.One:
    """The whole record of a run; NotFound also when the caller may not see it."""
    head = cast(answers.json_object(SUMMARY), Text)
    found = select(head, AssignmentRun.problem, AssignmentRun.solution)
    found = found.join_from(AssignmentRun, ReviewRound, ReviewRound.id == AssignmentRun.round_id)
    wanted = (AssignmentRun.round_id == round_id, AssignmentRun.number == number, visible_to(who))
    row: Any = (await read.execute(found.where(*wanted))).one_or_none()
    if row is None:
        raise errors.NotFound
    return answers.One(f'{row[0][:-1]},"problem":{row[1]},"solution":{row[2]}}}', 1)
