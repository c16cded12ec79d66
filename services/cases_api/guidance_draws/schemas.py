"""Bodies of drawing the cases of a round of guidance."""

from __future__ import annotations

from services.cases_api.draws.schemas import Quota
from services.kit import fields


class CaseSubstituteIn(fields.In):
    """A case that cannot be guided, and why."""

    case_file_id: fields.Id
    reason: fields.Line


class ShareGrowIn(fields.In):
    """A greater share of each township's cases, and why."""

    quota: Quota
    reason: fields.Line
