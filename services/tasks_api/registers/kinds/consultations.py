"""工作会商: meetings of the departments in their four forms (requirement 1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields, grants
from services.kit.registers import verify
from services.kit.registers.kinds import Kind
from services.kit.registers.words import Word
from services.tasks_api import access


class ConsultationForm(Word):
    """重大事项会商、定期会商、临时会商、联络员会商."""

    MAJOR_MATTER = "major_matter", "重大事项会商"
    REGULAR = "regular", "定期会商"
    AD_HOC = "ad_hoc", "临时会商"
    LIAISON = "liaison", "联络员会商"


class Consultation(fields.In):
    """One meeting."""

    held_on: Annotated[fields.Day, Field(description="会商之日。")]
    form: Annotated[ConsultationForm, Field(description="会商形式。")]
    topic: Annotated[fields.Line, Field(description="议题。")]
    member_unit_ids: Annotated[list[fields.Id], Field(min_length=1, max_length=100, description="参加单位。")]
    decisions: Annotated[fields.Prose, Field(description="议定事项。")]
    minutes_no: Annotated[fields.Line | None, Field(description="纪要编号。")] = None


KIND = Kind(
    key="consultations",
    path="/v1/registers/consultations/records",
    title="工作会商",
    facts=Consultation,
    day="held_on",
    filters=("form",),
    grants=access.register("consultations", access.EVERYONE_IN_DISTRICT, grants.BUREAU),
    requirements=(1,),
    verify=verify.units_named("member_unit_ids"),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "held_on": "2025-03-28",
        "form": "regular",
        "topic": "方案推进情况（演示）",
        "member_unit_ids": ["0192f0c8-0000-7000-8000-000000000102"],
        "decisions": "按季通报（演示）。",
    },
)
