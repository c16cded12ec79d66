"""Reads of case files: one statement each, JSON made by the database, nothing of a person in clear."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    Integer,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by, array
from sqlalchemy.orm.attributes import flag_modified

from services.cases_api import access
from services.cases_api.case_files import external
from services.cases_api.case_files.rules import contents, searching, states
from services.cases_api.case_files.rules.states import Verb
from services.cases_api.case_files.schemas import CaseFileFilter, CaseFileSearch
from services.cases_api.case_files.tables import CaseFile, CaseMove, CaseStep
from services.cases_api.case_numbers.tables import CaseNumber
from services.cases_api.step_forms.rules import StepName
from services.kit import answers, errors, ids, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role

# Under this name evidence files are linked to it and its reviewers are known.
OBJECT: Final = "case_file"
# Under this name are those known who review it without knowing whose it is.
MASKED: Final = "masked_case_file"
PLACE: Final = {"district": CaseFile.district_id, "unit": CaseFile.unit_id}
# What kept steps hold besides their day, by kind.
Facts = Mapping[str, Mapping[str, Any]]
NOTHING: Final[Facts] = {}
# What a caller may do with a file: the action, the states it needs, the right it asks for.
ACTIONS: Final = (
    ("change", states.CHANGEABLE, access.CASE_FILES_WRITE),
    (Verb.DECIDE, states.MOVES[Verb.DECIDE], access.CASE_FILES_WRITE),
    (Verb.CLOSE, states.MOVES[Verb.CLOSE], access.CASE_FILES_CLOSE),
    (Verb.ARCHIVE, states.MOVES[Verb.ARCHIVE], access.CASE_FILES_CLOSE),
    (Verb.VOID, states.MOVES[Verb.VOID], access.CASE_FILES_VOID),
    (Verb.REOPEN, states.MOVES[Verb.REOPEN], access.CASE_FILES_REOPEN),
    ("disclose_party", frozenset(states.State), access.PARTIES_DISCLOSE),
)
CHECK: Final = external.LEGAL_CHECKS.c
PARTY = answers.json_object(
    {
        "kind": CaseFile.party_kind,
        "name_masked": CaseFile.party_name_shown,
        "id_type": CaseFile.party_id_type,
        "id_number_masked": CaseFile.party_id_number_masked,
    }
)


def steps_told(facts: Any) -> Any:
    """A file's steps as a JSON list, each with these of its facts beside the head."""
    head = func.jsonb_build_object(
        *("id", CaseStep.id, "step", CaseStep.step, "on", CaseStep.happened_on, "note", CaseStep.note)
    ).op("||", return_type=JSONB)(facts)
    listed = func.json_agg(aggregate_order_by(head, CaseStep.happened_on, CaseStep.id))
    found = select(func.coalesce(listed, func.json_build_array())).where(CaseStep.case_file_id == CaseFile.id)
    return found.correlate(CaseFile).scalar_subquery()


STEPS = steps_told(CaseStep.fields)
# The number of a document begins with the sign of whoever made it.
NUMBERS: Final = ("document_no", "receipt_no", "archive_no")
STEPS_WITHOUT_NUMBERS = steps_told(CaseStep.fields.op("-", return_type=JSONB)(literal(list(NUMBERS), ARRAY(Text))))
MOVES = {
    "id": CaseMove.id,
    "action": CaseMove.action,
    "from_state": CaseMove.from_state,
    "to_state": CaseMove.to_state,
    "effective_on": CaseMove.effective_on,
    "reason": CaseMove.reason,
    "account_id": CaseMove.account_id,
    "recorded_at": answers.moment(CaseMove.recorded_at),
}
MOVE = answers.json_object(MOVES)


def allowed_actions(who: Principal) -> ColumnElement[Any]:
    """What this caller may do with a row, as a JSON list."""
    parts = [
        case((and_(CaseFile.state.in_(sorted(needed)), visibility.under(who, right, **PLACE)), literal(str(action), Text)))
        for action, needed, right in ACTIONS
        if who.admitted(right.grants) is not None
    ]
    return func.to_json(func.array_remove(cast(array(parts), ARRAY(Text)), null()))


def row_for(who: Principal) -> ColumnElement[Any]:
    """A case file as it stands in lists; masked for whoever reviews it without knowing its unit."""
    return unless_masked(who, answers.json_object(_fields(who)), answers.json_object(_masked_fields(who)))


def body_for(who: Principal) -> ColumnElement[Any]:
    """A case file with its steps."""
    masked = answers.json_object(_masked_fields(who) | {"steps": cast(masked_text(cast(STEPS_WITHOUT_NUMBERS, Text)), JSON)})
    return unless_masked(who, answers.json_object(_fields(who) | {"steps": STEPS}), masked)


def is_masked(who: Principal, case_file_id: Any = CaseFile.id) -> ColumnElement[bool]:
    """Whether the caller reviews the file in a round that hides its unit; also when other roles would let it be seen."""
    return visibility.assigned(who, MASKED, case_file_id) if Role.REVIEWER in who.roles else false()


