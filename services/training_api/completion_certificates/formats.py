"""What stands on the printed page."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

from services.training_api.completion_certificates.rules import Kind, State
from services.training_api.completion_certificates.tables import CompletionCertificate
from services.training_api.hour_entries.rules import shown

TEMPLATE: Final = Path(__file__).with_name("page.typ")
CATEGORIES: Final = {"public_law": "公共法律知识", "business": "业务知识", "skills": "行政执法技能", "political": "政治培训"}
# Across a page that proves nothing any more.
MARKS: Final = {State.SUPERSEDED: "已失效", State.HOURS_REVERSED: "学时已冲正"}
DIGEST_SIGNS: Final = 16


def link(public_url: str, number: str) -> str:
    """The address behind the QR code."""
    return f"{public_url.rstrip('/')}/v1/completion-certificates/{number}/verification"


def page(certificate: CompletionCertificate, state: State) -> dict[str, Any]:
    """The facts of a page, as the template takes them."""
    sums = {name: getattr(certificate, name) for name in CATEGORIES}
    total = f"{shown(sum(sums.values()))} 学时"
    digest = certificate.entries_sha256.hex()[:DIGEST_SIGNS]
    on = certificate.issued_on
    return {
        "number": certificate.number,
        "heading": "结业证书" if certificate.kind == Kind.CLASS else "学时证明",
        "name": certificate.name,
        "unit": certificate.unit_name,
        "words": _words(certificate, total),
        "sums": [[CATEGORIES[name], f"{shown(value)} 学时"] for name, value in sums.items() if value] + [["合计", total]],
        "digest": " ".join(digest[place : place + 4] for place in range(0, DIGEST_SIGNS, 4)),
        "issuer": certificate.issuer_name,
        "issued_on": _day(on),
        "day": {"year": on.year, "month": on.month, "day": on.day},
        "mark": MARKS.get(state),
    }


def _words(certificate: CompletionCertificate, total: str) -> str:
    first, last = certificate.first_on, certificate.last_on
    if certificate.kind == Kind.CLASS:
        days = _day(first) if first == last else f"{_day(first)}至{_day(last, first)}"
        return f"于{days}参加“{certificate.title}”，考勤合格，准予结业，计入 {total}。"
    until = "" if (last.month, last.day) == (12, 31) else f"（截至{_day(last)}）"
    return f"在 {certificate.year} 年度{until}参加行政执法培训，依学时台账已入账记录核算，共计 {total}。"


def _day(day: date, after: date | None = None) -> str:
    """A day in Chinese; the year is left out where it was said."""
    rest = f" {day.month} 月 {day.day} 日"
    return rest if after is not None and after.year == day.year else f" {day.year} 年{rest}"
