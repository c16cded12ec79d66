"""Putting the legal check beside the sheet; nothing is written."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases_api.legal_checks import actions as legal_checks
from services.cases_api.review_hints import queries, rules
from services.cases_api.review_hints.schemas import HintsOut
from services.kit.db import Reader
from services.kit.principal import Principal


async def hints_of(read: Reader, who: Principal, review_id: UUID, now: datetime) -> HintsOut:
    """The hints of a review, masked where its unit is hidden. Raises NotFound."""
    case_file_id, rubric = await queries.ground(read, who, review_id)
    checked = (await legal_checks.defects_of(read, who, case_file_id, now)).model_dump(mode="json", exclude_none=True)
    found = {each["rule"]: each for each in (*checked["items"], *checked["undecidable"])}
    told = {
        "review_id": review_id,
        "case_file_id": case_file_id,
        "checked_on": checked["checked_on"],
        "items": rules.beside(rubric, found, checked["clean"]),
    }
    return HintsOut.model_validate(told)
