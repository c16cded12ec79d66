"""Rules of reviews: what makes one whole, and the score and grade that follow from it. Pure.

Points are whole hundredths throughout; no floating point takes part in a score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.cases_api.rubrics.rules import FULL, NOT_REVIEWABLE, Block, Grade, Item, Level, Rubric, hundredths, shown
from services.kit import errors


class NothingSaved(errors.Conflict):
    code = "review.nothing_saved"
    zh, en = "尚无已保存的评查内容，请随提交一并提供。", "No draft is saved; send the review with the submission."


class InConflict(errors.Conflict):
    code = "review.in_conflict"
    zh, en = (
        "您与该案卷存在须回避的情形，本次分派已作废，由候补评查人接替。",
        ("You are in conflict with this file; the assignment is withdrawn and goes to a stand-in."),
    )
    # That the assignment is withdrawn is a fact to keep, though the call is refused.
    keeps_changes = True


class RoundOver(errors.Conflict):
    code = "review.round_over"
    zh, en = "本轮已公布或结束，评查不能再改。", "The round is published or over, so its reviews no longer change."


@dataclass(frozen=True, slots=True)
class FileKind:
    """What decides which items apply to a file."""

    kind: str
    procedure: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One deduction from one item; an item may have several."""

    item_key: str
    deduction: int
    reason: str | None = None
    rule_key: str | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A veto found, or an item held not applicable, with the reason."""

    key: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """All that one reviewer found in one file."""

    items: Sequence[Finding] = ()
    vetoes: Sequence[Remark] = ()
    not_applicable: Sequence[Remark] = ()
    not_reviewable: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The outcome. A file that cannot be reviewed has no total, and stays out of all averages."""

    grade: str
    total: int | None = None
    got: int | None = None
    applicable: int | None = None


def findings_of(content: Mapping[str, Any]) -> Findings:
    """The findings that a content as saved stands for."""
    return Findings(
        items=[Finding(i["item_key"], hundredths(i["deduction"]), i.get("reason"), i.get("rule_key")) for i in content["items"]],
        vetoes=[Remark(v["key"], v.get("reason")) for v in content["vetoes"]],
        not_applicable=[Remark(n["item_key"], n.get("reason")) for n in content["not_applicable"]],
        not_reviewable=content.get("not_reviewable"),
    )


# ---------------------------------------------------------------------------------------------- score


def score(rubric: Rubric, file: FileKind, findings: Findings) -> Score:
    """Total and grade of findings without fault.

    Deductions stop at the points of their item and of their block (扣完为止). Items that do not apply leave the
    denominator: total = got ÷ applicable × 100, rounded half up to hundredths. The grade goes by the rounded total; vetoes
    override it, the strongest first: `zero` total 0 and the worst grade, `fail` the worst grade, `no_excellent` the second best.
    """
    if findings.not_reviewable is not None:
        return Score(NOT_REVIEWABLE)
    left_out = {remark.key for remark in findings.not_applicable}
    taken: Counter[str] = Counter()
    for finding in findings.items:
        taken[finding.item_key] += finding.deduction
    sums = [_block(block, [item for item in block.items if _counts(item, file, left_out)], taken) for block in rubric.blocks]
    got, applicable = sum(part[0] for part in sums), sum(part[1] for part in sums)
    levels = _levels(rubric, findings)
    total = 0 if Level.ZERO in levels else (2 * got * FULL + applicable) // (2 * applicable)
    return Score(_grade(rubric.grades, total, levels), total, got, applicable)


def _block(block: Block, items: Sequence[Item], taken: Mapping[str, int]) -> tuple[int, int]:
    applicable = min(block.points, sum(item.points for item in items))
    deducted = sum(min(item.points, taken.get(item.key, 0)) for item in items)
    return applicable - min(applicable, deducted), applicable


def _counts(item: Item, file: FileKind, left_out: Collection[str]) -> bool:
    return item.reach.covers(file.kind, file.procedure) and item.key not in left_out


def _levels(rubric: Rubric, findings: Findings) -> frozenset[Level]:
    found = {remark.key for remark in findings.vetoes}
    return frozenset(veto.level for veto in rubric.vetoes if veto.key in found)


