"""执法公示: when a decision was made public, and when it was withdrawn (国办发〔2018〕118号: penalties and licences within
7 working days, other decisions 20; 处罚法 art. 48: withdrawal within 3 working days; plan task 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.cases_api import access
from services.cases_api.case_records import queries
from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.kit.registers.words import Word


class Channel(Word):
    """Where it stands."""

    PROVINCIAL_PLATFORM = "provincial_platform", "省一体化执法平台"
    GOVERNMENT_SITE = "government_site", "政府网站"
    CREDIT_SITE = "credit_site", "信用网站"
    NOTICE_BOARD = "notice_board", "公告栏"


class PublicityRecord(fields.In):
    """Facts of one publication of a decision."""

    published_on: Annotated[fields.Day, Field(description="公示之日。")]
    case_file_id: Annotated[fields.Id, Field(description="所公示决定的案卷。")]
    channel: Annotated[Channel, Field(description="公示渠道。")]
    address: Annotated[fields.Line | None, Field(description="公示网址或位置。")] = None
    masked: Annotated[fields.Flag, Field(description="是否已隐去个人信息。")]
    overturned_on: Annotated[fields.Day | None, Field(description="决定被变更、撤销或确认违法、无效之日。")] = None
    withdrawn_on: Annotated[fields.Day | None, Field(description="撤回公示之日，应在三个工作日内。")] = None
    withdrawal_reason: Annotated[fields.Line | None, Field(description="撤回理由，须公开说明。")] = None


def checks(draft: Draft[PublicityRecord]) -> Sequence[Fault]:
    """A withdrawal follows the publication and says why."""
    facts = draft.facts
    return [
        *faults.of_order(("published_on", facts.published_on), ("withdrawn_on", facts.withdrawn_on)),
        *faults.of_order(("overturned_on", facts.overturned_on), ("withdrawn_on", facts.withdrawn_on)),
        *faults.of_future(draft.today, ("overturned_on", facts.overturned_on), ("withdrawn_on", facts.withdrawn_on)),
        *faults.of_missing(facts.withdrawn_on is not None, [("withdrawal_reason", facts.withdrawal_reason)]),
        *faults.of_numbers(("withdrawal_reason", facts.withdrawal_reason)),
    ]


KIND = Kind(
    key="publicity-records",
    path="/v1/publicity-records",
    title="执法决定公示记录",
    facts=PublicityRecord,
    day="published_on",
    subject="case_file_id",
    filters=("channel",),
    grants=access.SURROUNDINGS["publicity_records"],
    tasks=(9,),
    checks=checks,
    verify=queries.case_file_of_unit,
    lookups={"case_file_id": queries.CASE_NUMBER},
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "published_on": "2025-06-05",
        "case_file_id": "0192f0c8-0000-7000-8000-000000000201",
        "channel": "provincial_platform",
        "masked": True,
    },
)
