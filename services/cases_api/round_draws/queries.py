"""What a round is drawn from."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from services.cases_api.case_files.tables import CaseFile
from services.cases_api.review_rounds import rules
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.rubrics.rules import Reach
from services.kit.references import units


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
