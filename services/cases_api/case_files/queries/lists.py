"""Lists of case files and their single bodies: one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Text, and_, any_, func, null, select
from sqlalchemy.dialects.postgresql import array

from services.cases_api.case_files.queries import bodies, masking, seeking, words
from services.cases_api.case_files.rules import searching
from services.cases_api.case_files.schemas.lists import CaseFileFilter, CaseFileSearch
from services.cases_api.case_files.tables import CaseFile, CaseMove
from services.kit import answers, pagination, reads
from services.kit.db import Reader
from services.kit.principal import Principal, Role


def _computed_by(column: ColumnElement[date], type_: Any) -> reads.Filter:
    """Files whose computed day is the value or earlier, found by that day."""
    return reads.Filter(
        type_, lambda value: CaseFile.id.in_(select(bodies.CHECK.case_file_id).where(column <= value).correlate(None))
    )


TELLING: Final = ("unit_id", "case_no", "item_code", "external_system", "external_id")


def _telling(plain: reads.Filter) -> reads.Filter:
    """A filter by what is masked tells as much as the field, so it finds no file that the caller sees masked."""

    def found(value: Any, who: Principal) -> ColumnElement[bool]:
        return and_(plain.predicate(value), ~masking.is_masked(who)) if Role.REVIEWER in who.roles else plain.predicate(value)

    return reads.Filter(plain.type, found, by_caller=True)


FILES = reads.Listing(
    body=bodies.row_for,
    visible_to=masking.visible_to,
    orders={
        "-filed_on": pagination.Order((CaseFile.filed_on, CaseFile.id)),
        "filed_on": pagination.Order((CaseFile.filed_on, CaseFile.id), descending=False),
    },
    filters={name: reads.equals(getattr(CaseFile, name)) for name in ("kind", "procedure", "state")}
    | {name: _telling(reads.equals(getattr(CaseFile, name))) for name in TELLING}
    | {
        "state__in": reads.Filter(Text(), lambda listed: CaseFile.state == any_(func.string_to_array(listed, ","))),
        "filed_on__gte": reads.at_least(CaseFile.filed_on),
        "filed_on__lte": reads.at_most(CaseFile.filed_on),
        "closed_on__gte": reads.at_least(CaseFile.closed_on),
        "closed_on__lte": reads.at_most(CaseFile.closed_on),
        "archive_due_on__lte": _computed_by(bodies.CHECK.archive_due_on, Date()),
        "retention_until__lte": _computed_by(bodies.CHECK.retention_until, Date()),
        "officer_id": _telling(reads.Filter(CaseFile.id.type, lambda officer: CaseFile.officers.contains(array([officer])))),
    }
    | {f"word_{place}": words.filter_at(place) for place in range(searching.MOST_WORDS)},
    seek=seeking.ids_of,
)
FILE = reads.Single(body=bodies.body_for, version=CaseFile.version, key=CaseFile.id, visible_to=masking.visible_to)


async def page(
    read: Reader, who: Principal, wanted: CaseFileFilter, start: pagination.Start | None, digests: Sequence[searching.Digest]
) -> pagination.Page:
    """A page of the list. `digests` make the signs of names, those of new values first. Raises BadInput (words)."""
    given, places = words.given(wanted, digests)
    return await FILES.page(read, who, CaseFileSearch.model_construct(**given), start, **places)


async def moves(
    read: Reader, who: Principal, case_file_id: UUID, wanted: pagination.PageQuery, start: pagination.Start | None
) -> pagination.Page:
    """A page of a file's history; empty when the caller may not see the file."""
    seen = select(CaseFile.id).where(CaseFile.id == case_file_id, masking.visible_to(who))
    masked = answers.json_object(bodies.MOVES | {"reason": masking.masked_text(CaseMove.reason), "account_id": null()})
    found = select(masking.unless_masked(who, bodies.MOVE, masked)).join(CaseFile, CaseFile.id == CaseMove.case_file_id)
    found = found.where(CaseMove.case_file_id.in_(seen))
    order = pagination.Order((CaseMove.recorded_at, CaseMove.id), descending=False)
    return await pagination.read(read, found, order, wanted, start)
