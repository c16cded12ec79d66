"""Rules of calibration: how near each reviewer comes to the known scores, and reviewers to each other. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from services.cases_api.review_campaigns.rules import State
from services.cases_api.review_statistics import rules as agreement
from services.kit import errors


class CampaignOver(errors.Conflict):
    code = "calibration.campaign_over"
    zh, en = "评查活动已结束，不再试评。", "The campaign is closed, so there is no more calibration."


class AlreadyListed(errors.Conflict):
    code = "calibration.already_listed"
    zh, en = "该案卷已是本活动的试评案卷。", "The file is one of the campaign's calibration files already."


class AlreadyReviewed(errors.Conflict):
    code = "calibration.already_reviewed"
    zh, en = "您已试评过该案卷；试评只有一次。", "You have reviewed this file; a calibration counts once."


class NotInPool(errors.Forbidden):
    code = "calibration.not_in_pool"
    zh, en = "只有评查人员库中的人员参加试评。", "Only reviewers of the pool take part."


@dataclass(frozen=True, slots=True)
class Tried:
    """One reviewer on one file: own and known total (hundredths) and the places of both grades, the best first."""

    file_id: UUID
    account_id: UUID
    total: int | None
    rank: int | None
    known_total: int
    known_rank: int


def why_not(state: str) -> errors.DomainError | None:
    """Until the campaign is closed."""
    return CampaignOver() if state == State.CLOSED else None


def figures(tried: Sequence[Tried], limit: int) -> dict[str, Any]:
    """Agreement of all, and each reviewer's severity (own minus known, below nought stricter), distance and right grades."""
    by_file: dict[UUID, list[Tried]] = defaultdict(list)
    by_person: dict[UUID, list[Tried]] = defaultdict(list)
    for each in tried:
        by_file[each.file_id].append(each)
        by_person[each.account_id].append(each)
    totals = agreement.interval([[each.total for each in there] for there in by_file.values()])
    grades = agreement.ordinal([[each.rank for each in there] for there in by_file.values()])
    found = {"alpha_total": totals, "alpha_grade": grades}
    return {
        "files": len(by_file),
        "reviews": len(tried),
        **{name: round(float(value), 4) for name, value in found.items() if value is not None},
        "low_agreement": any(value is not None and value < agreement.LEAST_ALPHA for value in found.values()),
        "reviewers": [_person(account_id, there, limit) for account_id, there in sorted(by_person.items())],
    }


def _person(account_id: UUID, tried: Sequence[Tried], limit: int) -> dict[str, Any]:
    apart = [each.total - each.known_total for each in tried if each.total is not None]
    said: dict[str, Any] = {"account_id": str(account_id), "reviews": len(tried)}
    severity = distance = None
    if apart:
        severity, distance = _mean(apart), _mean([abs(each) for each in apart])
        said |= {"severity": severity / 100, "distance": distance / 100}
    said["same_grade"] = sum(each.rank == each.known_rank for each in tried)
    said["warnings"] = [*agreement.warnings(len(apart), severity, distance, limit)]
    return said


def _mean(values: Sequence[int]) -> int:
    return round(Fraction(sum(values), len(values)))


def compared(own: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    """Keys of items and vetoes in which a review differs from the one held right."""

    def taken(content: Mapping[str, Any]) -> dict[str, float]:
        sums: dict[str, float] = defaultdict(float)
        for item in content["items"]:
            sums[item["item_key"]] += item["deduction"]
        for veto in content["vetoes"]:
            sums[veto["key"]] = -1
        return {key: value for key, value in sums.items() if value}

    mine, right = taken(own), taken(known)
    return sorted(key for key in mine.keys() | right.keys() if mine.get(key, 0) != right.get(key, 0))
