"""P15 elements, discretion and the benchmark in force, P24 the fine within its band. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from services.cases_api.legal_checks.rules import law
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.model import Case, Facts, Finding, Level, Missing, Told
from services.cases_api.legal_checks.rules.penalties import penalty_of, penalty_unknown

ELEMENT_WORDS: Final = {
    "party": ("当事人", "the party"),
    "facts_and_evidence": ("事实和证据", "facts and evidence"),
    "kind_and_basis": ("种类和依据", "kind and basis"),
    "performance": ("履行方式和期限", "how and until when to perform"),
    "remedies": ("救济途径和期限", "remedies"),
    "organ_date_seal": ("机关名称、日期和印章", "organ, date and seal"),
}


def p15(case: Case, context: Context) -> Told:
    """The decision holds its six elements, explains the discretion used, and applies a benchmark that was in force (行政处罚法
    第34条, 第37条, 第59条; plan task 7)."""
    if case.decided_on is None or case.decision.get("outcome") == "transferred":
        return
    decided, facts = case.decided_on, case.decision
    article, elements = law.article("P15", decided), facts.get("elements")
    if elements is None:
        yield Missing("decision.elements")
    elif lacking := [name for name in ELEMENT_WORDS if name not in elements]:
        zh, en = "、".join(ELEMENT_WORDS[name][0] for name in lacking), ", ".join(ELEMENT_WORDS[name][1] for name in lacking)
        yield Finding(Level.MAJOR, article, f"决定书缺少{zh}", f"the decision lacks {en}", {"lacking": lacking})
    if penalty_of(case) is None:
        return
    explained = facts.get("discretion_explained")
    if explained is None and decided >= law.EXPLAINED_SINCE:
        yield Missing("decision.discretion_explained")
    elif explained is False and decided >= law.EXPLAINED_SINCE:
        words = "决定书未说明裁量基准的适用", "the decision does not explain how the benchmark was applied"
        yield Finding(Level.MAJOR, article, *words, {"decided_on": decided.isoformat()})
    yield from _benchmark(case, decided, article)


def _benchmark(case: Case, decided: date, article: str) -> Told:
    """The benchmark of the act's day, or the later one where it is lighter (从旧兼从轻). The version on record goes before what
    was reported of it; a decision that names none leaves the question open.
    """
    facts, record = case.decision, case.benchmark
    if record is not None and not record.is_public:
        words = "所适用的裁量基准未公布施行", "the benchmark applied was never made public"
        yield Finding(Level.MAJOR, article, *words, {"benchmark_id": facts["benchmark_id"]})
        return
    if (span := _in_force(case)) is None:
        named = facts.get("benchmark_id") or facts.get("benchmark")
        yield Missing("decision.benchmark_from" if named else "decision.benchmark_id")
        return
    if case.act_ended_on is None:
        yield Missing("case.act_ended_on")
        return
    start, end = span
    if start <= case.act_ended_on <= end:
        return
    shown = {
        "benchmark_from": start.isoformat(),
        "act_ended_on": case.act_ended_on.isoformat(),
        "decided_on": decided.isoformat(),
    }
    if not start <= decided <= end:
        words = (
            f"所适用的裁量基准（{start} 起）在行为时和决定时均不在有效期内",
            f"the benchmark of {start} was in force neither then nor now",
        )
        yield Finding(Level.MAJOR, article, *words, shown)
    elif facts.get("lighter_applied") is None:
        yield Missing("decision.lighter_applied")
    elif not facts["lighter_applied"]:
        zh = f"行为于 {case.act_ended_on} 终了，适用了 {start} 起的裁量基准，且并不较轻（从旧兼从轻）"
        en = f"the act ended on {case.act_ended_on}; the benchmark of {start} was applied though it is not lighter"
        yield Finding(Level.MAJOR, article, zh, en, shown)


def _in_force(case: Case) -> tuple[date, date] | None:
    """First and last day of the benchmark applied: as on record, else as reported; None when neither tells."""
    if case.benchmark is not None:
        return case.benchmark.in_force_from, case.benchmark.in_force_to
    facts = case.decision
    if facts.get("benchmark_from") is None:
        return None
    end = date.fromisoformat(facts["benchmark_to"]) if facts.get("benchmark_to") else date.max
    return date.fromisoformat(facts["benchmark_from"]), end


def p24(case: Case, context: Context) -> Told:
    """The fine lies within the benchmark's band; with a band of one value (零幅度) it is that value (plan task 7)."""
    if case.decided_on is None:
        return
    penalty = penalty_of(case)
    if penalty is None:
        if (unknown := penalty_unknown(case)) is not None:
            yield Missing(unknown)
        return
    if "fine" not in penalty.kinds:
        return
    article = law.article("P24", case.decided_on)
    bands = case.benchmark.bands if case.benchmark is not None else {}
    band, unknown_facts = _recorded(case.decision, bands) if bands else _reported(case.decision)
    yield from (Missing(f"decision.{name}") for name in unknown_facts)
    if penalty.fine_fen is None:
        yield Missing("decision.fine_fen")
    if bands and band is None and not unknown_facts:
        words = "所适用的档次不在该裁量基准之内", "the band applied is none of the benchmark's"
        yield Finding(Level.MAJOR, article, *words, {"bands": sorted(bands)})
    elif band is not None and penalty.fine_fen is not None and not band[0] <= penalty.fine_fen <= band[1]:
        yield _outside(article, penalty.fine_fen, *band)


Ends = tuple[int, int]


def _reported(facts: Facts) -> tuple[Ends | None, list[str]]:
    """The band as reported, and what of it is unknown."""
    lacking = [name for name in ("band_low_fen", "band_high_fen") if facts.get(name) is None]
    return (None if lacking else (facts["band_low_fen"], facts["band_high_fen"])), lacking


def _recorded(facts: Facts, bands: Mapping[str, Ends]) -> tuple[Ends | None, list[str]]:
    """The band on record: the one named, the one whose ends were reported, or the only one; None when it is none of them."""
    if (key := facts.get("band_key")) is not None:
        return bands.get(key), []
    reported, _ = _reported(facts)
    if reported is not None:
        return (reported if reported in bands.values() else None), []
    return (next(iter(bands.values())), []) if len(bands) == 1 else (None, ["band_key"])


def _outside(article: str, fine: int, low: int, high: int) -> Finding:
    yuan, least, most = (f"{value / 100:g}" for value in (fine, low, high))
    words = f"罚款 {yuan} 元，不在基准 {least} 至 {most} 元之内", f"a fine of {yuan} yuan outside the band of {least} to {most}"
    if low == high:
        words = f"罚款 {yuan} 元，零幅度基准为 {least} 元", f"a fine of {yuan} yuan where the benchmark fixes {least}"
    return Finding(Level.MAJOR, article, *words, {"band_low_fen": low, "band_high_fen": high, "fine_fen": fine})
