"""执法责任制: who in an organ answers for which power (plan task 16)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access


class ResponsibilityList(fields.In):
    """One edition of an organ's list."""

    adopted_on: Annotated[fields.Day, Field(description="制定或调整之日。")]
    title: Annotated[fields.Line, Field(description="名称。")]
    posts: Annotated[fields.Whole, Field(ge=1, description="执法岗位数。")]
    powers: Annotated[fields.Whole, Field(ge=1, description="分解的职权数。")]
    published_on: Annotated[fields.Day | None, Field(description="公布之日。")] = None
    address: Annotated[fields.Line | None, Field(description="公布网址或位置。")] = None


def checks(draft: Draft[ResponsibilityList]) -> Sequence[Fault]:
    """Adopted, then made public and where."""
    facts = draft.facts
    return [
        *faults.of_order(("adopted_on", facts.adopted_on), ("published_on", facts.published_on)),
        *faults.of_future(draft.today, ("published_on", facts.published_on)),
        *faults.of_missing(facts.published_on is not None, [("address", facts.address)]),
    ]


KIND = Kind(
    key="responsibility-lists",
    path="/v1/registers/responsibility-lists/records",
    title="行政执法责任清单",
    facts=ResponsibilityList,
    day="adopted_on",
    grants=access.register("responsibility_lists", access.EVERYONE_IN_DISTRICT),
    tasks=(16,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "adopted_on": "2025-01-20",
        "title": "行政执法责任分解清单（演示）",
        "posts": 24,
        "powers": 128,
        "published_on": "2025-02-01",
        "address": "区政府门户网站（演示）",
    },
)
