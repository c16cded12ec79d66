"""Bodies of drawing the files of a round."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.cases_api.draws.schemas import Quota
from services.cases_api.review_rounds.schemas import Overrides
from services.kit import fields


class SubstituteIn(fields.In):
    """A file that cannot be reviewed, and why."""

    case_file_id: fields.Id
    reason: fields.Line


class GrowIn(fields.In):
    """Wider terms for the sample, and why. The first override that fits a stratum holds, else the quota."""

    quota: Quota
    overrides: Annotated[Overrides, Field(default_factory=list)]
    reason: fields.Line
