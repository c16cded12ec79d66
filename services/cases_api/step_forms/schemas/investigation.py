"""Steps from filing to the end of the investigation, with the measures on the way and the days that do not count."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.step_forms.rules import (
    Disposal,
    EvidenceKind,
    ExclusionReason,
    ExtensionBy,
    LimitKind,
    Measure,
    Source,
    StepName,
)
from services.cases_api.step_forms.schemas.base import StepBase
from services.kit import fields

Days = Annotated[fields.Whole, Field(ge=1, le=3_650)]


class FilingStep(StepBase):
    """Filing (立案): from which clue it came, and whether a leader approved it."""

    step: Literal[StepName.FILING]
    source: Source | None = None
    clue_on: Annotated[fields.Day | None, Field(description="发现线索或收到举报、移送之日。")] = None
    approved: Annotated[fields.Flag | None, Field(description="是否经负责人批准立案。")] = None
    approved_on: fields.Day | None = None


class EvidenceStep(StepBase):
    """A piece of evidence (证据), of one of the eight kinds."""

    step: Literal[StepName.EVIDENCE]
    kind: EvidenceKind | None = None
    title: Annotated[fields.Line | None, Field(examples=["现场检查笔录"])] = None
    certificates_shown: Annotated[fields.Flag | None, Field(description="是否出示执法证件（第55条）。")] = None
    lawful: Annotated[fields.Flag | None, Field(description="取得方式是否合法（第46条）。")] = None
    monitored: Annotated[fields.Flag | None, Field(description="是否由电子技术监控设备收集（第41条）。")] = None
    equipment_id: Annotated[fields.Id | None, Field(description="所用的电子技术监控设备。")] = None
    content_reviewed: Annotated[fields.Flag | None, Field(description="设备记录的内容是否经审核并符合要求（第41条）。")] = None
    told_on: Annotated[fields.Day | None, Field(description="将设备记录的违法事实告知当事人之日（第41条）。")] = None


class RegistrationPreservationStep(StepBase):
    """Registering things and leaving them in place (先行登记保存); to be dealt with in 7 working days (第56条)."""

    step: Literal[StepName.REGISTRATION_PRESERVATION]
    approved_on: fields.Day | None = None
    disposed_on: Annotated[fields.Day | None, Field(description="作出处理决定之日。")] = None
    disposal: Disposal | None = None


class SeizureStep(StepBase):
    """Sealing or seizing (查封、扣押), at most 30 days and 30 more (行政强制法第25条)."""

    step: Literal[StepName.SEIZURE]
    measure: Measure | None = None
    approved_on: fields.Day | None = None
    ended_on: Annotated[fields.Day | None, Field(description="解除或作出处理决定之日。")] = None
    disposal: Disposal | None = None


class SeizureExtensionStep(StepBase):
    """Extension of a seizure (延长查封、扣押期限), approved by a leader and told in writing."""

    step: Literal[StepName.SEIZURE_EXTENSION]
    days: Days | None = None
    approved_on: fields.Day | None = None
    told_on: fields.Day | None = None


class ExtensionStep(StepBase):
    """Extension of the time for deciding (延长办案期限)."""

    step: Literal[StepName.EXTENSION]
    days: Days | None = None
    by: ExtensionBy | None = None
    approved_on: fields.Day | None = None
    basis: Annotated[
        fields.Line | None, Field(description="准许延长的规定。", examples=["市场监督管理行政处罚程序规定第六十四条"])
    ] = None


class ExclusionStep(StepBase):
    """Days that do not count (不计入期限): from `on` up to and including `until`."""

    step: Literal[StepName.EXCLUSION]
    until: Annotated[fields.Day | None, Field(description="最后一个不计入的日期；缺省为尚未结束。")] = None
    reason: ExclusionReason | None = None
    limits: (
        Annotated[list[LimitKind], Field(min_length=1, max_length=2, description="不计入哪一期限；缺省为办案期限。")] | None
    ) = None
    told_on: Annotated[fields.Day | None, Field(description="书面告知当事人之日（行政强制法第25条）。")] = None


class InvestigationEndStep(StepBase):
    """The end of the investigation (调查终结) and its report."""

    step: Literal[StepName.INVESTIGATION_END]
    report: Annotated[fields.Flag | None, Field(description="是否制作调查终结报告。")] = None
    approved_on: fields.Day | None = None
