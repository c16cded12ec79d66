"""The rows of the rights table of tasks_api, and the typed aliases made from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from services.kit import rights
from services.kit.grants import (
    BUREAU,
    BUREAU_AND_LEADERS,
    BUREAU_AND_UNITS,
    DISTRICT_READERS,
    GOVERNMENT,
    LEADERS,
    PLATFORM,
    UNITS,
)
from services.kit.principal import Principal, Role, Scope
from services.kit.registers.kinds import Grants
from services.kit.rights import Right

# Plan and tasks are public facts of a district: whoever works in it may read them all.
EVERYONE_IN_DISTRICT = DISTRICT_READERS | GOVERNMENT
# Whose progress may be read: the district's organs see all units, a unit sees itself and what stands below it.
DISTRICT_OR_OWN_UNITS = BUREAU_AND_UNITS | GOVERNMENT | PLATFORM

PLANS_READ = rights.right("plans.read", EVERYONE_IN_DISTRICT)
MayReadPlans = Annotated[Principal, rights.may(PLANS_READ)]
PLANS_WRITE = rights.right("plans.write", BUREAU)
MayWritePlans = Annotated[Principal, rights.may(PLANS_WRITE)]
TASKS_READ = rights.right("tasks.read", EVERYONE_IN_DISTRICT)
MayReadTasks = Annotated[Principal, rights.may(TASKS_READ)]
TASKS_WRITE = rights.right("tasks.write", BUREAU)
MayWriteTasks = Annotated[Principal, rights.may(TASKS_WRITE)]
TASKS_DELEGATE = rights.right("tasks.delegate", BUREAU_AND_LEADERS)
MayDelegateTasks = Annotated[Principal, rights.may(TASKS_DELEGATE)]
PLANS_ACTIVATE = rights.right("plans.activate", BUREAU)
MayActivatePlans = Annotated[Principal, rights.may(PLANS_ACTIVATE)]
PLANS_REVISE = rights.right("plans.revise", BUREAU)
MayRevisePlans = Annotated[Principal, rights.may(PLANS_REVISE)]

ASSIGNMENTS_READ = rights.right("assignments.read", DISTRICT_OR_OWN_UNITS)
MayReadAssignments = Annotated[Principal, rights.may(ASSIGNMENTS_READ)]

# Who may move an assignment: its unit's leader signs and hands in, all of the unit work on it; the bureau decides, and the
# leader of a unit on the parts the unit gave on.
MOVES: Final[Mapping[str, Right]] = {
    verb: rights.right(f"assignments.{verb}", grants)
    for verb, grants in {
        "sign": LEADERS,
        "start": UNITS,
        "submit": LEADERS,
        "return": BUREAU_AND_LEADERS,
        "approve": BUREAU_AND_LEADERS,
        "suspend": BUREAU_AND_LEADERS,
        "resume": BUREAU_AND_LEADERS,
        "void": BUREAU_AND_LEADERS,
        "reassign": BUREAU_AND_LEADERS,
    }.items()
}
MaySign = Annotated[Principal, rights.may(MOVES["sign"])]
MayStart = Annotated[Principal, rights.may(MOVES["start"])]
MaySubmit = Annotated[Principal, rights.may(MOVES["submit"])]
MayReturn = Annotated[Principal, rights.may(MOVES["return"])]
MayApprove = Annotated[Principal, rights.may(MOVES["approve"])]
MaySuspend = Annotated[Principal, rights.may(MOVES["suspend"])]
MayResume = Annotated[Principal, rights.may(MOVES["resume"])]
MayVoid = Annotated[Principal, rights.may(MOVES["void"])]
MayReassign = Annotated[Principal, rights.may(MOVES["reassign"])]

PROGRESS_REPORTS_WRITE = rights.right("progress_reports.write", UNITS)
MayReportProgress = Annotated[Principal, rights.may(PROGRESS_REPORTS_WRITE)]

EXTENSIONS_READ = rights.right("extension_requests.read", DISTRICT_OR_OWN_UNITS)
MayReadExtensions = Annotated[Principal, rights.may(EXTENSIONS_READ)]
EXTENSIONS_REQUEST = rights.right("extension_requests.write", LEADERS)
MayRequestExtensions = Annotated[Principal, rights.may(EXTENSIONS_REQUEST)]
EXTENSIONS_DECIDE = rights.right("extension_requests.decide", BUREAU_AND_LEADERS)
MayDecideExtensions = Annotated[Principal, rights.may(EXTENSIONS_DECIDE)]
LATENESS_READ = rights.right("lateness.read", DISTRICT_OR_OWN_UNITS)
MayReadLateness = Annotated[Principal, rights.may(LATENESS_READ)]
ESCALATION_RULES_READ = rights.right("escalation_rules.read", EVERYONE_IN_DISTRICT)
MayReadEscalationRules = Annotated[Principal, rights.may(ESCALATION_RULES_READ)]
ESCALATION_RULES_WRITE = rights.right("escalation_rules.write", BUREAU)
MayWriteEscalationRules = Annotated[Principal, rights.may(ESCALATION_RULES_WRITE)]
SETTINGS_READ = rights.right("supervision_settings.read", EVERYONE_IN_DISTRICT)
MayReadSettings = Annotated[Principal, rights.may(SETTINGS_READ)]
SETTINGS_WRITE = rights.right("supervision_settings.write", BUREAU)
MayWriteSettings = Annotated[Principal, rights.may(SETTINGS_WRITE)]

INBOX_READ = rights.right(
    "notifications.read",
    dict.fromkeys((Role.BUREAU, Role.GOVERNMENT, Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.REVIEWER), Scope.SELF),
)
MayReadInbox = Annotated[Principal, rights.may(INBOX_READ)]
NOTICES_READ = rights.right("supervision_notices.read", DISTRICT_OR_OWN_UNITS)
MayReadNotices = Annotated[Principal, rights.may(NOTICES_READ)]
# A circular is read by the whole district; its messages go to everybody who may read the plan.
CIRCULARS_READ = rights.right("circulars.read", EVERYONE_IN_DISTRICT)
NOTICES_ISSUE = rights.right("supervision_notices.issue", BUREAU)
MayIssueNotices = Annotated[Principal, rights.may(NOTICES_ISSUE)]
NOTICE_MOVES: Final[Mapping[str, Right]] = {
    "reply": rights.right("supervision_notices.reply", LEADERS),
    "return": rights.right("supervision_notices.return", BUREAU),
    "close": rights.right("supervision_notices.close", BUREAU),
    "void": rights.right("supervision_notices.void", BUREAU),
}
MayReplyToNotices = Annotated[Principal, rights.may(NOTICE_MOVES["reply"])]
MayReturnReplies = Annotated[Principal, rights.may(NOTICE_MOVES["return"])]
MayCloseNotices = Annotated[Principal, rights.may(NOTICE_MOVES["close"])]
MayVoidNotices = Annotated[Principal, rights.may(NOTICE_MOVES["void"])]
ESCALATIONS_READ = rights.right("escalations.read", DISTRICT_OR_OWN_UNITS)
MayReadEscalations = Annotated[Principal, rights.may(ESCALATIONS_READ)]
ESCALATIONS_SWEEP = rights.right("escalations.sweep", BUREAU)
MaySweep = Annotated[Principal, rights.may(ESCALATIONS_SWEEP)]
REMINDERS_SEND = rights.right("assignments.remind", BUREAU_AND_LEADERS)
MayRemind = Annotated[Principal, rights.may(REMINDERS_SEND)]

# --------------------------------------------------------------------------------------- typed registers
# Who enters records of a unit: its own people, those above it, the bureau, and the provincial platform by external ids.
ENTERING = BUREAU_AND_UNITS | PLATFORM
DECIDING = frozenset({Role.BUREAU, Role.UNIT_MANAGER})
REGISTERS_READ = rights.right("registers.read", EVERYONE_IN_DISTRICT)
# Whoever enters records of some register sends files; each register's own right decides.
REGISTERS_IMPORT = rights.right("registers.import", ENTERING)
MayReadRegisters = Annotated[Principal, rights.may(REGISTERS_READ)]


def register(name: str, read: Mapping[Role, Scope], write: Mapping[Role, Scope] = ENTERING) -> Grants:
    """The three rows of one kind of register; what is void is declared so by leaders and the bureau."""
    void: dict[Role, Scope] = {role: scope for role, scope in write.items() if role in DECIDING}
    return Grants(rights.right(f"{name}.read", read), rights.right(f"{name}.write", write), rights.right(f"{name}.void", void))


SCOREBOARD_READ = rights.right("scoreboard.read", DISTRICT_OR_OWN_UNITS)
MayReadScoreboard = Annotated[Principal, rights.may(SCOREBOARD_READ)]
REPORTS_READ = rights.right("reports.read", BUREAU | GOVERNMENT)
MayReadReports = Annotated[Principal, rights.may(REPORTS_READ)]
REPORTS_WRITE = rights.right("reports.write", BUREAU)
MayWriteReports = Annotated[Principal, rights.may(REPORTS_WRITE)]
WRITES_REPORTS: Final = frozenset(BUREAU)
OBLIGATIONS_READ = rights.right("obligations.read", DISTRICT_OR_OWN_UNITS)
MayReadObligations = Annotated[Principal, rights.may(OBLIGATIONS_READ)]
OBLIGATIONS_DECLARE = rights.right("obligations.declare", BUREAU_AND_LEADERS)
MayDeclare = Annotated[Principal, rights.may(OBLIGATIONS_DECLARE)]
OBLIGATIONS_RECORD = rights.right("obligations.record", BUREAU)
MayRecordObligations = Annotated[Principal, rights.may(OBLIGATIONS_RECORD)]


# ----------------------------------------------------------------------------- problem list, complaints, inspections
# The bureau lists problems of everybody, a unit those it found itself.
PROBLEMS_READ = rights.right("problems.read", DISTRICT_OR_OWN_UNITS)
MayReadProblems = Annotated[Principal, rights.may(PROBLEMS_READ)]
PROBLEMS_LIST = rights.right("problems.list", BUREAU_AND_LEADERS)
MayListProblems = Annotated[Principal, rights.may(PROBLEMS_LIST)]
PROBLEM_MOVES: Final[Mapping[str, Right]] = {
    verb: rights.right(f"problems.{verb}", grants)
    for verb, grants in {
        "measure": UNITS,
        "submit": LEADERS,
        "return": BUREAU,
        "close": BUREAU,
        "reopen": BUREAU,
        "void": BUREAU,
    }.items()
}
MayMeasureProblems = Annotated[Principal, rights.may(PROBLEM_MOVES["measure"])]
MaySubmitProblems = Annotated[Principal, rights.may(PROBLEM_MOVES["submit"])]
MayReturnProblems = Annotated[Principal, rights.may(PROBLEM_MOVES["return"])]
MayCloseProblems = Annotated[Principal, rights.may(PROBLEM_MOVES["close"])]
MayReopenProblems = Annotated[Principal, rights.may(PROBLEM_MOVES["reopen"])]
MayVoidProblems = Annotated[Principal, rights.may(PROBLEM_MOVES["void"])]

SUMMARIES_READ = rights.right("problem_summaries.read", DISTRICT_OR_OWN_UNITS)
MayReadSummaries = Annotated[Principal, rights.may(SUMMARIES_READ)]
SUMMARIES_WRITE = rights.right("problem_summaries.write", BUREAU_AND_UNITS)
MayWriteSummaries = Annotated[Principal, rights.may(SUMMARIES_WRITE)]
SUMMARIES_SUBMIT = rights.right("problem_summaries.submit", BUREAU_AND_LEADERS)
MaySubmitSummaries = Annotated[Principal, rights.may(SUMMARIES_SUBMIT)]
# The bureau on the units' summaries, the government on the roll-up.
SUMMARIES_DECIDE = rights.right("problem_summaries.decide", BUREAU | GOVERNMENT)
MayDecideSummaries = Annotated[Principal, rights.may(SUMMARIES_DECIDE)]
SUMMARY_MOVES: Final[Mapping[str, Right]] = {
    "change": SUMMARIES_WRITE,
    "submit": SUMMARIES_SUBMIT,
    "return": SUMMARIES_DECIDE,
    "approve": SUMMARIES_DECIDE,
}

# Whoever takes calls and letters enters; identities are for the unit's leader and the bureau.
COMPLAINTS_READ = rights.right("complaints.read", DISTRICT_OR_OWN_UNITS)
MayReadComplaints = Annotated[Principal, rights.may(COMPLAINTS_READ)]
COMPLAINTS_ENTER = rights.right("complaints.enter", ENTERING)
MayEnterComplaints = Annotated[Principal, rights.may(COMPLAINTS_ENTER)]
COMPLAINANTS_DISCLOSE = rights.right("complaints.disclose", BUREAU_AND_LEADERS)
MayDiscloseComplainants = Annotated[Principal, rights.may(COMPLAINANTS_DISCLOSE)]
COMPLAINT_MOVES: Final[Mapping[str, Right]] = {
    verb: rights.right(f"complaints.{verb}", grants)
    for verb, grants in {
        "accept": UNITS,
        "transfer": BUREAU_AND_LEADERS,
        "reply": UNITS,
        "return": BUREAU,
        "rate": BUREAU_AND_UNITS,
        "close": BUREAU_AND_LEADERS,
        "void": BUREAU,
        "link": BUREAU_AND_UNITS,
    }.items()
}
MayAcceptComplaints = Annotated[Principal, rights.may(COMPLAINT_MOVES["accept"])]
MayTransferComplaints = Annotated[Principal, rights.may(COMPLAINT_MOVES["transfer"])]
MayReplyToComplaints = Annotated[Principal, rights.may(COMPLAINT_MOVES["reply"])]
MayReturnComplaints = Annotated[Principal, rights.may(COMPLAINT_MOVES["return"])]
MayRateComplaints = Annotated[Principal, rights.may(COMPLAINT_MOVES["rate"])]
MayCloseComplaints = Annotated[Principal, rights.may(COMPLAINT_MOVES["close"])]
MayVoidComplaints = Annotated[Principal, rights.may(COMPLAINT_MOVES["void"])]
MayLinkComplaints = Annotated[Principal, rights.may(COMPLAINT_MOVES["link"])]

# Departments see what others mean to inspect, so that they can go together.
PROPOSALS_READ = rights.right("inspection_proposals.read", EVERYONE_IN_DISTRICT)
MayReadProposals = Annotated[Principal, rights.may(PROPOSALS_READ)]
PROPOSALS_WRITE = rights.right("inspection_proposals.write", BUREAU_AND_UNITS)
MayWriteProposals = Annotated[Principal, rights.may(PROPOSALS_WRITE)]
INSPECTION_PLANS_READ = rights.right("inspection_plans.read", EVERYONE_IN_DISTRICT)
MayReadInspectionPlans = Annotated[Principal, rights.may(INSPECTION_PLANS_READ)]
INSPECTION_PLANS_MERGE = rights.right("inspection_plans.merge", BUREAU)
MayMergeInspectionPlans = Annotated[Principal, rights.may(INSPECTION_PLANS_MERGE)]
INSPECTION_PLANS_DECIDE = rights.right("inspection_plans.decide", GOVERNMENT)
MayDecideInspectionPlans = Annotated[Principal, rights.may(INSPECTION_PLANS_DECIDE)]
INSPECTION_PLAN_MOVES: Final[Mapping[str, Right]] = {
    "merge": INSPECTION_PLANS_MERGE,
    "submit": INSPECTION_PLANS_MERGE,
    "return": INSPECTION_PLANS_DECIDE,
    "approve": INSPECTION_PLANS_DECIDE,
    "change": INSPECTION_PLANS_MERGE,
}
INSPECTIONS_READ = rights.right("inspections.read", DISTRICT_OR_OWN_UNITS)
MayReadInspections = Annotated[Principal, rights.may(INSPECTIONS_READ)]
INSPECTIONS_RECORD = rights.right("inspections.record", ENTERING)
MayRecordInspections = Annotated[Principal, rights.may(INSPECTIONS_RECORD)]
INSPECTIONS_VOID = rights.right("inspections.void", BUREAU_AND_LEADERS)
MayVoidInspections = Annotated[Principal, rights.may(INSPECTIONS_VOID)]

# Who organises draws, and who may watch over them as a witness.
RANDOM_DRAWS_READ = rights.right("random_draws.read", EVERYONE_IN_DISTRICT)
MayReadRandomDraws = Annotated[Principal, rights.may(RANDOM_DRAWS_READ)]
RANDOM_DRAWS_DRAW = rights.right("random_draws.draw", BUREAU_AND_LEADERS)
MayDrawAtRandom = Annotated[Principal, rights.may(RANDOM_DRAWS_DRAW)]
RANDOM_DRAWS_WITNESS = rights.right(
    "random_draws.witness",
    dict.fromkeys((Role.BUREAU, Role.GOVERNMENT, Role.UNIT_MANAGER, Role.UNIT_MEMBER), Scope.DISTRICT),
)
MayWitnessRandomDraws = Annotated[Principal, rights.may(RANDOM_DRAWS_WITNESS)]
