"""A case file as JSON made by the database, nothing of a person in clear."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import JSON, ColumnElement, Text, and_, case, cast, false, func, literal, null, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by, array

from services.cases_api import access
from services.cases_api.case_files import external
from services.cases_api.case_files.queries import masking
from services.cases_api.case_files.rules import states
from services.cases_api.case_files.rules.states import Verb
from services.cases_api.case_files.tables import CaseFile, CaseMove, CaseStep
from services.cases_api.case_numbers.tables import CaseNumber
from services.kit import answers, visibility
from services.kit.principal import Principal

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
        case(
            (and_(CaseFile.state.in_(sorted(needed)), visibility.under(who, right, **masking.PLACE)), literal(str(action), Text))
        )
        for action, needed, right in ACTIONS
        if who.admitted(right.grants) is not None
    ]
    return func.to_json(func.array_remove(cast(array(parts), ARRAY(Text)), null()))


def row_for(who: Principal) -> ColumnElement[Any]:
    """A case file as it stands in lists; masked for whoever reviews it without knowing its unit."""
    return masking.unless_masked(who, answers.json_object(_fields(who)), answers.json_object(_masked_fields(who)))


def body_for(who: Principal) -> ColumnElement[Any]:
    """A case file with its steps."""
    masked = answers.json_object(
        _masked_fields(who) | {"steps": cast(masking.masked_text(cast(STEPS_WITHOUT_NUMBERS, Text)), JSON)}
    )
    return masking.unless_masked(who, answers.json_object(_fields(who) | {"steps": STEPS}), masked)


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
    texts = {name: masking.masked_text(shown[name]) for name in ("joint_basis", "item", "decision", "offline_reason")}
    lists = {name: cast(masking.masked_text(cast(func.to_json(shown[name]), Text)), JSON) for name in ("officers", "legal_bases")}
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
