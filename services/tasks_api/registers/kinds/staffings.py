"""执法力量: posts, people on them, and those sent down to townships (plan task 22)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access
from services.tasks_api.registers import rules


class Staffing(fields.In):
    """A unit's staff as of a day."""

    as_of: Annotated[fields.Day, Field(description="统计之日。")]
    posts: Annotated[fields.Whole, Field(description="执法编制数。")]
    on_post: Annotated[fields.Whole, Field(description="在岗执法人员数。")]
    certified: Annotated[fields.Whole, Field(description="其中持证人数。")]
    dedicated: Annotated[fields.Whole, Field(description="其中专岗专用人数。")]
    legal_reviewers: Annotated[fields.Whole, Field(description="法制审核人员数。")]
    seconded_down: Annotated[fields.Whole, Field(description="下沉乡镇（街道）人数。")]
    auxiliaries: Annotated[fields.Whole, Field(description="辅助人员数。")]


def checks(draft: Draft[Staffing]) -> Sequence[Fault]:
    """The certified and the dedicated are some of those on post."""
    facts = draft.facts
    return [
        *rules.faults_of_part("certified", facts.certified, facts.on_post),
        *rules.faults_of_part("dedicated", facts.dedicated, facts.on_post),
        *rules.faults_of_part("legal_reviewers", facts.legal_reviewers, facts.on_post),
    ]


KIND = Kind(
    key="staffings",
    path="/v1/registers/staffings/records",
    title="执法力量配备",
    facts=Staffing,
    day="as_of",
    grants=access.register("staffings", access.DISTRICT_OR_OWN_UNITS),
    tasks=(22,),
    enforcement_only=True,
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "as_of": "2025-06-30",
        "posts": 14,
        "on_post": 12,
        "certified": 11,
        "dedicated": 10,
        "legal_reviewers": 1,
        "seconded_down": 0,
        "auxiliaries": 6,
    },
)
