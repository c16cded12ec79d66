"""Steps from delivery to the archive."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.step_forms.rules import (
    Delivered,
    Ending,
    Manner,
    OnSpotGround,
    Receiver,
    Relief,
    StepName,
    WithdrawalCause,
)
from services.cases_api.step_forms.schemas.base import StepBase
from services.kit import fields


class DeliveryStep(StepBase):
    """Delivery (送达); `on` is the day it counts as delivered."""

    step: Literal[StepName.DELIVERY]
    document: Annotated[Delivered | None, Field(description="送达的文书；缺省为决定书。")] = None
    manner: Manner | None = None
    receipt: Annotated[fields.Flag | None, Field(description="是否有送达回证或其他送达凭证。")] = None
    consent: Annotated[fields.Flag | None, Field(description="电子送达：当事人是否签订同意确认书（第61条）。")] = None
    announced_on: Annotated[fields.Day | None, Field(description="公告送达：发出公告之日，满三十日视为送达。")] = None


class PublicityStep(StepBase):
    """The decision is made public (公示)."""

    step: Literal[StepName.PUBLICITY]
    place: Annotated[fields.Line | None, Field(examples=["闽执法公示平台（示例）"])] = None
    masked: Annotated[fields.Flag | None, Field(description="个人信息是否已隐去。")] = None


class PublicityWithdrawalStep(StepBase):
    """A published decision is withdrawn (撤回公示) within 3 working days of its end, with the reason (第48条)."""

    step: Literal[StepName.PUBLICITY_WITHDRAWAL]
    cause: WithdrawalCause | None = None
    cause_on: Annotated[fields.Day | None, Field(description="原决定被变更、撤销、确认违法或者无效之日。")] = None
    reason_published: fields.Flag | None = None


class PaymentStep(StepBase):
    """Money is paid (缴款), at the bank or on the spot."""

    step: Literal[StepName.PAYMENT]
    amount_fen: fields.Fen | None = None
    late_fee_fen: Annotated[fields.Fen | None, Field(description="其中加处罚款，分。")] = None
    late_days: Annotated[fields.Whole | None, Field(le=36_500, description="加处罚款计算的天数。")] = None
    on_spot: Annotated[fields.Flag | None, Field(description="是否当场收缴。")] = None
    ground: Annotated[OnSpotGround | None, Field(description="当场收缴的依据（第68条、第69条）。")] = None
    handed_to_organ_on: Annotated[fields.Day | None, Field(description="执法人员交至行政机关之日。")] = None
    handed_to_bank_on: Annotated[fields.Day | None, Field(description="行政机关缴付银行之日。")] = None
    receipt_no: Annotated[fields.Line | None, Field(max_length=100)] = None


class DeferralStep(StepBase):
    """The party may pay later or in parts (延期或者分期缴纳)."""

    step: Literal[StepName.DEFERRAL]
    form: Relief | None = None
    approved_on: fields.Day | None = None
    until: fields.Day | None = None


class ReminderStep(StepBase):
    """The party is reminded (催告) before the court is asked (行政强制法第54条)."""

    step: Literal[StepName.REMINDER]
    delivered_on: Annotated[fields.Day | None, Field(description="催告书送达之日；缺省为步骤日期。")] = None


class CourtApplicationStep(StepBase):
    """The court is asked to enforce the decision (申请法院强制执行, 行政强制法第53条)."""

    step: Literal[StepName.COURT_APPLICATION]
    court: fields.Line | None = None
    remedy_ended_on: Annotated[
        fields.Day | None, Field(description="复议、诉讼期限届满之日；缺省按决定送达之日起六个月计算。")
    ] = None


class TransferStep(StepBase):
    """The case or a clue goes to somebody else (移送)."""

    step: Literal[StepName.TRANSFER]
    to: Receiver | None = None
    crime_suspected: fields.Flag | None = None
    approved_on: fields.Day | None = None
    receipt_on: Annotated[fields.Day | None, Field(description="收到回执之日。")] = None


class ClosingStep(StepBase):
    """Closing (结案)."""

    step: Literal[StepName.CLOSING]
    ending: Ending | None = None
    approved_on: fields.Day | None = None


class ArchivingStep(StepBase):
    """Archiving (归档)."""

    step: Literal[StepName.ARCHIVING]
    archive_no: Annotated[fields.Line | None, Field(max_length=100, description="档号。")] = None
    pages: fields.Whole | None = None
