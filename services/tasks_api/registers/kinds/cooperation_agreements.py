"""协作机制: how supervision works together with inspection, reconsideration, litigation and others (plan task 17)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.registers.kinds import Kind
from services.kit.registers.words import Word
from services.tasks_api import access


class CooperationAgreementArea(Word):
    """The field that supervision meets."""

    RULE_OF_LAW_INSPECTION = "rule_of_law_inspection", "法治督察"
    GOVERNMENT_INSPECTION = "government_inspection", "政府督查"
    RECONSIDERATION = "reconsideration", "行政复议"
    LITIGATION = "litigation", "行政诉讼"
    PROCURATORATE = "procuratorate", "检察监督"
    POLICE = "police", "公安监督"
    OTHER = "other", "其他"


class CooperationAgreement(fields.In):
    """A paper agreed with a partner."""

    signed_on: Annotated[fields.Day, Field(description="建立之日。")]
    with_field: Annotated[CooperationAgreementArea, Field(description="协作领域。")]
    partner: Annotated[fields.Line, Field(description="协作单位。")]
    content: Annotated[fields.Prose, Field(description="协作内容。")]
    document_no: Annotated[fields.Line | None, Field(description="文号。")] = None
    clues_shared: Annotated[fields.Whole | None, Field(description="已共享线索数。")] = None


KIND = Kind(
    key="cooperation-agreements",
    path="/v1/registers/cooperation-agreements/records",
    title="监督协作机制",
    facts=CooperationAgreement,
    day="signed_on",
    filters=("with_field",),
    grants=access.register("cooperation_agreements", access.DISTRICT_OR_OWN_UNITS),
    tasks=(17,),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "signed_on": "2025-03-15",
        "with_field": "reconsideration",
        "partner": "区行政复议局（演示）",
        "content": "定期通报被纠错案件（演示）。",
    },
)
