"""平台接入: when a unit began to work on the provincial platform, and with what (令242; plan task 20)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.kit.registers.words import Word
from services.tasks_api import access


class PlatformOnboardingModule(Word):
    """The systems of the platform."""

    CASE_HANDLING = "case_handling", "执法办案"
    SUPERVISION = "supervision", "执法监督"
    PUBLICITY = "publicity", "执法公示"
    JOINT_INSPECTION = "joint_inspection", "综合查一次"
    MOBILE = "mobile", "移动端"


class PlatformOnboarding(fields.In):
    """A module taken into use by a unit."""

    onboarded_on: Annotated[fields.Day, Field(description="启用之日。")]
    module: Annotated[PlatformOnboardingModule, Field(description="启用的系统。")]
    officers_enabled: Annotated[fields.Whole, Field(description="已开通账号的执法人员数。")]
    data_exchanged: Annotated[fields.Flag, Field(description="是否实现数据共享、不再重复录入。")]
    stopped_on: Annotated[fields.Day | None, Field(description="停用之日。")] = None


def checks(draft: Draft[PlatformOnboarding]) -> Sequence[Fault]:
    """Not stopped before it began."""
    facts = draft.facts
    return [
        *faults.of_order(("onboarded_on", facts.onboarded_on), ("stopped_on", facts.stopped_on)),
        *faults.of_future(draft.today, ("stopped_on", facts.stopped_on)),
    ]


KIND = Kind(
    key="platform-onboardings",
    path="/v1/registers/platform-onboardings/records",
    title="执法平台接入",
    facts=PlatformOnboarding,
    day="onboarded_on",
    filters=("module",),
    grants=access.register("platform_onboardings", access.DISTRICT_OR_OWN_UNITS),
    tasks=(20,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "onboarded_on": "2024-06-01",
        "module": "case_handling",
        "officers_enabled": 9,
        "data_exchanged": True,
    },
)