def unless_masked(who: Principal, plain: ColumnElement[Any], masked: ColumnElement[Any]) -> ColumnElement[Any]:
    """What the caller reads of something that belongs to a file; nobody but reviewers pays for the question."""
    return case((is_masked(who), masked), else_=plain) if Role.REVIEWER in who.roles else plain


def masked_text(said: Any) -> ColumnElement[str]:
    """A text of the file without what tells its unit, officers, party and number."""
    return func.cases.masked(said, CaseFile.unit_id, CaseFile.officers, CaseFile.party_name_shown, CaseFile.case_no, type_=Text())


def _masked_fields(who: Principal) -> dict[str, Any]:
    """What a reviewer sees who is not to know whose file it is: the number without its prefix, no ids from outside."""
    number = select(
        literal("〔", Text)
        + cast(CaseNumber.year, Text)
        + literal("〕", Text)
        + cast(CaseNumber.sequence, Text)
        + literal("号", Text)
    ).where(CaseNumber.id == CaseFile.case_number_id)
    shown = _fields(who)
    for name in ("unit_id", "case_number_id", "item_code", "external_system", "external_id", "sector"):
        del shown[name]
    texts = {name: masked_text(shown[name]) for name in ("joint_basis", "item", "decision", "offline_reason")}
    lists = {name: cast(masked_text(cast(func.to_json(shown[name]), Text)), JSON) for name in ("officers", "legal_bases")}
    return (
        shown
        | texts
        | lists
        | {
            "masked": literal(True),  # a value of the answer, no switch
            "case_no": number.correlate(CaseFile).scalar_subquery(),
            "party": answers.json_object({"kind": CaseFile.party_kind, "name_masked": literal("***", Text)}),
        }
    )


def _computed(column: Any) -> ColumnElement[Any]:
    """What the last check of this very version came to; nothing for the seconds in which a file waits for its check."""
    same = (CHECK.case_file_id == CaseFile.id, CHECK.case_version == CaseFile.version)
    return select(column).where(*same).correlate(CaseFile).scalar_subquery()


def _computed_by(column: ColumnElement[date], type_: Any) -> reads.Filter:
    """Files whose computed day is the value or earlier, found by that day."""
    return reads.Filter(type_, lambda value: CaseFile.id.in_(select(CHECK.case_file_id).where(column <= value).correlate(None)))


def _fields(who: Principal) -> dict[str, Any]:
    plain = (
        "id", "district_id", "unit_id", "case_no", "case_number_id", "kind", "procedure", "state", "officers", "joint_basis",
        "item", "item_code", "legal_bases", "filed_on", "decided_on", "decision", "amount_fen", "closed_on", "archived_on",
        "sector", "act_ended_on", "discovered_on", "grave_harm", "offline_reason", "obstacle_ended_on", "keyed_in_on",
        "external_system", "external_id", "version",
    )  # fmt: skip
    return {name: getattr(CaseFile, name) for name in plain} | {
        "party": PARTY,
        "archive_due_on": _computed(CHECK.archive_due_on),
        "retention_until": _computed(CHECK.retention_until),
        "permanent": _computed(func.nullif(CHECK.permanent, false())),
        "created_at": answers.moment(CaseFile.created_at),
        "updated_at": answers.moment(CaseFile.updated_at),
        "allowed_actions": allowed_actions(who),
    }


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of case files: by district and unit, and for reviewers while they are assigned."""
    assigned = or_(visibility.assigned(who, OBJECT, CaseFile.id), visibility.assigned(who, MASKED, CaseFile.id))
    return visibility.within(who, district=CaseFile.district_id, unit=CaseFile.unit_id, assigned=assigned)


TELLING: Final = ("unit_id", "case_no", "item_code", "external_system", "external_id")


def _telling(plain: reads.Filter) -> reads.Filter:
    """A filter by what is masked tells as much as the field, so it finds no file that the caller sees masked."""

    def found(value: Any, who: Principal) -> ColumnElement[bool]:
        return and_(plain.predicate(value), ~is_masked(who)) if Role.REVIEWER in who.roles else plain.predicate(value)

    return reads.Filter(plain.type, found, by_caller=True)


def _word(place: int) -> reads.Filter:
    """A word stands in the item, the number or an organisation's name, or, for those who may see it, in a person's name."""

    def found(word: Any, who: Principal) -> ColumnElement[bool]:
        signs, ours, older = (bindparam(f"{name}_{place}", None, type_=ARRAY(Integer)) for name in ("signs", "ours", "older"))
        firm = case((CaseFile.party_kind == "legal", CaseFile.party_name_shown))
        texts = (CaseFile.item, CaseFile.case_no, firm)
        read = or_(*(func.strpos(func.cases.search_text(text), word) > 0 for text in texts))
        public = and_(CaseFile.words.contains(signs), read, *([~is_masked(who)] if Role.REVIEWER in who.roles else []))
        if who.admitted(access.PARTIES_DISCLOSE.grants) is None:
            return public
        named = or_(CaseFile.party_signs.contains(ours), CaseFile.party_signs.contains(older))
        return or_(public, and_(named, visibility.under(who, access.PARTIES_DISCLOSE, **PLACE)))

    return reads.Filter(Text(), found, by_caller=True)


FILES = reads.Listing(
    body=row_for,
    visible_to=visible_to,
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
        "archive_due_on__lte": _computed_by(CHECK.archive_due_on, Date()),
        "retention_until__lte": _computed_by(CHECK.retention_until, Date()),
        "officer_id": _telling(reads.Filter(CaseFile.id.type, lambda officer: CaseFile.officers.contains(array([officer])))),
    }
    | {f"word_{place}": _word(place) for place in range(searching.MOST_WORDS)},
)
FILE = reads.Single(body=body_for, version=CaseFile.version, key=CaseFile.id, visible_to=visible_to)


async def page(
    read: Reader, who: Principal, wanted: CaseFileFilter, start: pagination.Start | None, digests: Sequence[searching.Digest]
) -> pagination.Page:
    """A page of the list. `digests` make the signs of names, those of new values first. Raises BadInput (words)."""
    if wanted.q is None:
        return await FILES.page(read, who, wanted, start)
    words = searching.words_of(wanted.q)
    facets = searching.facets_of(wanted.unit_id, wanted.kind, wanted.filed_on__gte, wanted.filed_on__lte)
    given = wanted.model_dump() | {f"word_{place}": word for place, word in enumerate(words)}
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        places[f"signs_{place}"] = searching.public_signs(word, facets)
        places[f"ours_{place}"], places[f"older_{place}"] = (
            searching.name_signs(word, digest) for digest in (digests[0], digests[-1])
        )
    return await FILES.page(read, who, CaseFileSearch.model_construct(**given), start, **places)


def may_search_names(who: Principal) -> bool:
    """Whether a search of this caller looks into persons' names, in files where they may be shown in clear."""
    return who.admitted(access.PARTIES_DISCLOSE.grants) is not None


