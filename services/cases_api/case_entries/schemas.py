"""Bodies of entries."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.cases_api.case_files.schemas import CaseFileIn
from services.kit import batches, fields


class CaseFileBatchIn(fields.In):
    """At most 500 files. One with an external id that is known already is brought up to date."""

    model_config = fields.example(
        {
            "items": [
                {
                    "unit_id": "0192f0c8-0000-7000-8000-000000000102",
                    "kind": "penalty",
                    "procedure": "ordinary",
                    "party": {"kind": "legal", "name": "示例商贸有限公司（虚构）"},
                    "officers": ["0192f0c8-0000-7000-8000-000000000301", "0192f0c8-0000-7000-8000-000000000302"],
                    "item": "占道经营（演示）",
                    "legal_bases": ["《示例条例》第一条"],
                    "filed_on": "2025-03-03",
                    "act_ended_on": "2025-02-20",
                    "steps": [
                        {"step": "filing", "on": "2025-03-03", "approved": True, "approved_on": "2025-03-03"},
                        {"step": "evidence", "on": "2025-03-05", "kind": "scene_record", "title": "现场检查笔录"},
                    ],
                    "external_system": "province",
                    "external_id": "AJ-0001",
                }
            ],
            "atomic": False,
        }
    )

    items: list[CaseFileIn] = Field(min_length=1, max_length=batches.MOST)
    atomic: Annotated[fields.Flag, Field(description="任一项不能办理则全部不写入。")] = False
