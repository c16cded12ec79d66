"""政治学习: sessions by which enforcement staff study and party branches work (plan task 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers.kinds import Draft, Kind
from services.kit.registers.words import Word
from services.tasks_api import access
from services.tasks_api.registers import rules


class PoliticalStudyForm(Word):
    """How a session was held."""

    PARTY_MEETING = "party_meeting", "党组（党委）会议"
    CENTRE_GROUP = "centre_group", "理论中心组"
    BRANCH_ACTIVITY = "branch_activity", "支部活动"
    LECTURE = "lecture", "讲座"
    DISCUSSION = "discussion", "研讨"


class PoliticalStudy(fields.In):
    """One session: what was studied, in which form, by how many."""

    studied_on: Annotated[fields.Day, Field(description="学习之日。")]
    form: Annotated[PoliticalStudyForm, Field(description="学习形式。")]
    topic: Annotated[fields.Line, Field(description="学习主题。")]
    attendees: Annotated[fields.Whole, Field(ge=1, description="参加人数。")]
    officers: Annotated[fields.Whole, Field(description="其中行政执法人员人数。")]
    summary: Annotated[fields.Prose | None, Field(description="学习情况。")] = None


def checks(draft: Draft[PoliticalStudy]) -> Sequence[Fault]:
    """Officers are some of those who attended."""
    facts = draft.facts
    return [
        *rules.faults_of_part("officers", facts.officers, facts.attendees),
    ]


KIND = Kind(
    key="political-studies",
    path="/v1/registers/political-studies/records",
    title="政治学习记录",
    facts=PoliticalStudy,
    day="studied_on",
    filters=("form",),
    grants=access.register("political_studies", access.DISTRICT_OR_OWN_UNITS),
    tasks=(1,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "studied_on": "2025-03-12",
        "form": "branch_activity",
        "topic": "学习习近平法治思想（演示）",
        "attendees": 18,
        "officers": 12,
    },
)
