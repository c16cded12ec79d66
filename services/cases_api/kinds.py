"""Kinds of case files and of their documents, known to their numbers as well as to the files. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CaseKind(StrEnum):
    """Kinds of enforcement a case file (案卷) may record."""

    PENALTY = "penalty"
    LICENCE = "licence"
    COMPULSION = "compulsion"
    INSPECTION = "inspection"
    EXPROPRIATION = "expropriation"
    OTHER = "other"


# Two letters per kind inside case numbers (处罚, 许可, 强制, 检查, 征收征用, 其他); an assumed default.
LETTERS: Final[Mapping[CaseKind, str]] = {
    CaseKind.PENALTY: "CF",
    CaseKind.LICENCE: "XK",
    CaseKind.COMPULSION: "QZ",
    CaseKind.INSPECTION: "JC",
    CaseKind.EXPROPRIATION: "ZS",
    CaseKind.OTHER: "QT",
}


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


# The letters (代字) of each type inside document numbers: usual ones where they are known, else assumed, no two alike.
DOCUMENT_LETTERS: Final[Mapping[DocumentType, str]] = {
    DocumentType.FILING_APPROVAL: "立",
    DocumentType.INQUIRY_RECORD: "询",
    DocumentType.SCENE_RECORD: "勘",
    DocumentType.EVIDENCE: "证",
    DocumentType.PRESERVATION_NOTICE: "先登",
    DocumentType.SEIZURE_DECISION: "查扣",
    DocumentType.CORRECTION_ORDER: "责改",
    DocumentType.INVESTIGATION_REPORT: "调",
    DocumentType.PENALTY_NOTICE: "罚告",
    DocumentType.HEARING_RIGHTS_NOTICE: "听告",
    DocumentType.HEARING_NOTICE: "听通",
    DocumentType.HEARING_RECORD: "听录",
    DocumentType.STATEMENT_RECORD: "陈",
    DocumentType.LEGAL_REVIEW_OPINION: "法审",
    DocumentType.DISCUSSION_RECORD: "集讨",
    DocumentType.PENALTY_DECISION: "罚决",
    DocumentType.NO_PENALTY_DECISION: "不罚决",
    DocumentType.ON_THE_SPOT_DECISION: "当罚",
    DocumentType.LICENCE_DECISION: "许决",
    DocumentType.DELIVERY_RECEIPT: "送",
    DocumentType.PAYMENT_RECEIPT: "缴",
    DocumentType.REMINDER: "催",
    DocumentType.TRANSFER_LETTER: "移",
    DocumentType.CLOSING_APPROVAL: "结",
    DocumentType.AUDIO_VIDEO_INDEX: "音像",
    DocumentType.OTHER: "他",
}
