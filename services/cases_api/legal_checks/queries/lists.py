"""Defects and deadlines over many files: one statement each. What a waiting file had is left out until it is checked."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Integer, Select, and_, bindparam, case, cast, exists, func, select, true
from sqlalchemy.dialects.postgresql import array

from services.cases_api.case_files.tables import CaseFile
from services.cases_api.legal_checks.tables import CaseDeadline, Defect, DefectOverride, LegalCheck, QueuedCheck
from services.kit import answers, pagination, reads, visibility
from services.kit.principal import Principal

TODAY: Final = bindparam("today", None, type_=Date())
STANDING: Final = (
    select(DefectOverride.action, DefectOverride.mark, DefectOverride.reason)
    .where(DefectOverride.case_file_id == Defect.case_file_id, DefectOverride.rule == Defect.rule)
    .order_by(DefectOverride.recorded_at.desc(), DefectOverride.id.desc())
    .limit(1)
    .correlate(Defect)
    .lateral("standing")
)
OVERRIDDEN: Final = func.coalesce(and_(STANDING.c.action == "override", STANDING.c.mark == Defect.mark), False)


def defects_visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of the list of defects: by the file's district and unit."""
    return visibility.within(who, district=Defect.district_id, unit=Defect.unit_id)


def deadlines_visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of the list of deadlines: by the file's district and unit."""
    return visibility.within(who, district=CaseDeadline.district_id, unit=CaseDeadline.unit_id)


def _current(statement: Select[Any], case_file_id: Any) -> Select[Any]:
    """Only what was computed of a file's present version, and is not waiting to be computed anew."""
    queued = exists().where(QueuedCheck.case_file_id == case_file_id)
    return (
        statement.join(LegalCheck, LegalCheck.case_file_id == case_file_id)
        .join(CaseFile, and_(CaseFile.id == case_file_id, CaseFile.version == LegalCheck.case_version))
        .where(~queued)
    )


def _with_override(statement: Select[Any]) -> Select[Any]:
    found: Select[Any] = statement.select_from(Defect).outerjoin(STANDING, true())
    return _current(found, Defect.case_file_id)


DEFECTS = reads.Listing(
    body=answers.json_object(
        {
            "id": Defect.id,
            "case_file_id": Defect.case_file_id,
            "case_no": CaseFile.case_no,
            "case_kind": CaseFile.kind,
            "case_state": CaseFile.state,
            "unit_id": Defect.unit_id,
            "rule": Defect.rule,
            "result": Defect.result,
            "level": Defect.level,
            "findings": Defect.findings,
            "missing": func.to_json(Defect.missing),
            "overridden": OVERRIDDEN,
            "override_reason": case((OVERRIDDEN, STANDING.c.reason)),
            "found_at": answers.moment(Defect.found_at),
        }
    ),
    visible_to=defects_visible_to,
    source=_with_override,
    orders={
        "-found_at": pagination.Order((Defect.found_at, Defect.id)),
        "found_at": pagination.Order((Defect.found_at, Defect.id), descending=False),
    },
    filters={
        "unit_id": reads.equals(Defect.unit_id),
        "case_file_id": reads.equals(Defect.case_file_id),
        "rule": reads.equals(Defect.rule),
        "level": reads.equals(Defect.level),
        "result": reads.equals(Defect.result),
        "case_kind": reads.equals(CaseFile.kind),
        "overridden": reads.equals(OVERRIDDEN),
    },
)

DEADLINES = reads.Listing(
    body=answers.json_object(
        {
            "id": CaseDeadline.id,
            "case_file_id": CaseDeadline.case_file_id,
            "case_no": CaseFile.case_no,
            "case_kind": CaseFile.kind,
            "unit_id": CaseDeadline.unit_id,
            "officers": CaseFile.officers,
            "act": CaseDeadline.act,
            "due_on": CaseDeadline.due_on,
            "days_left": cast(CaseDeadline.due_on - TODAY, Integer),
            "overdue": CaseDeadline.due_on < TODAY,
        }
    ),
    visible_to=deadlines_visible_to,
    source=lambda statement: _current(statement.select_from(CaseDeadline), CaseDeadline.case_file_id),
    orders={
        "due_on": pagination.Order((CaseDeadline.due_on, CaseDeadline.id), descending=False),
        "-due_on": pagination.Order((CaseDeadline.due_on, CaseDeadline.id)),
    },
    filters={
        "unit_id": reads.equals(CaseDeadline.unit_id),
        "officer_id": reads.Filter(CaseFile.id.type, lambda officer: CaseFile.officers.contains(array([officer]))),
        "act": reads.equals(CaseDeadline.act),
        "until": reads.at_most(CaseDeadline.due_on),
    },
)
