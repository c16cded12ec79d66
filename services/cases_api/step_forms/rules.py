"""Words of steps: kinds of events, and the closed lists their facts are taken from. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class StepName(StrEnum):
    """Dated events of a procedure, in the rough order of 行政处罚法 (2021) chapter 5."""

    FILING = "filing"
    EVIDENCE = "evidence"
    REGISTRATION_PRESERVATION = "registration_preservation"
    SEIZURE = "seizure"
    SEIZURE_EXTENSION = "seizure_extension"
    EXTENSION = "extension"
    EXCLUSION = "exclusion"
    INVESTIGATION_END = "investigation_end"
    NOTICE = "notice"
    STATEMENT = "statement"
    HEARING_REQUEST = "hearing_request"
    HEARING_NOTICE = "hearing_notice"
    HEARING = "hearing"
    LEGAL_REVIEW = "legal_review"
    COLLECTIVE_DISCUSSION = "collective_discussion"
    DECISION = "decision"
    DELIVERY = "delivery"
    PUBLICITY = "publicity"
    PUBLICITY_WITHDRAWAL = "publicity_withdrawal"
    PAYMENT = "payment"
    DEFERRAL = "deferral"
    REMINDER = "reminder"
    COURT_APPLICATION = "court_application"
    TRANSFER = "transfer"
    CLOSING = "closing"
    ARCHIVING = "archiving"


class EvidenceKind(StrEnum):
    """The eight kinds of evidence (行政处罚法第46条): 书证 物证 视听资料 电子数据 证人证言 当事人陈述 鉴定意见 勘验、现场笔录."""

    DOCUMENTARY = "documentary"
    PHYSICAL = "physical"
    AUDIO_VISUAL = "audio_visual"
    ELECTRONIC_DATA = "electronic_data"
    TESTIMONY = "testimony"
    PARTY_STATEMENT = "party_statement"
    EXPERT_OPINION = "expert_opinion"
    SCENE_RECORD = "scene_record"


class Source(StrEnum):
    """Where a case came from (案件来源)."""

    INSPECTION = "inspection"
    COMPLAINT = "complaint"
    REPORT = "report"
    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    MONITORING = "monitoring"
    OTHER = "other"


class Disposal(StrEnum):
    """What became of things kept or seized (处理结果)."""

    RETURNED = "returned"
    SEIZED = "seized"
    TESTED = "tested"
    TRANSFERRED = "transferred"
    CONFISCATED = "confiscated"
    DESTROYED = "destroyed"
    LIFTED = "lifted"


class Measure(StrEnum):
    """Sealing places, seizing things, freezing deposits (查封 扣押 冻结)."""

    SEALING = "sealing"
    DETENTION = "detention"
    FREEZING = "freezing"


class ExclusionReason(StrEnum):
    """Why days do not count: testing and the like, hearing, public notice, litigation, suspension (中止)."""

    TESTING = "testing"
    HEARING = "hearing"
    PUBLIC_NOTICE = "public_notice"
    LITIGATION = "litigation"
    SUSPENSION = "suspension"


class LimitKind(StrEnum):
    """Which limit an exclusion is about."""

    DECISION = "decision"
    SEIZURE = "seizure"


class ExtensionBy(StrEnum):
    """Who extended the time for deciding."""

    LEADER = "leader"
    COLLECTIVE = "collective"


class NoticeContent(StrEnum):
    """What a notice must tell (行政处罚法第44条, 第63条): 拟处罚内容 事实 理由 依据 陈述申辩权 听证权."""

    PROPOSED_PENALTY = "proposed_penalty"
    FACTS = "facts"
    REASONS = "reasons"
    BASIS = "basis"
    STATEMENT_RIGHT = "statement_right"
    HEARING_RIGHT = "hearing_right"


class PenaltyKind(StrEnum):
    """Kinds of penalties from light to heavy, as yearly statistics count them (domain: annual statistics)."""

    WARNING = "warning"
    PUBLIC_CRITICISM = "public_criticism"
    FINE = "fine"
    CONFISCATION = "confiscation"
    LICENCE_SUSPENSION = "licence_suspension"
    QUALIFICATION_DOWNGRADE = "qualification_downgrade"
    OPERATION_RESTRICTION = "operation_restriction"
    PRODUCTION_STOP = "production_stop"
    CLOSURE = "closure"
    PROFESSION_BAN = "profession_ban"
    LICENCE_REVOCATION = "licence_revocation"
    DETENTION = "detention"
    OTHER = "other"


class Outcome(StrEnum):
    """What was decided."""

    PENALTY = "penalty"
    NO_PENALTY = "no_penalty"
    FIRST_OFFENCE_SPARED = "first_offence_spared"
    NOT_ESTABLISHED = "not_established"
    TRANSFERRED = "transferred"
    GRANTED = "granted"
    REFUSED = "refused"
    OTHER = "other"


class Element(StrEnum):
    """The six elements of a decision (行政处罚法第59条)."""

    PARTY = "party"
    FACTS_AND_EVIDENCE = "facts_and_evidence"
    KIND_AND_BASIS = "kind_and_basis"
    PERFORMANCE = "performance"
    REMEDIES = "remedies"
    ORGAN_DATE_SEAL = "organ_date_seal"


class Opinion(StrEnum):
    """What a legal review came to (通过 修改后通过 不通过)."""

    PASSED = "passed"
    PASSED_WITH_CHANGES = "passed_with_changes"
    REFUSED = "refused"


class ReviewGround(StrEnum):
    """Why a decision needs legal review (行政处罚法第58条)."""

    PUBLIC_INTEREST = "public_interest"
    MAJOR_RIGHTS_AND_HEARING = "major_rights_and_hearing"
    COMPLEX = "complex"
    LAW_DEMANDS = "law_demands"


class Manner(StrEnum):
    """How a document was delivered: 直接 留置 邮寄 委托 转交 电子 公告."""

    DIRECT = "direct"
    LEFT = "left"
    MAIL = "mail"
    ENTRUSTED = "entrusted"
    FORWARDED = "forwarded"
    ELECTRONIC = "electronic"
    PUBLIC_NOTICE = "public_notice"


class Delivered(StrEnum):
    """Which document was delivered."""

    DECISION = "decision"
    NOTICE = "notice"
    HEARING_NOTICE = "hearing_notice"
    REMINDER = "reminder"
    OTHER = "other"


class WithdrawalCause(StrEnum):
    """Why a published decision had to go (行政处罚法第48条)."""

    CHANGED = "changed"
    REVOKED = "revoked"
    ILLEGAL = "illegal"
    VOID = "void"


class OnSpotGround(StrEnum):
    """Why money was taken on the spot (行政处罚法第68条, 第69条)."""

    SMALL_FINE = "small_fine"
    HARD_LATER = "hard_later"
    REMOTE_ON_REQUEST = "remote_on_request"


class Relief(StrEnum):
    """Later or in parts (延期 分期)."""

    DEFERRAL = "deferral"
    INSTALMENTS = "instalments"


class Receiver(StrEnum):
    """To whom a case or a clue was transferred."""

    POLICE = "police"
    PROCURATORATE = "procuratorate"
    DISCIPLINE = "discipline"
    OTHER_UNIT = "other_unit"


class Ending(StrEnum):
    """How a case ended (结案方式)."""

    PERFORMED = "performed"
    COURT_ENFORCED = "court_enforced"
    NO_PENALTY = "no_penalty"
    TRANSFERRED = "transferred"
    TERMINATED = "terminated"
    OTHER = "other"


# Days of a step that may lie ahead; every other day is a fact and lies in the past or is today.
PLANNED: Final = frozenset({"hearing_on", "until", "performance_until"})
# Facts that name officers.
OFFICER_FACTS: Final = ("host_id", "reviewer_id")
