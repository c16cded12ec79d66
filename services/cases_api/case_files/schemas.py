"""Bodies and answers of case files."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from services.cases_api.case_files.rules.contents import OfflineReason, Procedure
from services.cases_api.case_files.rules.parties import IdType, PartyKind
from services.cases_api.case_files.rules.states import State
from services.cases_api.case_numbers.schemas import CaseNo
from services.cases_api.kinds import CaseKind
from services.cases_api.step_forms.schemas.deciding import DecisionFacts
from services.cases_api.step_forms.schemas.union import StepIn, StepOut
from services.kit import fields
from services.kit.pagination import PageQuery

IdNumber = Annotated[str, Field(min_length=4, max_length=40, pattern="^[0-9A-Z()-]+$", examples=["350111199001010012"])]
Phone = Annotated[str, Field(min_length=5, max_length=20, pattern="^[+]?[0-9][0-9 -]+$")]
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
STATES = "|".join(State)


class PartyIn(fields.In):
    """The party of the case; stored encrypted, shown masked."""

    kind: PartyKind
    name: Annotated[fields.Line, Field(max_length=100, examples=["示例商贸有限公司"])]
    id_type: Annotated[IdType | None, Field(description="缺省：自然人为居民身份证，法人为统一社会信用代码。")] = None
    id_number: IdNumber | None = None
    phone: Phone | None = None
    address: fields.Line | None = None


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


class DisclosureIn(fields.In):
    """Why the party's data must be seen in clear; kept in the audit trail."""

    model_config = fields.example({"reason": "送达文书核对"})

    reason: Annotated[fields.Line, Field(examples=["送达文书核对"])]


class PartyOut(fields.Out):
    """The party as shown: a person's name and every number masked, an organisation's name in clear."""

    kind: PartyKind
    name_masked: fields.Line
    id_type: IdType | None = None
    id_number_masked: fields.Line | None = None


class PartyDisclosed(fields.Out):
    """The party in clear."""

    kind: PartyKind
    name: fields.Line
    id_type: IdType | None = None
    id_number: IdNumber | None = None
    phone: Phone | None = None
    address: fields.Line | None = None


class CaseFileRow(fields.Out):
    """A case file in a list; `masked` for a reviewer who is not to know whose it is."""

    id: fields.Id
    masked: Annotated[bool | None, Field(description="对评查人隐去单位、承办人员、案号字头和当事人。")] = None
    district_id: fields.Id
    unit_id: fields.Id | None = None
    case_no: CaseNo
    case_number_id: fields.Id | None = None
    kind: CaseKind
    procedure: Procedure
    state: State
    party: PartyOut
    officers: Officers
    joint_basis: JointBasis | None = None
    item: Item
    item_code: ItemCode | None = None
    legal_bases: LegalBases
    filed_on: fields.Day
    decided_on: fields.Day | None = None
    decision: fields.Prose | None = None
    amount_fen: fields.Fen | None = None
    closed_on: fields.Day | None = None
    archived_on: fields.Day | None = None
    sector: fields.Code | None = None
    act_ended_on: fields.Day | None = None
    discovered_on: fields.Day | None = None
    grave_harm: fields.Flag | None = None
    offline_reason: OfflineReason | None = None
    obstacle_ended_on: fields.Day | None = None
    keyed_in_on: fields.Day | None = None
    external_system: ExternalCode | None = None
    external_id: ExternalCode | None = None
    archive_due_on: Annotated[fields.Day | None, Field(description="应归档的最后一日，按归档期限设置计算。")] = None
    retention_until: Annotated[fields.Day | None, Field(description="保管期限届满之日，按类别、程序和结果的设置计算。")] = None
    permanent: Annotated[fields.Flag | None, Field(description="永久保管。")] = None
    version: fields.Whole
    created_at: fields.Moment
    updated_at: fields.Moment
    allowed_actions: list[fields.Code] = Field(max_length=10)


class CaseFileOut(CaseFileRow):
    """A case file with its steps, in the order of their days."""

    steps: list[StepOut] = Field(max_length=300)


class CaseFilePage(fields.Page[CaseFileRow]):
    """A page of case files."""


class CaseFileFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    kind: CaseKind | None = None
    procedure: Procedure | None = None
    state: State | None = None
    state__in: Annotated[str | None, Field(max_length=100, pattern=f"^({STATES})(,({STATES}))*$")] = None
    filed_on__gte: fields.Day | None = None
    filed_on__lte: fields.Day | None = None
    closed_on__gte: fields.Day | None = None
    closed_on__lte: fields.Day | None = None
    archive_due_on__lte: Annotated[fields.Day | None, Field(description="最迟应于该日归档的案卷。")] = None
    retention_until__lte: Annotated[fields.Day | None, Field(description="保管期限至迟于该日届满的案卷。")] = None
    item_code: fields.Code | None = None
    officer_id: fields.Id | None = None
    case_no: CaseNo | None = None
    external_system: ExternalCode | None = None
    external_id: ExternalCode | None = None
    q: Annotated[
        str | None,
        Field(
            min_length=2,
            max_length=60,
            pattern=r"^[^\x00-\x1f]+$",
            description="检索词，至多三个，以空格分隔，每个至少两个字；在事项、案号、单位当事人名称中查找，"
            "有权查看个人明文的，也在其权限内案卷的个人姓名中查找。身份证件号码不得作为检索词。",
            examples=["占道经营"],
        ),
    ] = None
    sort: Literal["filed_on", "-filed_on"] = "-filed_on"


class CaseFileSearch(CaseFileFilter):
    """The filters with the words of `q` told apart."""

    word_0: str | None = None
    word_1: str | None = None
    word_2: str | None = None


class CaseMoveOut(fields.Out):
    """One move of a file's history."""

    id: fields.Id
    action: Annotated[fields.Code, Field(examples=["decide"])]
    from_state: State | None = None
    to_state: State
    effective_on: fields.Day
    reason: fields.Line | None = None
    account_id: fields.Id | None = None
    recorded_at: fields.Moment


class CaseMovePage(fields.Page[CaseMoveOut]):
    """A page of moves."""


class CaseMoveFilter(PageQuery):
    """The history takes no filters of its own."""

    sort: Literal["recorded_at", "-recorded_at"] = "recorded_at"
