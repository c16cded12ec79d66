"""What a round is drawn from."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, literal_column, select, text
from sqlalchemy.dialects.postgresql import JSONB

from services.cases_api.case_files.tables import CaseFile
from services.cases_api.review_rounds import rules
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.rubrics.rules import Reach
from services.kit.db import Session
from services.kit.references import units

PATIENT = ("SET LOCAL statement_timeout = '15min'", "SET LOCAL idle_in_transaction_session_timeout = '15min'")


def frame_files(of: ReviewRound, reach: Reach) -> Select[Any]:
    """All closed files that match: file_id, id, stratum, and the reason of those left out by name."""
    assert of.sampling is not None
    case_no = func.regexp_replace(func.normalize(CaseFile.case_no, literal_column("NFKC")), r"\s", "", "g")
    slash = literal("/", Text)
    left_out = {each["case_file_id"]: each["reason"] for each in of.sampling["excluded"]}
    reason = literal(left_out, JSONB)[cast(CaseFile.id, Text)].astext
    found = (
        select(
            CaseFile.id.label("file_id"),
            (units.c.code + slash + case_no).label("id"),
            (units.c.code + slash + CaseFile.kind + slash + CaseFile.procedure).label("stratum"),
            reason.label("reason"),
        )
        .join(units, units.c.id == CaseFile.unit_id)
        .where(
            CaseFile.district_id == of.district_id,
            CaseFile.state.in_(sorted(rules.REVIEWABLE)),
            CaseFile.closed_on >= date.fromisoformat(of.sampling["closed_from"]),
            CaseFile.closed_on <= date.fromisoformat(of.sampling["closed_to"]),
        )
    )
    kinds = of.sampling.get("kinds") or reach.kinds
    procedures = of.sampling.get("procedures") or reach.procedures
    for column, wanted in ((CaseFile.kind, kinds), (CaseFile.procedure, procedures)):
        found = found if wanted is None else found.where(column.in_(sorted(wanted)))
    return found if of.unit_id is None else found.where(CaseFile.unit_id == of.unit_id)


async def is_large(session: Session, found: Select[Any], most: int) -> bool:
    """Whether a frame would hold more files than these."""
    beyond = select(func.count()).select_from(found.with_only_columns(CaseFile.id).limit(most + 1).subquery())
    return (await session.execute(beyond)).scalar_one() > most


async def be_patient(session: Session) -> None:
    """Lets the statements of this transaction take minutes, in a job that nobody waits for."""
    for setting in PATIENT:
        await session.execute(text(setting))
