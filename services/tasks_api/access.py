"""The rows of the rights table of tasks_api, and the typed aliases made from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from services.kit import rights
from services.kit.principal import Principal, Role, Scope
from services.kit.registers.kinds import Grants
from services.kit.rights import Right

# Plan and tasks are public facts of a district: whoever works in it may read them all.
EVERYONE_IN_DISTRICT = {
    Role.BUREAU: Scope.DISTRICT,
    Role.GOVERNMENT: Scope.DISTRICT,
    Role.UNIT_MANAGER: Scope.DISTRICT,
    Role.UNIT_MEMBER: Scope.DISTRICT,
    Role.PLATFORM: Scope.DISTRICT,
}
# Whose progress may be read: the district's organs see all units, a unit sees itself and what stands below it.
DISTRICT_OR_OWN_UNITS = {
    Role.BUREAU: Scope.DISTRICT,
    Role.GOVERNMENT: Scope.DISTRICT,
    Role.PLATFORM: Scope.DISTRICT,
    Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW,
    Role.UNIT_MEMBER: Scope.UNIT,
}
BUREAU_ONLY = {Role.BUREAU: Scope.DISTRICT}
MANAGERS = {Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW}
# The bureau, and for parts of assignments the unit that gave them on.
ISSUERS = {Role.BUREAU: Scope.DISTRICT, Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW}
UNITS_PEOPLE = {Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW, Role.UNIT_MEMBER: Scope.UNIT}

PLANS_READ = rights.right("plans.read", EVERYONE_IN_DISTRICT)
MayReadPlans = Annotated[Principal, rights.may(PLANS_READ)]
PLANS_WRITE = rights.right("plans.write", BUREAU_ONLY)
MayWritePlans = Annotated[Principal, rights.may(PLANS_WRITE)]
TASKS_READ = rights.right("tasks.read", EVERYONE_IN_DISTRICT)
MayReadTasks = Annotated[Principal, rights.may(TASKS_READ)]
TASKS_WRITE = rights.right("tasks.write", BUREAU_ONLY)
MayWriteTasks = Annotated[Principal, rights.may(TASKS_WRITE)]
TASKS_DELEGATE = rights.right("tasks.delegate", ISSUERS)
MayDelegateTasks = Annotated[Principal, rights.may(TASKS_DELEGATE)]
PLANS_ACTIVATE = rights.right("plans.activate", BUREAU_ONLY)
MayActivatePlans = Annotated[Principal, rights.may(PLANS_ACTIVATE)]
PLANS_REVISE = rights.right("plans.revise", BUREAU_ONLY)
MayRevisePlans = Annotated[Principal, rights.may(PLANS_REVISE)]

ASSIGNMENTS_READ = rights.right("assignments.read", DISTRICT_OR_OWN_UNITS)
MayReadAssignments = Annotated[Principal, rights.may(ASSIGNMENTS_READ)]

# Who may move an assignment: its unit's leader signs and hands in, all of the unit work on it; the bureau decides, and the
# leader of a unit on the parts the unit gave on.
MOVES: Final[Mapping[str, Right]] = {
    verb: rights.right(f"assignments.{verb}", grants)
    for verb, grants in {
        "sign": MANAGERS,
        "start": UNITS_PEOPLE,
        "submit": MANAGERS,
        "return": ISSUERS,
        "approve": ISSUERS,
        "suspend": ISSUERS,
        "resume": ISSUERS,
        "void": ISSUERS,
        "reassign": ISSUERS,
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

PROGRESS_REPORTS_WRITE = rights.right("progress_reports.write", UNITS_PEOPLE)
MayReportProgress = Annotated[Principal, rights.may(PROGRESS_REPORTS_WRITE)]

EXTENSIONS_READ = rights.right("extension_requests.read", DISTRICT_OR_OWN_UNITS)
MayReadExtensions = Annotated[Principal, rights.may(EXTENSIONS_READ)]
EXTENSIONS_REQUEST = rights.right("extension_requests.write", MANAGERS)
MayRequestExtensions = Annotated[Principal, rights.may(EXTENSIONS_REQUEST)]
EXTENSIONS_DECIDE = rights.right("extension_requests.decide", ISSUERS)
MayDecideExtensions = Annotated[Principal, rights.may(EXTENSIONS_DECIDE)]
LATENESS_READ = rights.right("lateness.read", DISTRICT_OR_OWN_UNITS)
MayReadLateness = Annotated[Principal, rights.may(LATENESS_READ)]
ESCALATION_RULES_READ = rights.right("escalation_rules.read", EVERYONE_IN_DISTRICT)
MayReadEscalationRules = Annotated[Principal, rights.may(ESCALATION_RULES_READ)]
ESCALATION_RULES_WRITE = rights.right("escalation_rules.write", BUREAU_ONLY)
MayWriteEscalationRules = Annotated[Principal, rights.may(ESCALATION_RULES_WRITE)]
SETTINGS_READ = rights.right("supervision_settings.read", EVERYONE_IN_DISTRICT)
MayReadSettings = Annotated[Principal, rights.may(SETTINGS_READ)]
SETTINGS_WRITE = rights.right("supervision_settings.write", BUREAU_ONLY)
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
NOTICES_ISSUE = rights.right("supervision_notices.issue", BUREAU_ONLY)
MayIssueNotices = Annotated[Principal, rights.may(NOTICES_ISSUE)]
NOTICE_MOVES: Final[Mapping[str, Right]] = {
    "reply": rights.right("supervision_notices.reply", MANAGERS),
    "return": rights.right("supervision_notices.return", BUREAU_ONLY),
    "close": rights.right("supervision_notices.close", BUREAU_ONLY),
    "void": rights.right("supervision_notices.void", BUREAU_ONLY),
}
MayReplyToNotices = Annotated[Principal, rights.may(NOTICE_MOVES["reply"])]
MayReturnReplies = Annotated[Principal, rights.may(NOTICE_MOVES["return"])]
MayCloseNotices = Annotated[Principal, rights.may(NOTICE_MOVES["close"])]
MayVoidNotices = Annotated[Principal, rights.may(NOTICE_MOVES["void"])]
ESCALATIONS_READ = rights.right("escalations.read", DISTRICT_OR_OWN_UNITS)
MayReadEscalations = Annotated[Principal, rights.may(ESCALATIONS_READ)]
ESCALATIONS_SWEEP = rights.right("escalations.sweep", BUREAU_ONLY)
MaySweep = Annotated[Principal, rights.may(ESCALATIONS_SWEEP)]
REMINDERS_SEND = rights.right("assignments.remind", ISSUERS)
MayRemind = Annotated[Principal, rights.may(REMINDERS_SEND)]

# --------------------------------------------------------------------------------------- typed registers
# Who enters records of a unit: its own people, those above it, the bureau, and the provincial platform by external ids.
ENTERING = {
    Role.BUREAU: Scope.DISTRICT,
    Role.PLATFORM: Scope.DISTRICT,
    Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW,
    Role.UNIT_MEMBER: Scope.UNIT,
}
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
REPORTS_READ = rights.right("reports.read", {Role.BUREAU: Scope.DISTRICT, Role.GOVERNMENT: Scope.DISTRICT})
MayReadReports = Annotated[Principal, rights.may(REPORTS_READ)]
REPORTS_WRITE = rights.right("reports.write", BUREAU_ONLY)
MayWriteReports = Annotated[Principal, rights.may(REPORTS_WRITE)]
WRITES_REPORTS: Final = frozenset(BUREAU_ONLY)
OBLIGATIONS_READ = rights.right("obligations.read", DISTRICT_OR_OWN_UNITS)
MayReadObligations = Annotated[Principal, rights.may(OBLIGATIONS_READ)]
OBLIGATIONS_DECLARE = rights.right("obligations.declare", ISSUERS)
MayDeclare = Annotated[Principal, rights.may(OBLIGATIONS_DECLARE)]
OBLIGATIONS_RECORD = rights.right("obligations.record", BUREAU_ONLY)
MayRecordObligations = Annotated[Principal, rights.may(OBLIGATIONS_RECORD)]


# ----------------------------------------------------------------------------- problem list, complaints, inspections
# The bureau lists problems of everybody, a unit those it found itself.
PROBLEMS_READ = rights.right("problems.read", DISTRICT_OR_OWN_UNITS)
MayReadProblems = Annotated[Principal, rights.may(PROBLEMS_READ)]
PROBLEMS_LIST = rights.right("problems.list", ISSUERS)
MayListProblems = Annotated[Principal, rights.may(PROBLEMS_LIST)]
PROBLEM_MOVES: Final[Mapping[str, Right]] = {
    verb: rights.right(f"problems.{verb}", grants)
    for verb, grants in {
        "measure": UNITS_PEOPLE,
        "submit": MANAGERS,
        "return": BUREAU_ONLY,
        "close": BUREAU_ONLY,
        "reopen": BUREAU_ONLY,
        "void": BUREAU_ONLY,
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
SUMMARIES_WRITE = rights.right("problem_summaries.write", {Role.BUREAU: Scope.DISTRICT} | UNITS_PEOPLE)
MayWriteSummaries = Annotated[Principal, rights.may(SUMMARIES_WRITE)]
SUMMARIES_SUBMIT = rights.right("problem_summaries.submit", ISSUERS)
MaySubmitSummaries = Annotated[Principal, rights.may(SUMMARIES_SUBMIT)]
# The bureau on the units' summaries, the government on the roll-up.
SUMMARIES_DECIDE = rights.right("problem_summaries.decide", {Role.BUREAU: Scope.DISTRICT, Role.GOVERNMENT: Scope.DISTRICT})
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
COMPLAINANTS_DISCLOSE = rights.right("complaints.disclose", ISSUERS)
MayDiscloseComplainants = Annotated[Principal, rights.may(COMPLAINANTS_DISCLOSE)]
COMPLAINT_MOVES: Final[Mapping[str, Right]] = {
    verb: rights.right(f"complaints.{verb}", grants)
    for verb, grants in {
        "accept": UNITS_PEOPLE,
        "transfer": ISSUERS,
        "reply": UNITS_PEOPLE,
        "return": BUREAU_ONLY,
        "rate": {Role.BUREAU: Scope.DISTRICT} | UNITS_PEOPLE,
        "close": ISSUERS,
        "void": BUREAU_ONLY,
        "link": {Role.BUREAU: Scope.DISTRICT} | UNITS_PEOPLE,
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
PROPOSALS_WRITE = rights.right("inspection_proposals.write", {Role.BUREAU: Scope.DISTRICT} | UNITS_PEOPLE)
MayWriteProposals = Annotated[Principal, rights.may(PROPOSALS_WRITE)]
INSPECTION_PLANS_READ = rights.right("inspection_plans.read", EVERYONE_IN_DISTRICT)
MayReadInspectionPlans = Annotated[Principal, rights.may(INSPECTION_PLANS_READ)]
INSPECTION_PLANS_MERGE = rights.right("inspection_plans.merge", BUREAU_ONLY)
MayMergeInspectionPlans = Annotated[Principal, rights.may(INSPECTION_PLANS_MERGE)]
INSPECTION_PLANS_DECIDE = rights.right("inspection_plans.decide", {Role.GOVERNMENT: Scope.DISTRICT})
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
INSPECTIONS_VOID = rights.right("inspections.void", ISSUERS)
MayVoidInspections = Annotated[Principal, rights.may(INSPECTIONS_VOID)]

# Who organises draws, and who may watch over them as a witness.
RANDOM_DRAWS_READ = rights.right("random_draws.read", EVERYONE_IN_DISTRICT)
MayReadRandomDraws = Annotated[Principal, rights.may(RANDOM_DRAWS_READ)]
RANDOM_DRAWS_DRAW = rights.right("random_draws.draw", ISSUERS)
MayDrawAtRandom = Annotated[Principal, rights.may(RANDOM_DRAWS_DRAW)]
RANDOM_DRAWS_WITNESS = rights.right(
    "random_draws.witness",
    dict.fromkeys((Role.BUREAU, Role.GOVERNMENT, Role.UNIT_MANAGER, Role.UNIT_MEMBER), Scope.DISTRICT),
)
MayWitnessRandomDraws = Annotated[Principal, rights.may(RANDOM_DRAWS_WITNESS)]
