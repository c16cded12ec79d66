"""Bodies of entries."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.cases_api.case_files.schemas.bodies import EXAMPLE, CaseFileIn
from services.kit import batches, fields


class CaseFileBatchIn(fields.In):
    """At most 500 files. One with an external id that is known already is brought up to date."""

    model_config = fields.example(
        {"items": [{**EXAMPLE, "external_system": "province", "external_id": "AJ-0001"}], "atomic": False}
    )

    items: list[CaseFileIn] = Field(min_length=1, max_length=batches.MOST)
    atomic: Annotated[fields.Flag, Field(description="任一项不能办理则全部不写入。")] = False