def _grade(grades: Sequence[Grade], total: int, levels: Collection[Level]) -> str:
    if Level.ZERO in levels or Level.FAIL in levels:
        return grades[-1].key
    reached = next(place for place, grade in enumerate(grades) if total >= grade.threshold)
    return grades[max(reached, 1) if Level.NO_EXCELLENT in levels else reached].key


# ---------------------------------------------------------------------------------------------- faults


def faults_of(rubric: Rubric, file: FileKind, findings: Findings) -> list[errors.Fault]:
    """Everything that keeps a review from being submitted, with pointers into its body."""
    if findings.not_reviewable is not None:
        return [*_beside_not_reviewable(findings)]
    items = {item.key: item for item in rubric.items}
    left_out = {remark.key for remark in findings.not_applicable}
    return [
        *_finding_faults(items, file, left_out, findings.items),
        *_veto_faults(rubric, file, findings.vetoes),
        *_left_out_faults(items, file, findings.not_applicable),
        *_nothing_left(rubric, file, left_out),
    ]


def _beside_not_reviewable(findings: Findings) -> Iterator[errors.Fault]:
    for name in ("items", "vetoes", "not_applicable"):
        if getattr(findings, name):
            yield errors.Fault(f"/body/{name}", "review.not_reviewable")


def _finding_faults(
    items: Mapping[str, Item], file: FileKind, left_out: Collection[str], findings: Sequence[Finding]
) -> Iterator[errors.Fault]:
    for place, finding in enumerate(findings):
        pointer, item = f"/body/items/{place}", items.get(finding.item_key)
        if item is None:
            yield errors.Fault(f"{pointer}/item_key", "not_found")
            continue
        if not _counts(item, file, left_out):
            yield errors.Fault(f"{pointer}/item_key", "review.item_not_applicable")
        if finding.rule_key is not None and finding.rule_key not in item.deductions:
            yield errors.Fault(f"{pointer}/rule_key", "not_found")
        most = item.deductions.get(finding.rule_key or "", item.points)
        if finding.deduction > most:
            yield errors.Fault(f"{pointer}/deduction", "too_great", {"limit": shown(most)})
        if finding.deduction and finding.reason is None:
            yield errors.Fault(f"{pointer}/reason", "missing")


def _veto_faults(rubric: Rubric, file: FileKind, remarks: Sequence[Remark]) -> Iterator[errors.Fault]:
    reaches = {veto.key: veto.reach for veto in rubric.vetoes}
    for place, remark in enumerate(remarks):
        pointer = f"/body/vetoes/{place}"
        yield from _remark_faults(pointer, "key", place, remarks, reaches)
        if remark.key in reaches and not reaches[remark.key].covers(file.kind, file.procedure):
            yield errors.Fault(f"{pointer}/key", "review.item_not_applicable")


def _left_out_faults(items: Mapping[str, Item], file: FileKind, remarks: Sequence[Remark]) -> Iterator[errors.Fault]:
    for place, remark in enumerate(remarks):
        pointer = f"/body/not_applicable/{place}"
        yield from _remark_faults(pointer, "item_key", place, remarks, items)
        item = items.get(remark.key)
        if item is not None and not item.may_not_apply and item.reach.covers(file.kind, file.procedure):
            yield errors.Fault(f"{pointer}/item_key", "review.item_must_apply")


def _remark_faults(
    pointer: str, name: str, place: int, remarks: Sequence[Remark], known: Collection[str]
) -> Iterator[errors.Fault]:
    remark = remarks[place]
    if remark.key not in known:
        yield errors.Fault(f"{pointer}/{name}", "not_found")
    if any(other.key == remark.key for other in remarks[:place]):
        yield errors.Fault(f"{pointer}/{name}", "repeated")
    if remark.reason is None:
        yield errors.Fault(f"{pointer}/reason", "missing")


def _nothing_left(rubric: Rubric, file: FileKind, left_out: Collection[str]) -> Iterator[errors.Fault]:
    if not any(_counts(item, file, left_out) for item in rubric.items):
        yield errors.Fault("/body/not_applicable", "review.nothing_applies")
