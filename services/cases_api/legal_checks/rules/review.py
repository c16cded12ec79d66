"""P12 legal review, P13 collective discussion. Both need only precede the decision. Pure."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.cases_api.legal_checks.rules import law
from services.cases_api.legal_checks.rules.acting import handlers
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.model import Case, Finding, Level, Missing, Step, Told
from services.cases_api.legal_checks.rules.penalties import penalty_of, penalty_unknown


def p12(case: Case, context: Context) -> Told:
    """A decision of 行政处罚法第58条 is reviewed before it is made, and passed, by a qualified person outside the case.

    The version of 2017 asked for the review of every decision under the ordinary procedure.
    """
    if case.decided_on is None:
        return
    decided, article = case.decided_on, law.article("P12", case.decided_on)
    if decided < law.LAWS[1].valid_from:
        return
    reviews = [step for step in case.of("legal_review") if step.on <= decided]
    if reviews:
        yield from _sound(case, reviews[-1], article)
        return
    needed = _needs_review(case, decided)
    if isinstance(needed, Missing):
        yield needed
    elif needed:
        facts = {"decided_on": decided.isoformat()}
        late = case.of("legal_review")
        zh, en = f"{decided} 决定前未经法制审核", f"decided on {decided} without legal review"
        if late:
            zh, en = f"{late[0].on} 法制审核，晚于 {decided} 的决定", f"reviewed on {late[0].on}, after the decision on {decided}"
        yield Finding(Level.VETO, article, zh, en, facts)


def _needs_review(case: Case, decided: date) -> bool | Missing:
    if law.penalty_law(decided).review_of_every_decision:
        unknown = penalty_unknown(case)
        return Missing(unknown) if unknown else penalty_of(case) is not None
    # 第58条第一款第二项: directly about major rights, and a hearing was held.
    if any(step.on <= decided for step in case.of("hearing")):
        return True
    grounds = case.decision.get("review_grounds")
    return Missing("decision.review_grounds") if grounds is None else bool(grounds)


def _sound(case: Case, review: Step, article: str) -> Told:
    on = {"on": review.on.isoformat()}
    opinion, reviewer = review.get("opinion"), review.get("reviewer_id")
    if opinion is None:
        yield Missing("legal_review.opinion")
    elif opinion == "refused":
        words = f"{review.on} 法制审核未通过仍作出决定", f"decided although the review of {review.on} did not pass it"
        yield Finding(Level.VETO, article, *words, on)
    if reviewer is None:
        yield Missing("legal_review.reviewer_id")
    elif UUID(reviewer) in set(handlers(case)):
        words = f"{review.on} 法制审核人员为本案办案人员", f"the review of {review.on} was by an officer of the case"
        yield Finding(Level.VETO, article, *words, on | {"officer_id": reviewer})
    qualified, first = review.get("qualified"), review.get("first_time")
    if qualified:
        return
    if first and qualified is False:
        words = f"{review.on} 初次从事法制审核的人员无法律职业资格", f"the first-time reviewer of {review.on} is not qualified"
        yield Finding(Level.VETO, article, *words, on)
    elif first is not False:
        yield Missing("legal_review.qualified" if qualified is None else "legal_review.first_time")


def p13(case: Case, context: Context) -> Told:
    """A complex case or a heavier penalty for a major violation is decided by the leaders together (行政处罚法第57条)."""
    if case.decided_on is None:
        return
    decided, article = case.decided_on, law.article("P13", case.decided_on)
    held = [step for step in case.of("collective_discussion") if step.on <= decided]
    if held:
        if held[-1].get("recorded") is False:
            words = f"{held[-1].on} 集体讨论无记录", f"the discussion of {held[-1].on} left no record"
            yield Finding(Level.VETO, article, *words, {"on": held[-1].on.isoformat()})
        return
    major = case.decision.get("major")
    if major is None and case.decision.get("outcome") != "no_penalty":
        yield Missing("decision.major")
    elif major:
        words = f"{decided} 决定前未经集体讨论", f"decided on {decided} without collective discussion"
        yield Finding(Level.VETO, article, *words, {"decided_on": decided.isoformat()})
