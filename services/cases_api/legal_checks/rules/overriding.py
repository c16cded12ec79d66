"""When a defect may be left as it is. Pure."""

from __future__ import annotations

from services.cases_api.legal_checks.rules.checking import Checked
from services.cases_api.legal_checks.rules.model import Result
from services.cases_api.legal_checks.rules.register import Outcome
from services.kit import errors


class NothingFound(errors.Conflict):
    code = "defect.nothing_found"
    zh, en = "该规则未发现问题，无须说明保留。", "This rule found nothing, so there is nothing to override."


class AlreadyOverridden(errors.Conflict):
    code = "defect.already_overridden"
    zh, en = "该问题已说明理由保留。", "This defect is overridden already."


def found(checked: Checked, rule: str) -> Outcome | None:
    """What a rule found; None when it found nothing."""
    return next((each for each in checked.told if each.rule.id == rule and each.result is Result.FOUND), None)


def why_not_override(mark: str | None, standing: str | None) -> errors.DomainError | None:
    """There is a finding, and it is not overridden already; one of another finding does not stand in the way."""
    if mark is None:
        return NothingFound()
    return AlreadyOverridden() if standing == mark else None


def why_not_withdraw(standing: str | None) -> errors.DomainError | None:
    """There is an override to take back."""
    return errors.NotFound() if standing is None else None
