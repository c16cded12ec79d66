"""P18 late fee, P19 collection on the spot, P21 application to the court. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

from services.cases_api.legal_checks.rules import law, periods
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.law import Period
from services.cases_api.legal_checks.rules.model import Case, Finding, Level, Missing, Step, Told
from services.cases_api.legal_checks.rules.penalties import penalty_of
from services.cases_api.legal_checks.rules.performance import deliveries_of_decision
from services.cases_api.legal_settings.rules import Topic
from services.kit import calendar

BASIS_POINTS: Final = 10_000
ANY_SUM: Final = frozenset({"hard_later", "remote_on_request"})


def p18(case: Case, context: Context) -> Told:
    """The late fee is 3 % of the fine a day and never more than the fine (行政处罚法第72条)."""
    for step in case.of("payment"):
        fee = step.get("late_fee_fen")
        if not fee:
            continue
        penalty = penalty_of(case)
        fine = penalty.fine_fen if penalty is not None else None
        article = law.article("P18", step.on)
        if fine is None:
            yield Missing("decision.fine_fen")
        elif fee > fine:
            yuan, most = f"{fee / 100:g}", f"{fine / 100:g}"
            words = f"加处罚款 {yuan} 元，超出罚款 {most} 元", f"a late fee of {yuan} yuan on a fine of {most}"
            yield Finding(Level.MINOR, article, *words, {"late_fee_fen": fee, "fine_fen": fine})
        else:
            yield from _rate(case, step, fee, fine, context)


def _rate(case: Case, step: Step, fee: int, fine: int, context: Context) -> Told:
    days, setting = step.get("late_days"), context.settings.of(Topic.LATE_FEE, case, step.on)
    if days is None or setting is None:
        yield Missing("payment.late_days" if days is None else "setting.late_fee")
        return
    due = min(fine * setting.value * days // BASIS_POINTS, fine)
    # Less than a yuan is rounding.
    if abs(due - fee) < 100:
        return
    yuan, right, percent = f"{fee / 100:g}", f"{due / 100:g}", f"{setting.value / 100:g}"
    words = (
        f"加处罚款 {yuan} 元，逾期 {days} 日、每日 {percent}% 应为 {right} 元",
        f"a late fee of {yuan} yuan; {days} days at {percent}% are {right}",
    )
    facts = {"late_fee_fen": fee, "due_fen": due, "days": days, "fine_fen": fine}
    yield Finding(Level.MINOR, law.article("P18", step.on), *words, facts)


def p19(case: Case, context: Context) -> Told:
    """On the spot only up to 100 yuan or on a ground; handed to the organ in 2 working days, to the bank in 2 more
    (行政处罚法第68条, 第69条, 第71条)."""
    for step in case.of("payment"):
        on_spot = step.get("on_spot")
        if on_spot is None:
            yield Missing("payment.on_spot")
        elif on_spot:
            yield from _ground(step)
            yield from _handed_in(case, step, context)


def _ground(step: Step) -> Told:
    amount, limit = step.get("amount_fen"), law.penalty_law(step.on).on_spot_fen
    if step.get("ground") in ANY_SUM:
        return
    if amount is None:
        yield Missing("payment.amount_fen")
    elif amount > limit:
        yuan, most = f"{amount / 100:g}", f"{limit / 100:g}"
        words = (
            f"{step.on} 当场收缴 {yuan} 元，超过 {most} 元且无依据",
            f"{yuan} yuan taken on the spot on {step.on}, {most} at most",
        )
        yield Finding(Level.MAJOR, law.article("P19", step.on), *words, {"amount_fen": amount, "limit_fen": limit})


def _handed_in(case: Case, step: Step, context: Context) -> Told:
    period = law.penalty_law(step.on).period(law.HAND_IN_DAYS)
    to_organ, to_bank = step.day("handed_to_organ_on"), step.day("handed_to_bank_on")
    legs = (
        (step.on, to_organ, "payment.handed_to_organ_on", "交至行政机关", "handed to the organ"),
        (to_organ, to_bank, "payment.handed_to_bank_on", "缴付银行", "handed to the bank"),
    )
    for start, end, unknown, zh, en in legs:
        if start is None:
            return
        if end is None and not case.is_running:
            yield Missing(unknown)
            return
        total = periods.sum_of(start, end or case.today, period, context.calendar)
        if total.is_late:
            words = f"{start} 收款，{zh}为{total.zh}", f"taken on {start}, {en} on {total.en}"
            yield Finding(Level.MAJOR, law.article("P19", step.on), *words, total.facts())


def p21(case: Case, context: Context) -> Told:
    """The court is asked ten working days after a reminder, within three months behind the remedies (行政强制法第53, 54条)."""
    for step in case.of("court_application"):
        yield from _reminded(case, step, context)
        yield from _within_three_months(case, step, context)


def _reminded(case: Case, step: Step, context: Context) -> Told:
    article = law.article("P21", step.on)
    reminders = [day for each in case.of("reminder") if (day := each.day("delivered_on") or each.on) <= step.on]
    if not reminders:
        words = f"{step.on} 申请前未催告", f"applied on {step.on} without a reminder"
        yield Finding(Level.MAJOR, article, *words, {"on": step.on.isoformat()})
        return
    period = Period(law.REMINDER_DAYS, law.WORKING)
    total = periods.sum_of(reminders[0], step.on, period, context.calendar)
    if not total.is_late:
        words = (
            f"{reminders[0]} 催告，申请为{total.zh}，未满催告期",
            f"reminded on {reminders[0]}, applied on {total.en}: too early",
        )
        yield Finding(Level.MAJOR, article, *words, total.facts())


def _within_three_months(case: Case, step: Step, context: Context) -> Told:
    ended = step.day("remedy_ended_on") or remedies_end(case, context)
    if ended is None:
        yield Missing("court_application.remedy_ended_on")
        return
    last = court_until(ended, context)
    facts = {"remedy_ended_on": ended.isoformat(), "last_day": last.isoformat(), "on": step.on.isoformat()}
    article = law.article("P21", step.on)
    if step.on > last:
        words = (
            f"救济期限 {ended} 届满，{step.on} 申请，逾 {last}",
            f"remedies ended on {ended}, applied on {step.on}, after {last}",
        )
        yield Finding(Level.MAJOR, article, *words, facts)
    elif step.on <= ended:
        words = f"救济期限 {ended} 届满前，于 {step.on} 申请", f"applied on {step.on}, before the remedies ended on {ended}"
        yield Finding(Level.MAJOR, article, *words, facts)


def court_until(ended: date, context: Context) -> date:
    """The last day for asking the court, behind the end of the remedies."""
    return context.calendar.next_working(calendar.months_later(ended, law.COURT_MONTHS))


def remedies_end(case: Case, context: Context) -> date | None:
    """Six months after delivery, the longer of the remedies (行政诉讼法第46条, 行政复议法第20条)."""
    deliveries = deliveries_of_decision(case)
    if not deliveries:
        return None
    return context.calendar.next_working(calendar.months_later(deliveries[0].on, law.REMEDY_MONTHS))
