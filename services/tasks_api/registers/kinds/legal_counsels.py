"""公职律师和法律顾问: how many a unit has, in numbers (plan task 22)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.registers.kinds import Kind
from services.tasks_api import access


class LegalCounsel(fields.In):
    """The numbers as of a day."""

    as_of: Annotated[fields.Day, Field(description="统计之日。")]
    public_lawyers: Annotated[fields.Whole, Field(description="公职律师人数。")]
    counsels: Annotated[fields.Whole, Field(description="法律顾问人数。")]
    consultations: Annotated[fields.Whole | None, Field(description="本年度参与执法事项件数。")] = None


KIND = Kind(
    key="legal-counsels",
    path="/v1/registers/legal-counsels/records",
    title="公职律师和法律顾问",
    facts=LegalCounsel,
    day="as_of",
    grants=access.register("legal_counsels", access.DISTRICT_OR_OWN_UNITS),
    tasks=(22,),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "as_of": "2025-06-30",
        "public_lawyers": 1,
        "counsels": 2,
        "consultations": 15,
    },
)
