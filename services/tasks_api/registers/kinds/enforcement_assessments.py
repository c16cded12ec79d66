"""评议考核: the yearly assessment of how an organ enforces, and what follows from it (plan tasks 16, 18)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields, grants
from services.kit.registers.kinds import Kind
from services.kit.registers.words import Word
from services.tasks_api import access


class EnforcementAssessmentGrade(Word):
    """Grades of the assessment."""

    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"


class EnforcementAssessment(fields.In):
    """The assessment of one unit."""

    assessed_on: Annotated[fields.Day, Field(description="考核之日。")]
    assessed_year: Annotated[fields.Year, Field(description="考核年度。")]
    score: Annotated[fields.Points, Field(description="得分。")]
    grade: Annotated[EnforcementAssessmentGrade, Field(description="等次。")]
    use_of_result: Annotated[fields.Prose | None, Field(description="结果运用。")] = None


KIND = Kind(
    key="enforcement-assessments",
    path="/v1/registers/enforcement-assessments/records",
    title="行政执法评议考核",
    facts=EnforcementAssessment,
    day="assessed_on",
    filters=("assessed_year", "grade"),
    grants=access.register("enforcement_assessments", access.DISTRICT_OR_OWN_UNITS, grants.BUREAU),
    tasks=(16, 18),
    once=("assessed_year",),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "assessed_on": "2025-01-18",
        "assessed_year": 2024,
        "score": 91.5,
        "grade": "good",
    },
)
