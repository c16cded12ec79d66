"""Bodies of case files: a whole file, a change, the days of a decision, closing and archiving."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from services.cases_api.case_files.rules.contents import OfflineReason, Procedure
from services.cases_api.case_files.schemas.parties import PartyIn
from services.cases_api.kinds import CaseKind
from services.cases_api.step_forms.schemas.deciding import DecisionFacts
from services.cases_api.step_forms.schemas.union import StepIn
from services.kit import fields

FiledOn = Annotated[fields.Day, Field(ge=date(2000, 1, 1), description="立案日期；案号年度随之。")]
Officers = Annotated[
    list[fields.Id],
    Field(min_length=1, max_length=20, description="承办人员；不足两名或无资格的，由合法性检查指出（行政处罚法第42条）。"),
]
LegalBases = Annotated[list[fields.Line], Field(min_length=1, max_length=20, examples=[["《福建省城乡规划条例》第七十九条"]])]
Item = Annotated[fields.Line, Field(description="执法事项。", examples=["对未取得建设工程规划许可证进行建设的处罚"])]
JointBasis = Annotated[fields.Line, Field(description="与其他单位人员联合执法的依据。", examples=["片区联合执法方案（示例）"])]
ItemCode = Annotated[fields.Code, Field(description="执法事项编码；赋权事项按编码认定，未填的按名称认定。")]
ExternalCode = Annotated[fields.Code, Field(description="省平台等外部系统中的标识。")]


class Circumstances(fields.In):
    """What is known around the act. The legal check needs it; what is left out is told as unknown, never guessed."""

    item_code: ItemCode | None = None
    sector: Annotated[
        fields.Code | None,
        Field(description="执法领域，决定适用的期限和标准；缺省适用一般规定。", examples=["market_regulation"]),
    ] = None
    act_ended_on: Annotated[
        fields.Day | None, Field(description="违法行为发生之日；连续或继续状态的，为终了之日（第36条）。")
    ] = None
    discovered_on: Annotated[fields.Day | None, Field(description="违法行为被发现之日；缺省为立案日期。")] = None
    grave_harm: Annotated[
        fields.Flag | None, Field(description="涉及公民生命健康安全、金融安全且有危害后果，追责时效为五年（第36条）。")
    ] = None
    offline_reason: Annotated[OfflineReason | None, Field(description="未在省平台线上办理的原因；线上办理的不填。")] = None
    obstacle_ended_on: Annotated[fields.Day | None, Field(description="不能线上办理的情形消除之日。")] = None
    keyed_in_on: Annotated[fields.Day | None, Field(description="补录至省平台之日；缺省为本系统录入之日。")] = None


EXAMPLE: Final[dict[str, Any]] = {
    "unit_id": "0192f0c8-0000-7000-8000-000000000102",
    "kind": "penalty",
    "procedure": "ordinary",
    "party": {"kind": "legal", "name": "示例商贸有限公司（虚构）"},
    "officers": ["0192f0c8-0000-7000-8000-000000000301", "0192f0c8-0000-7000-8000-000000000302"],
    "item": "占道经营（演示）",
    "legal_bases": ["《示例条例》第一条"],
    "filed_on": "2025-03-03",
    "act_ended_on": "2025-02-20",
    "steps": [
        {"step": "filing", "on": "2025-03-03", "approved": True, "approved_on": "2025-03-03"},
        {"step": "evidence", "on": "2025-03-05", "kind": "scene_record", "title": "现场检查笔录"},
    ],
}


class CaseFileIn(Circumstances):
    """A case file as entered or imported. Its number is a reserved one, or the next of the series."""

    model_config = fields.example(EXAMPLE)

    unit_id: fields.Id
    kind: CaseKind
    procedure: Procedure = Procedure.ORDINARY
    party: PartyIn
    officers: Officers
    joint_basis: JointBasis | None = None
    item: Item
    legal_bases: LegalBases
    steps: list[StepIn] = Field(default=[], max_length=200)
    filed_on: FiledOn
    decided_on: fields.Day | None = None
    decision: fields.Prose | None = None
    amount_fen: fields.Fen | None = None
    closed_on: Annotated[fields.Day | None, Field(description="须有结案权限。")] = None
    archived_on: Annotated[fields.Day | None, Field(description="须有结案权限。")] = None
    case_number_id: Annotated[fields.Id | None, Field(description="预留案号；缺省则自动取下一号。")] = None
    external_system: ExternalCode | None = None
    external_id: ExternalCode | None = None


class CaseFileChange(Circumstances):
    """What may change while the file is open; unit, kind, number and the year of filing stay."""

    model_config = fields.example(
        {"officers": ["0192f0c8-0000-7000-8000-000000000301", "0192f0c8-0000-7000-8000-000000000302"], "item": "占道经营（演示）"}
    )

    procedure: Procedure | None = None
    party: PartyIn | None = None
    officers: Officers | None = None
    joint_basis: JointBasis | None = None
    item: Item | None = None
    legal_bases: LegalBases | None = None
    filed_on: FiledOn | None = None
    decided_on: fields.Day | None = None
    decision: fields.Prose | None = None
    amount_fen: fields.Fen | None = None

    @field_validator("procedure", "party", "officers", "item", "legal_bases", "filed_on", "decided_on", mode="before")
    @classmethod
    def _not_emptied(cls, value: Any) -> Any:
        if value is None:
            raise PydanticCustomError("wrong_type", "wrong type")
        return value


class DecideIn(DecisionFacts):
    """The decision (处罚决定 or its like), its day, and what the document holds."""

    model_config = fields.example(
        {
            "decided_on": "2025-04-10",
            "decision": "罚款人民币五百元（演示）",
            "amount_fen": 50000,
            "outcome": "penalty",
            "penalties": ["fine"],
            "fine_fen": 50000,
            "elements": ["party", "facts_and_evidence", "kind_and_basis", "performance", "remedies", "organ_date_seal"],
            "discretion_explained": True,
            "review_grounds": [],
            "major": False,
        }
    )

    decided_on: fields.Day
    decision: Annotated[fields.Prose, Field(examples=["罚款人民币五千元"])]
    amount_fen: fields.Fen | None = None


class CloseIn(fields.In):
    """The day the case was closed (结案)."""

    model_config = fields.example({"closed_on": "2025-05-06"})

    closed_on: fields.Day


class ArchiveIn(fields.In):
    """The day the file went to the archive (归档)."""

    model_config = fields.example({"archived_on": "2025-05-20"})

    archived_on: fields.Day
