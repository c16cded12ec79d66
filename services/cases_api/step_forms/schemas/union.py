"""A step of any kind, told apart by `step`: as sent, and as read with its id."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from services.cases_api.step_forms.schemas import deciding, investigation, performance
from services.cases_api.step_forms.schemas.base import Kept

StepIn: TypeAlias = Annotated[
    investigation.FilingStep
    | investigation.EvidenceStep
    | investigation.RegistrationPreservationStep
    | investigation.SeizureStep
    | investigation.SeizureExtensionStep
    | investigation.ExtensionStep
    | investigation.ExclusionStep
    | investigation.InvestigationEndStep
    | deciding.NoticeStep
    | deciding.StatementStep
    | deciding.HearingRequestStep
    | deciding.HearingNoticeStep
    | deciding.HearingStep
    | deciding.LegalReviewStep
    | deciding.CollectiveDiscussionStep
    | deciding.DecisionStep
    | performance.DeliveryStep
    | performance.PublicityStep
    | performance.PublicityWithdrawalStep
    | performance.PaymentStep
    | performance.DeferralStep
    | performance.ReminderStep
    | performance.CourtApplicationStep
    | performance.TransferStep
    | performance.ClosingStep
    | performance.ArchivingStep,
    Field(
        discriminator="step",
        examples=[
            {"step": "evidence", "on": "2025-03-05", "kind": "scene_record", "title": "现场检查笔录", "certificates_shown": True},
            {
                "step": "notice",
                "on": "2025-03-24",
                "contents": ["proposed_penalty", "facts", "reasons", "basis", "statement_right"],
                "penalties": ["fine"],
                "fine_fen": 50_000,
            },
            {"step": "delivery", "on": "2025-04-14", "manner": "direct", "receipt": True},
        ],
    ),
]


class FilingStepOut(investigation.FilingStep, Kept):
    """Filing as read."""


class EvidenceStepOut(investigation.EvidenceStep, Kept):
    """Evidence as read."""


class RegistrationPreservationStepOut(investigation.RegistrationPreservationStep, Kept):
    """RegistrationPreservation as read."""


class SeizureStepOut(investigation.SeizureStep, Kept):
    """Seizure as read."""


class SeizureExtensionStepOut(investigation.SeizureExtensionStep, Kept):
    """SeizureExtension as read."""


class ExtensionStepOut(investigation.ExtensionStep, Kept):
    """Extension as read."""


class ExclusionStepOut(investigation.ExclusionStep, Kept):
    """Exclusion as read."""


class InvestigationEndStepOut(investigation.InvestigationEndStep, Kept):
    """InvestigationEnd as read."""


class NoticeStepOut(deciding.NoticeStep, Kept):
    """Notice as read."""


class StatementStepOut(deciding.StatementStep, Kept):
    """Statement as read."""


class HearingRequestStepOut(deciding.HearingRequestStep, Kept):
    """HearingRequest as read."""


class HearingNoticeStepOut(deciding.HearingNoticeStep, Kept):
    """HearingNotice as read."""


class HearingStepOut(deciding.HearingStep, Kept):
    """Hearing as read."""


class LegalReviewStepOut(deciding.LegalReviewStep, Kept):
    """LegalReview as read."""


class CollectiveDiscussionStepOut(deciding.CollectiveDiscussionStep, Kept):
    """CollectiveDiscussion as read."""


class DecisionStepOut(deciding.DecisionStep, Kept):
    """Decision as read."""


class DeliveryStepOut(performance.DeliveryStep, Kept):
    """Delivery as read."""


class PublicityStepOut(performance.PublicityStep, Kept):
    """Publicity as read."""


class PublicityWithdrawalStepOut(performance.PublicityWithdrawalStep, Kept):
    """PublicityWithdrawal as read."""


class PaymentStepOut(performance.PaymentStep, Kept):
    """Payment as read."""


class DeferralStepOut(performance.DeferralStep, Kept):
    """Deferral as read."""


class ReminderStepOut(performance.ReminderStep, Kept):
    """Reminder as read."""


class CourtApplicationStepOut(performance.CourtApplicationStep, Kept):
    """CourtApplication as read."""


class TransferStepOut(performance.TransferStep, Kept):
    """Transfer as read."""


class ClosingStepOut(performance.ClosingStep, Kept):
    """Closing as read."""


class ArchivingStepOut(performance.ArchivingStep, Kept):
    """Archiving as read."""


StepOut: TypeAlias = Annotated[
    FilingStepOut
    | EvidenceStepOut
    | RegistrationPreservationStepOut
    | SeizureStepOut
    | SeizureExtensionStepOut
    | ExtensionStepOut
    | ExclusionStepOut
    | InvestigationEndStepOut
    | NoticeStepOut
    | StatementStepOut
    | HearingRequestStepOut
    | HearingNoticeStepOut
    | HearingStepOut
    | LegalReviewStepOut
    | CollectiveDiscussionStepOut
    | DecisionStepOut
    | DeliveryStepOut
    | PublicityStepOut
    | PublicityWithdrawalStepOut
    | PaymentStepOut
    | DeferralStepOut
    | ReminderStepOut
    | CourtApplicationStepOut
    | TransferStepOut
    | ClosingStepOut
    | ArchivingStepOut,
    Field(discriminator="step"),
]
