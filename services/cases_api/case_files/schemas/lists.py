"""Case files as read, one and in lists, and the filters of the lists; moves of their history."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.case_files.rules.contents import OfflineReason, Procedure
from services.cases_api.case_files.rules.states import State
from services.cases_api.case_files.schemas.bodies import ExternalCode, Item, ItemCode, JointBasis, LegalBases, Officers
from services.cases_api.case_files.schemas.parties import PartyOut
from services.cases_api.case_numbers.schemas import CaseNo
from services.cases_api.kinds import CaseKind
from services.cases_api.step_forms.schemas.union import StepOut
from services.kit import fields
from services.kit.pagination import PageQuery

STATES = "|".join(State)


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
