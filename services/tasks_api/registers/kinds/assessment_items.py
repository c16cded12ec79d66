"""督察考核: the plan as an item of rule-of-law inspection and of assessment (requirement 2)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields, grants
from services.kit.registers.kinds import Kind
from services.kit.registers.words import Word
from services.tasks_api import access


class AssessmentItemScheme(Word):
    """法治政府建设督察, 依法行政考核."""

    RULE_OF_LAW_INSPECTION = "rule_of_law_inspection", "法治政府建设督察"
    LAW_BASED_ASSESSMENT = "law_based_assessment", "依法行政考核"


class AssessmentItem(fields.In):
    """One item of one year."""

    adopted_on: Annotated[fields.Day, Field(description="纳入之日。")]
    scheme: Annotated[AssessmentItemScheme, Field(description="类别：督察或考核。")]
    item: Annotated[fields.Line, Field(description="事项。")]
    weight: Annotated[fields.Points | None, Field(description="分值。")] = None


KIND = Kind(
    key="assessment-items",
    path="/v1/registers/assessment-items/records",
    title="督察考核事项",
    facts=AssessmentItem,
    day="adopted_on",
    filters=("scheme",),
    grants=access.register("assessment_items", access.EVERYONE_IN_DISTRICT, grants.BUREAU),
    requirements=(2,),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "adopted_on": "2025-02-10",
        "scheme": "law_based_assessment",
        "item": "行政执法质量提升（演示）",
        "weight": 5,
    },
)
