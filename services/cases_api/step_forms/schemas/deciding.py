"""Steps from the notice to the decision."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.step_forms.rules import (
    Element,
    NoticeContent,
    Opinion,
    Outcome,
    PenaltyKind,
    ReviewGround,
    StepName,
)
from services.cases_api.step_forms.schemas.base import StepBase
from services.kit import fields

Penalties = Annotated[list[PenaltyKind], Field(min_length=1, max_length=13, description="处罚种类。")]


class NoticeStep(StepBase):
    """The notice before a decision (行政处罚事先告知, 听证告知); `on` is the day it reached the party."""

    step: Literal[StepName.NOTICE]
    contents: Annotated[list[NoticeContent], Field(max_length=6, description="告知书载明的内容。")] | None = None
    penalties: Penalties | None = None
    fine_fen: Annotated[fields.Fen | None, Field(description="拟罚款金额，分。")] = None
    confiscation_fen: Annotated[fields.Fen | None, Field(description="拟没收金额，分。")] = None
    waived_on: Annotated[fields.Day | None, Field(description="当事人书面放弃陈述申辩和听证之日。")] = None


class StatementStep(StepBase):
    """Statement and defence (陈述申辩) and what became of it (复核)."""

    step: Literal[StepName.STATEMENT]
    made: Annotated[fields.Flag | None, Field(description="当事人是否提出陈述申辩。")] = None
    reviewed_on: Annotated[fields.Day | None, Field(description="复核之日。")] = None
    accepted: fields.Flag | None = None
    new_facts: Annotated[fields.Flag | None, Field(description="复核或再调查中发现新的违法事实。")] = None


class HearingRequestStep(StepBase):
    """The party asks for a hearing (申请听证)."""

    step: Literal[StepName.HEARING_REQUEST]
    accepted: fields.Flag | None = None
    withdrawn_on: fields.Day | None = None


class HearingNoticeStep(StepBase):
    """Time and place of the hearing told (听证通知)."""

    step: Literal[StepName.HEARING_NOTICE]
    hearing_on: Annotated[fields.Day | None, Field(description="通知的听证日期。")] = None


class HearingStep(StepBase):
    """The hearing (听证): who held it, whether it was public, whether the record was signed."""

    step: Literal[StepName.HEARING]
    host_id: Annotated[fields.Id | None, Field(description="听证主持人，须非本案调查人员（第64条）。")] = None
    public: fields.Flag | None = None
    record_signed: fields.Flag | None = None


class LegalReviewStep(StepBase):
    """Legal review of a major decision (重大执法决定法制审核)."""

    step: Literal[StepName.LEGAL_REVIEW]
    reviewer_id: Annotated[fields.Id | None, Field(description="审核人员，须未办理本案。")] = None
    opinion: Opinion | None = None
    first_time: Annotated[fields.Flag | None, Field(description="审核人员是否初次从事法制审核。")] = None
    qualified: Annotated[fields.Flag | None, Field(description="审核人员是否取得法律职业资格。")] = None


class CollectiveDiscussionStep(StepBase):
    """Leaders decide together (负责人集体讨论)."""

    step: Literal[StepName.COLLECTIVE_DISCUSSION]
    participants: Annotated[fields.Whole | None, Field(ge=1, le=200, description="参加讨论的负责人数。")] = None
    recorded: Annotated[fields.Flag | None, Field(description="是否有讨论记录。")] = None


class DecisionFacts(fields.In):
    """What a decision holds (行政处罚法第34条, 第57条, 第58条, 第59条)."""

    outcome: Outcome | None = None
    penalties: Penalties | None = None
    fine_fen: Annotated[fields.Fen | None, Field(description="罚款金额，分。")] = None
    confiscation_fen: Annotated[fields.Fen | None, Field(description="没收违法所得、非法财物金额，分。")] = None
    elements: Annotated[list[Element], Field(max_length=6, description="决定书载明的要素（第59条）。")] | None = None
    discretion_explained: Annotated[fields.Flag | None, Field(description="决定书是否说明裁量基准的适用。")] = None
    review_grounds: (
        Annotated[list[ReviewGround], Field(max_length=4, description="须法制审核的情形；空列表表示不属于任何情形。")] | None
    ) = None
    major: Annotated[fields.Flag | None, Field(description="是否情节复杂或重大违法给予较重处罚，须集体讨论（第57条）。")] = None
    benchmark_id: Annotated[fields.Id | None, Field(description="所适用的裁量权基准版本。")] = None
    benchmark: Annotated[fields.Line | None, Field(description="所适用的裁量权基准名称与档次。")] = None
    benchmark_from: Annotated[fields.Day | None, Field(description="该基准版本施行之日。")] = None
    benchmark_to: Annotated[fields.Day | None, Field(description="该基准版本失效之日（当日仍有效）。")] = None
    band_key: Annotated[fields.Code | None, Field(description="所适用的档次代码；填写 benchmark_id 时按登记的基准核对。")] = None
    band_low_fen: Annotated[fields.Fen | None, Field(description="该档次罚款下限，分。零幅度时与上限相等。")] = None
    band_high_fen: Annotated[fields.Fen | None, Field(description="该档次罚款上限，分。")] = None
    lighter_applied: Annotated[
        fields.Flag | None, Field(description="新规定处罚较轻或者不认为违法而适用新规定（第37条，从旧兼从轻）。")
    ] = None
    lenient_item_id: Annotated[fields.Id | None, Field(description="不予处罚所依据的清单事项。")] = None
    first_offence: Annotated[fields.Flag | None, Field(description="是否初次违法（第33条）。")] = None
    harm_slight: Annotated[fields.Flag | None, Field(description="危害后果是否轻微（第33条）。")] = None
    corrected: Annotated[fields.Flag | None, Field(description="是否及时改正（第33条）。")] = None
    performance_until: Annotated[fields.Day | None, Field(description="决定书载明的履行期限。")] = None


class DecisionStep(DecisionFacts, StepBase):
    """The decision (决定)."""

    step: Literal[StepName.DECISION]
