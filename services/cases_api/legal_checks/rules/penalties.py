"""The penalty of a case, as far as it is known. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.cases_api.legal_checks.rules.model import Case
from services.cases_api.step_forms.rules import PenaltyKind

WEIGHT: Final = {kind.value: place for place, kind in enumerate(PenaltyKind)}
KIND_WORDS: Final = {
    "warning": "警告",
    "public_criticism": "通报批评",
    "fine": "罚款",
    "confiscation": "没收",
    "licence_suspension": "暂扣许可证件",
    "qualification_downgrade": "降低资质等级",
    "operation_restriction": "限制开展生产经营活动",
    "production_stop": "责令停产停业",
    "closure": "责令关闭",
    "profession_ban": "限制从业",
    "licence_revocation": "吊销许可证件",
    "detention": "行政拘留",
    "other": "其他",
}
# A case may end without a penalty.
SPARING: Final = frozenset({"no_penalty", "first_offence_spared", "not_established", "transferred", "granted", "refused"})


@dataclass(frozen=True, slots=True)
class Penalty:
    """Kinds and sums in fen; a sum that is unknown is None."""

    kinds: frozenset[str]
    fine_fen: int | None
    confiscation_fen: int | None


def penalty_unknown(case: Case) -> str | None:
    """What must be known to tell whether there was a penalty, and of which kinds."""
    facts = case.decision
    if facts.get("outcome") in SPARING or facts.get("penalties"):
        return None
    return "decision.penalties"


def penalty_of(case: Case) -> Penalty | None:
    """The penalty decided; None when there was none, or its kinds are unknown."""
    facts = case.decision
    listed = facts.get("penalties")
    if not listed or facts.get("outcome") in SPARING:
        return None
    kinds = frozenset(listed)
    fine, confiscated = facts.get("fine_fen"), facts.get("confiscation_fen")
    # The file's amount is the whole; it is the fine where nothing else costs money.
    if fine is None and "confiscation" not in kinds and "fine" in kinds:
        fine = case.amount_fen
    return Penalty(kinds, fine if "fine" in kinds else 0, confiscated if "confiscation" in kinds else 0)


def heaviest(kinds: Iterable[str]) -> int:
    """The weight of the heaviest kind; what is no clear kind weighs least (明确类别优先)."""
    return max((-1 if kind == "other" else WEIGHT[kind] for kind in kinds), default=-1)
