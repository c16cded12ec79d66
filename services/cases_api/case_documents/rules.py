"""Rules of documents. Pure."""

from __future__ import annotations

from enum import StrEnum


class DocumentType(StrEnum):
    """Kinds of documents in a case file (执法文书); the shares of their numbers are the unit's business."""

    FILING_APPROVAL = "filing_approval"
    INQUIRY_RECORD = "inquiry_record"
    SCENE_RECORD = "scene_record"
    EVIDENCE = "evidence"
    PRESERVATION_NOTICE = "preservation_notice"
    SEIZURE_DECISION = "seizure_decision"
    CORRECTION_ORDER = "correction_order"
    INVESTIGATION_REPORT = "investigation_report"
    PENALTY_NOTICE = "penalty_notice"
    HEARING_RIGHTS_NOTICE = "hearing_rights_notice"
    HEARING_NOTICE = "hearing_notice"
    HEARING_RECORD = "hearing_record"
    STATEMENT_RECORD = "statement_record"
    LEGAL_REVIEW_OPINION = "legal_review_opinion"
    DISCUSSION_RECORD = "discussion_record"
    PENALTY_DECISION = "penalty_decision"
    NO_PENALTY_DECISION = "no_penalty_decision"
    ON_THE_SPOT_DECISION = "on_the_spot_decision"
    LICENCE_DECISION = "licence_decision"
    DELIVERY_RECEIPT = "delivery_receipt"
    PAYMENT_RECEIPT = "payment_receipt"
    REMINDER = "reminder"
    TRANSFER_LETTER = "transfer_letter"
    CLOSING_APPROVAL = "closing_approval"
    AUDIO_VIDEO_INDEX = "audio_video_index"
    OTHER = "other"
