"""Route of conflict checks."""

from __future__ import annotations

from services.cases_api import access
from services.cases_api.conflict_checks import actions
from services.cases_api.conflict_checks.schemas import ConflictCheckIn, ConflictCheckOut
from services.kit import routing
from services.kit.runtime import Now, SessionDep

router = routing.router("/v1/conflict-checks", "conflict-checks")


@router.post("", response_model=ConflictCheckOut, summary="回避核查", openapi_extra={routing.ONLY_READS: True})
async def check(wanted: ConflictCheckIn, who: access.MayCheckConflicts, session: SessionDep, now: Now) -> ConflictCheckOut:
    """Who of these reviewers may not review which of these files, and why, without assigning anything: own unit, former unit,
    unit reviewed in the year before, handled or approved the case, declared.
    """
    return await actions.check(session, who, wanted, now)
