"""Reads of the public list."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Date, Text, any_, column, func, join, literal, or_, select, true

from services.kit import answers, pagination, references
from services.kit.db import Reader
from services.training_api.auxiliary_staff.schemas import AuxiliaryFilter
from services.training_api.exams.rules import ExamKind, Outcome, State
from services.training_api.exams.tables import Exam, ExamResult
from services.training_api.officers.rules import OfficerKind
from services.training_api.officers.tables import Officer

UNITS = references.units
ORDER = pagination.Order((UNITS.c.code, Officer.id), descending=False)


def _passed_on() -> ColumnElement[Any]:
    """The latest day on which the person passed an exam of auxiliary staff."""
    passed = (ExamResult.outcome == Outcome.PASSED.value) & (Exam.state == State.PUBLISHED.value)
    found = select(func.max(Exam.held_on)).join(ExamResult, ExamResult.exam_id == Exam.id)
    mine = (ExamResult.officer_id == Officer.id) & (Exam.kind == ExamKind.AUXILIARY.value)
    return found.where(passed, mine).correlate(Officer).scalar_subquery()


async def page(read: Reader, wanted: AuxiliaryFilter, start: pagination.Start | None, today: date) -> pagination.Page:
    """Auxiliary staff in service today, by unit; whom the district's rules keep off the list is left out."""
    names: list[Any] = [column("public_list_name", Text()), column("public_list_needs_exam", Boolean())]
    rule = func.training.personnel_rule(Officer.district_id, literal(today, Date)).table_valued(*names, name="rule")
    item = {
        "name": func.training.shown_name(Officer.name, rule.c.public_list_name),
        "unit_code": UNITS.c.code,
        "unit_name": UNITS.c.name,
        "posts": func.to_json(Officer.posts),
        "exam_passed_on": _passed_on(),
    }
    found = (
        select(answers.json_object(item))
        .select_from(join(join(Officer, UNITS, UNITS.c.id == Officer.unit_id), rule, true()))
        .where(Officer.kind == OfficerKind.AUXILIARY.value, Officer.hired_on <= today)
        .where(or_(Officer.left_on.is_(None), Officer.left_on >= today))
        .where(or_(~rule.c.public_list_needs_exam, _passed_on().is_not(None)))
    )
    if wanted.unit_code is not None:
        above = UNITS.alias("above")
        found = found.where(select(above.c.id).where(above.c.code == wanted.unit_code).scalar_subquery() == any_(UNITS.c.path))
    return await pagination.read(read, found, ORDER, wanted, start)
