"""P16 delivery, P17 publicity and its withdrawal. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

from services.cases_api.legal_checks.rules import law, periods
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.law import Period
from services.cases_api.legal_checks.rules.model import Case, Finding, Level, Missing, Step, Told
from services.cases_api.legal_checks.rules.penalties import penalty_of, penalty_unknown
from services.cases_api.legal_settings.rules import Measure, Setting, Topic

DELIVERY_DAYS: Final = 7
NOTICE_DAYS: Final = (60, 30)


def p16(case: Case, context: Context) -> Told:
    """The decision is delivered within 7 working days (行政处罚法第61条; a licence within 10, 行政许可法第44条), with proof, by
    electronic ways only with consent, by public notice only after its whole time."""
    if case.decided_on is None or (period := delivery_period(case, case.decided_on)) is None:
        return
    decided, article = case.decided_on, delivery_article(case, case.decided_on)
    deliveries = deliveries_of_decision(case)
    if not deliveries:
        yield from _undelivered(case, decided, period, article, context)
        return
    first = deliveries[0]
    if first.get("manner") == "public_notice" and first.get("announced_on") is None:
        yield Missing("delivery.announced_on")
    else:
        total = periods.sum_of(decided, first.day("announced_on") or first.on, period, context.calendar)
        if total.is_late:
            zh, en = f"{decided} 决定，送达为{total.zh}", f"decided on {decided}, delivered on {total.en}"
            yield Finding(Level.MAJOR, article, zh, en, total.facts())
    yield from _proof(first, article)


def delivery_period(case: Case, decided: date) -> Period | None:
    """How long delivery may take; None where no law says."""
    if case.kind == "penalty":
        return law.penalty_law(decided).period(DELIVERY_DAYS)
    return law.LICENCE_DELIVERY if case.kind == "licence" else None


def delivery_article(case: Case, decided: date) -> str:
    """What delivery rests on."""
    return "行政许可法第44条" if case.kind == "licence" else law.article("P16", decided)


def deliveries_of_decision(case: Case) -> list[Step]:
    """Deliveries of the decision itself, by their days."""
    return [step for step in case.of("delivery") if step.get("document") in (None, "decision")]


def _undelivered(case: Case, decided: date, period: Period, article: str, context: Context) -> Told:
    if not case.is_running:
        yield Finding(Level.MAJOR, article, f"{decided} 的决定无送达凭证", f"no proof of delivery of the decision of {decided}")
        return
    total = periods.sum_of(decided, case.today, period, context.calendar)
    if total.is_late:
        zh, en = f"{decided} 决定，至今未送达，为{total.zh}", f"decided on {decided}, not yet delivered on {total.en}"
        yield Finding(Level.MAJOR, article, zh, en, total.facts())


def _proof(step: Step, article: str) -> Told:
    on, manner = {"on": step.on.isoformat()}, step.get("manner")
    if step.get("receipt") is None:
        yield Missing("delivery.receipt")
    elif not step.get("receipt"):
        yield Finding(Level.MAJOR, article, f"{step.on} 送达无凭证", f"delivered on {step.on} without proof", on)
    if manner == "electronic" and step.get("consent") is None:
        yield Missing("delivery.consent")
    elif manner == "electronic" and not step.get("consent"):
        words = f"{step.on} 电子送达，未取得当事人书面同意", f"delivered electronically on {step.on} without consent"
        yield Finding(Level.MAJOR, article, *words, on)
    announced = step.day("announced_on")
    if manner == "public_notice" and announced is not None:
        days, need = (step.on - announced).days, NOTICE_DAYS[announced >= law.NOTICE_DAYS_SINCE]
        if days < need:
            words = (
                f"{announced} 公告，{step.on} 视为送达，公告 {days} 日，应满 {need} 日",
                f"public notice for {days} of {need} days",
            )
            yield Finding(Level.MAJOR, article, *words, on | {"counted": days, "limit": need})


def p17(case: Case, context: Context) -> Told:
    """Published within 7 working days (penalties, licences) or 20 (others) of the decision, personal data masked (国办发〔2018〕
    118号); withdrawn within 3 working days once changed, revoked or void (行政处罚法第48条)."""
    if case.decided_on is not None:
        yield from _published(case, case.decided_on, context)
    for step in case.of("publicity_withdrawal"):
        yield from _withdrawn(case, step, context)


def publicity_setting(case: Case, decided: date, context: Context) -> Setting | None:
    """The time for publishing; None for decisions before there was one."""
    return context.settings.of(Topic.PUBLICITY, case, decided)


def _published(case: Case, decided: date, context: Context) -> Told:
    setting = publicity_setting(case, decided, context)
    if setting is None:
        return
    published = case.of("publicity")
    if published:
        first = published[0]
        total = _publicity_sum(decided, first.on, setting, context)
        if total.is_late:
            zh, en = f"{decided} 决定，公示为{total.zh}", f"decided on {decided}, published on {total.en}"
            yield Finding(Level.MAJOR, setting.source, zh, en, total.facts())
        yield from _masked(case, first, setting.source)
    elif must_be_public(case):
        last = _publicity_sum(decided, decided, setting, context).last_on
        if case.today > last:
            words = (
                f"{decided} 决定，应于 {last} 前公示，无公示记录",
                f"decided on {decided}, to be published by {last}, nothing on record",
            )
            facts = {
                "from": decided.isoformat(),
                "last_day": last.isoformat(),
                "limit": setting.value,
                "measure": setting.measure,
            }
            yield Finding(Level.MAJOR, setting.source, *words, facts)
    elif (unknown := penalty_unknown(case)) is not None and case.kind == "penalty":
        yield Missing(unknown)


def _publicity_sum(decided: date, end: date, setting: Setting, context: Context) -> periods.Sum:
    period = Period(setting.value, Measure(setting.measure))
    return periods.sum_of(decided, end, period, context.calendar, assumed=setting.assumed)


def must_be_public(case: Case) -> bool:
    """Penalties and licences; of other decisions only some, which the file does not tell."""
    return case.kind == "licence" or (case.kind == "penalty" and penalty_of(case) is not None)


def publicity_due(case: Case, context: Context) -> date | None:
    """The last day for publishing a decision that is not published yet."""
    decided = case.decided_on
    if decided is None or case.of("publicity") or not must_be_public(case):
        return None
    setting = publicity_setting(case, decided, context)
    return None if setting is None else _publicity_sum(decided, decided, setting, context).last_on


def _masked(case: Case, step: Step, article: str) -> Told:
    masked = step.get("masked")
    if masked is False:
        yield Finding(Level.MAJOR, article, f"{step.on} 公示未隐去个人信息", f"published on {step.on} with personal data")
    elif masked is None and case.party_kind == "natural":
        yield Missing("publicity.masked")


def _withdrawn(case: Case, step: Step, context: Context) -> Told:
    cause = step.day("cause_on")
    setting = context.settings.of(Topic.PUBLICITY_WITHDRAWAL, case, step.on)
    if cause is None:
        yield Missing("publicity_withdrawal.cause_on")
    elif setting is not None:
        total = _publicity_sum(cause, step.on, setting, context)
        if total.is_late:
            zh, en = f"{cause} 决定失去效力，撤回公示为{total.zh}", f"ended on {cause}, withdrawn on {total.en}"
            yield Finding(Level.MAJOR, setting.source, zh, en, total.facts())
    if step.get("reason_published") is False:
        words = f"{step.on} 撤回公示未说明理由", f"withdrawn on {step.on} without saying why"
        yield Finding(Level.MAJOR, law.article("P17", step.on), *words, {"on": step.on.isoformat()})
