"""P26 a first offence that is spared. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from services.cases_api.legal_checks.rules import law
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.model import Case, Finding, LenientItem, Level, Missing, Told

CONDITIONS: Final = {
    "first_offence": ("并非初次违法", "it was no first offence"),
    "harm_slight": ("危害后果并不轻微", "the harm was not slight"),
    "corrected": ("未及时改正", "it was not put right in time"),
}


def p26(case: Case, context: Context) -> Told:
    """A first offence is spared where the harm is slight and it was put right in time (行政处罚法第33条), and it stands on the
    district's list on the day of the decision, or stood there on the act's day (从旧兼从轻)."""
    if case.decided_on is None or case.decision.get("outcome") != "first_offence_spared":
        return
    article = law.article("P26", case.decided_on)
    for name, (zh, en) in CONDITIONS.items():
        told = case.decision.get(name)
        if told is None:
            yield Missing(f"decision.{name}")
        elif not told:
            yield Finding(
                Level.MAJOR, article, f"适用首违不罚，但{zh}", f"spared as a first offence, but {en}", {"condition": name}
            )
    named = case.decision.get("lenient_item_id")
    item = case.lenient_items.get(UUID(named)) if named is not None else None
    if item is None:
        yield Missing("decision.lenient_item_id")
    else:
        yield from _listed(case, item, case.decided_on, article)


def _listed(case: Case, item: LenientItem, decided: date, article: str) -> Told:
    if item.list != "first_offence":
        words = "所依据的事项不在首违不罚清单", "the item stands on another list than that of first offences"
        yield Finding(Level.MAJOR, article, *words, {"list": item.list})
    days = [decided] if case.act_ended_on is None else [decided, case.act_ended_on]
    if any(item.from_on <= day and (item.to_on is None or day <= item.to_on) for day in days):
        return
    facts = {"listed_on": item.from_on.isoformat(), "decided_on": decided.isoformat()}
    words = f"所依据的清单事项自 {item.from_on} 施行，当时不在有效期内", f"the item of {item.from_on} was not in force then"
    yield Finding(Level.MAJOR, article, *words, facts)