async def masked_told(connection: Reader | Session, who: Principal, case_file_id: UUID, told: str) -> str | None:
    """What was told of a file as a reviewer reads it who is not to know whose it is; None for everybody else."""
    if Role.REVIEWER not in who.roles:
        return None
    found = select(masked_text(told)).where(CaseFile.id == case_file_id, is_masked(who))
    return (await connection.execute(found)).scalar_one_or_none()


async def moves(
    read: Reader, who: Principal, case_file_id: UUID, wanted: pagination.PageQuery, start: pagination.Start | None
) -> pagination.Page:
    """A page of a file's history; empty when the caller may not see the file."""
    seen = select(CaseFile.id).where(CaseFile.id == case_file_id, visible_to(who))
    masked = answers.json_object(MOVES | {"reason": masked_text(CaseMove.reason), "account_id": null()})
    found = select(unless_masked(who, MOVE, masked)).join(CaseFile, CaseFile.id == CaseMove.case_file_id)
    found = found.where(CaseMove.case_file_id.in_(seen))
    order = pagination.Order((CaseMove.recorded_at, CaseMove.id), descending=False)
    return await pagination.read(read, found, order, wanted, start)


async def one_for_update(session: Session, who: Principal, case_file_id: UUID, version: int | None) -> CaseFile:
    """The row, locked; NotFound, Stale. Without a version, for what hangs on a file and leaves the file itself alone."""
    statement = select(CaseFile).where(CaseFile.id == case_file_id, visible_to(who)).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    if version is not None:
        preconditions.expect(found.version, version)
    return found


async def one_row(session: Session, who: Principal, case_file_id: UUID) -> CaseFile:
    """The row as it stands; NotFound."""
    statement = select(CaseFile).where(CaseFile.id == case_file_id, visible_to(who))
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    return found


async def steps(session: Session, case_file_ids: Collection[UUID]) -> Sequence[CaseStep]:
    """The steps of these files."""
    return (await session.execute(select(CaseStep).where(CaseStep.case_file_id.in_(case_file_ids)))).scalars().all()


async def align_steps(session: Session, file: CaseFile, now: datetime, facts: Facts = NOTHING) -> None:
    """Makes the steps that follow from the file's own days agree with them; notes and facts on them stay or are renewed."""
    wanted = contents.kept_days(file)
    for row in await steps(session, [file.id]):
        if row.step in contents.KEPT and (on := wanted.pop(StepName(row.step), None)) is not None:
            row.happened_on = on
            row.fields = dict(facts.get(row.step) or row.fields)
        elif row.step in contents.KEPT:
            await session.delete(row)
    session.add_all(step_row(file.id, step, on, now, fields=facts.get(step)) for step, on in wanted.items())


def step_row(
    case_file_id: UUID, step: str, on: date, now: datetime, note: str | None = None, fields: Mapping[str, Any] | None = None
) -> CaseStep:
    """A new step."""
    return CaseStep(
        id=ids.new_id(),
        case_file_id=case_file_id,
        step=step,
        happened_on=on,
        note=note,
        fields=dict(fields or {}),
        created_at=now,
    )


def touch(file: CaseFile, now: datetime) -> None:
    """Moves the version on although only what hangs on the file has changed."""
    file.updated_at = now
    flag_modified(file, "updated_at")
