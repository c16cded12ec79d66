"""The rows of the rights table of this service, and the typed aliases made from them."""

from __future__ import annotations

from typing import Annotated

from services.kit import rights
from services.kit.principal import Principal, Role, Scope
from services.kit.registers.kinds import Grants

# --------------------------------------------------------------------------------------- numbers and case files
DISTRICT_READERS = {
    Role.BUREAU: Scope.DISTRICT,
    Role.UNIT_MANAGER: Scope.DISTRICT,
    Role.UNIT_MEMBER: Scope.DISTRICT,
    Role.PLATFORM: Scope.DISTRICT,
}
ENTERING = {Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW, Role.UNIT_MEMBER: Scope.UNIT, Role.PLATFORM: Scope.DISTRICT}
LEADING = {Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW}

# How numbers are written is no secret within a district.
NUMBER_PATTERNS_READ = rights.right("number_patterns.read", DISTRICT_READERS)
MayReadNumberPatterns = Annotated[Principal, rights.may(NUMBER_PATTERNS_READ)]
NUMBER_PATTERNS_WRITE = rights.right("number_patterns.write", {Role.BUREAU: Scope.DISTRICT})
MayWriteNumberPatterns = Annotated[Principal, rights.may(NUMBER_PATTERNS_WRITE)]

CASE_NUMBERS_READ = rights.right("case_numbers.read", {Role.BUREAU: Scope.DISTRICT} | ENTERING)
MayReadCaseNumbers = Annotated[Principal, rights.may(CASE_NUMBERS_READ)]
CASE_NUMBERS_RESERVE = rights.right("case_numbers.reserve", ENTERING)
MayReserveCaseNumbers = Annotated[Principal, rights.may(CASE_NUMBERS_RESERVE)]
CASE_NUMBERS_VOID = rights.right("case_numbers.void", LEADING)
MayVoidCaseNumbers = Annotated[Principal, rights.may(CASE_NUMBERS_VOID)]

DOCUMENT_NUMBERS_READ = rights.right("document_numbers.read", {Role.BUREAU: Scope.DISTRICT} | ENTERING)
MayReadDocumentNumbers = Annotated[Principal, rights.may(DOCUMENT_NUMBERS_READ)]
DOCUMENT_NUMBERS_RESERVE = rights.right("document_numbers.reserve", ENTERING)
MayReserveDocumentNumbers = Annotated[Principal, rights.may(DOCUMENT_NUMBERS_RESERVE)]
DOCUMENT_NUMBERS_VOID = rights.right("document_numbers.void", LEADING)
MayVoidDocumentNumbers = Annotated[Principal, rights.may(DOCUMENT_NUMBERS_VOID)]

# A reviewer sees the files assigned; the government sees no single file at all.
CASE_FILES_READ = rights.right("case_files.read", {Role.BUREAU: Scope.DISTRICT, Role.REVIEWER: Scope.ASSIGNED} | ENTERING)
MayReadCaseFiles = Annotated[Principal, rights.may(CASE_FILES_READ)]
CASE_FILES_WRITE = rights.right("case_files.write", ENTERING)
MayWriteCaseFiles = Annotated[Principal, rights.may(CASE_FILES_WRITE)]
# Blacking documents out for reviewers who are not to know whose they are: the unit's own people, or the bureau.
CASE_FILES_REDACT = rights.right("case_files.redact", {Role.BUREAU: Scope.DISTRICT} | ENTERING)
MayRedactDocuments = Annotated[Principal, rights.may(CASE_FILES_REDACT)]
# Closing and archiving; the platform's imports may bring files that are closed already.
CASE_FILES_CLOSE = rights.right("case_files.close", LEADING | {Role.PLATFORM: Scope.DISTRICT})
MayCloseCaseFiles = Annotated[Principal, rights.may(CASE_FILES_CLOSE)]
CASE_FILES_VOID = rights.right("case_files.void", LEADING)
MayVoidCaseFiles = Annotated[Principal, rights.may(CASE_FILES_VOID)]
CASE_FILES_REOPEN = rights.right("case_files.reopen", LEADING)
MayReopenCaseFiles = Annotated[Principal, rights.may(CASE_FILES_REOPEN)]
PARTIES_DISCLOSE = rights.right("parties.disclose", LEADING)
MayDiscloseParties = Annotated[Principal, rights.may(PARTIES_DISCLOSE)]

# Files of past years are closed already, so whoever brings them may close.
CASE_FILES_IMPORT = rights.right("case_files.import", LEADING | {Role.PLATFORM: Scope.DISTRICT})
MayImportCaseFiles = Annotated[Principal, rights.may(CASE_FILES_IMPORT)]
# Counts without any single file.
CASE_STATISTICS_READ = rights.right(
    "case_statistics.read",
    {Role.BUREAU: Scope.DISTRICT, Role.GOVERNMENT: Scope.DISTRICT} | ENTERING,
)
MayReadCaseStatistics = Annotated[Principal, rights.may(CASE_STATISTICS_READ)]


# --------------------------------------------------------------------------------------- what surrounds a case
def _surrounding(name: str) -> Grants:
    read, void = {Role.BUREAU: Scope.DISTRICT} | ENTERING, LEADING | {Role.PLATFORM: Scope.DISTRICT}
    return Grants(rights.right(f"{name}.read", read), rights.right(f"{name}.write", ENTERING), rights.right(f"{name}.void", void))


SURROUNDINGS = {
    name: _surrounding(name)
    for name in ("legal_reviews", "publicity_records", "transfers", "mediations", "litigations", "typical_cases")
}

# Which powers a township has from whom is public in the district; the bureau keeps the list, or the township its own.
GRANTED_ITEMS = Grants(
    rights.right("granted_items.read", DISTRICT_READERS | {Role.GOVERNMENT: Scope.DISTRICT, Role.REVIEWER: Scope.DISTRICT}),
    rights.right("granted_items.write", {Role.BUREAU: Scope.DISTRICT} | ENTERING),
    rights.right("granted_items.void", {Role.BUREAU: Scope.DISTRICT} | LEADING),
)

# Files of records, in and out: whoever may read or enter some kind; each kind's own right decides.
CASE_RECORDS_READ = rights.right("case_records.read", GRANTED_ITEMS.read.grants)
CASE_RECORDS_IMPORT = rights.right("case_records.import", GRANTED_ITEMS.write.grants)


def _public(name: str) -> Grants:
    """What the law wants public is read by everybody in the district; the units keep it, or the bureau does."""
    read = rights.right(f"{name}.read", DISTRICT_READERS | {Role.GOVERNMENT: Scope.DISTRICT, Role.REVIEWER: Scope.DISTRICT})
    write = rights.right(f"{name}.write", {Role.BUREAU: Scope.DISTRICT} | ENTERING)
    return Grants(read, write, rights.right(f"{name}.void", {Role.BUREAU: Scope.DISTRICT} | LEADING))


MONITORING_EQUIPMENT = _public("monitoring_equipment")
LENIENT_ITEMS = _public("lenient_items")

# --------------------------------------------------------------------------------------- the legal check
# By which limits and thresholds files are checked is no secret within a district.
LEGAL_SETTINGS_READ = rights.right("legal_settings.read", DISTRICT_READERS | {Role.REVIEWER: Scope.DISTRICT})
MayReadLegalSettings = Annotated[Principal, rights.may(LEGAL_SETTINGS_READ)]
LEGAL_SETTINGS_WRITE = rights.right("legal_settings.write", {Role.BUREAU: Scope.DISTRICT})
MayWriteLegalSettings = Annotated[Principal, rights.may(LEGAL_SETTINGS_WRITE)]
# Lists over many files; a reviewer sees the defects of the files assigned, one by one.
DEFECTS_READ = rights.right("defects.read", {Role.BUREAU: Scope.DISTRICT} | ENTERING)
MayReadDefects = Annotated[Principal, rights.may(DEFECTS_READ)]
# Leaving a defect as it is: the unit answers for it, or the bureau; nothing disappears by it.
DEFECTS_OVERRIDE = rights.right("defects.override", {Role.BUREAU: Scope.DISTRICT} | LEADING)
MayOverrideDefects = Annotated[Principal, rights.may(DEFECTS_OVERRIDE)]

# ------------------------------------------------------------------------------------- discretion benchmarks
# What is public may be read in the whole district; who may read drafts is filtered by row.
BENCHMARKS_READ = rights.right("discretion_benchmarks.read", DISTRICT_READERS | {Role.GOVERNMENT: Scope.DISTRICT})
MayReadBenchmarks = Annotated[Principal, rights.may(BENCHMARKS_READ)]
BENCHMARKS_WRITE = rights.right("discretion_benchmarks.write", ENTERING)
MayWriteBenchmarks = Annotated[Principal, rights.may(BENCHMARKS_WRITE)]
BENCHMARKS_PUBLISH = rights.right("discretion_benchmarks.publish", LEADING | {Role.PLATFORM: Scope.DISTRICT})
MayPublishBenchmarks = Annotated[Principal, rights.may(BENCHMARKS_PUBLISH)]
BENCHMARKS_RECEIVE = rights.right("discretion_benchmarks.receive", {Role.BUREAU: Scope.DISTRICT})
MayReceiveBenchmarks = Annotated[Principal, rights.may(BENCHMARKS_RECEIVE)]
# Whom messages about drafts reach; no route asks for it.
BENCHMARKS_DRAFTS = rights.right("discretion_benchmarks.drafts", {Role.BUREAU: Scope.DISTRICT} | ENTERING)

# --------------------------------------------------------------------------------------- reviews of case files
WHOLE_DISTRICT = {
    Role.BUREAU: Scope.DISTRICT,
    Role.GOVERNMENT: Scope.DISTRICT,
    Role.UNIT_MANAGER: Scope.DISTRICT,
    Role.UNIT_MEMBER: Scope.DISTRICT,
    Role.REVIEWER: Scope.DISTRICT,
}
ORGANISING = {Role.BUREAU: Scope.DISTRICT, Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW}

# By what standard, when and by which round files are reviewed is no secret within a district; what was found is.
RUBRICS_READ = rights.right("rubrics.read", WHOLE_DISTRICT)
MayReadRubrics = Annotated[Principal, rights.may(RUBRICS_READ)]
RUBRICS_WRITE = rights.right("rubrics.write", {Role.BUREAU: Scope.DISTRICT})
MayWriteRubrics = Annotated[Principal, rights.may(RUBRICS_WRITE)]

RUBRICS_TRY = rights.right("rubrics.what_if", {Role.BUREAU: Scope.DISTRICT})
MayTryRubrics = Annotated[Principal, rights.may(RUBRICS_TRY)]

REVIEW_CAMPAIGNS_READ = rights.right("review_campaigns.read", WHOLE_DISTRICT)
MayReadReviewCampaigns = Annotated[Principal, rights.may(REVIEW_CAMPAIGNS_READ)]
REVIEW_CAMPAIGNS_WRITE = rights.right("review_campaigns.write", {Role.BUREAU: Scope.DISTRICT})
MayWriteReviewCampaigns = Annotated[Principal, rights.may(REVIEW_CAMPAIGNS_WRITE)]

REVIEW_ROUNDS_READ = rights.right("review_rounds.read", WHOLE_DISTRICT)
MayReadReviewRounds = Annotated[Principal, rights.may(REVIEW_ROUNDS_READ)]
# Creating, assigning, publishing: a unit holds its self-review itself (plan task 16).
REVIEW_ROUNDS_WRITE = rights.right("review_rounds.write", ORGANISING)
MayWriteReviewRounds = Annotated[Principal, rights.may(REVIEW_ROUNDS_WRITE)]
# Closing and voiding: no unit makes a bad result disappear.
REVIEW_ROUNDS_END = rights.right("review_rounds.end", {Role.BUREAU: Scope.DISTRICT})
MayEndReviewRounds = Annotated[Principal, rights.may(REVIEW_ROUNDS_END)]

# Cross reviews and samples are the bureau's: their frames, seeds and draws.
REVIEW_ROUNDS_DRAW = rights.right("review_rounds.draw", {Role.BUREAU: Scope.DISTRICT})
MayDraw = Annotated[Principal, rights.may(REVIEW_ROUNDS_DRAW)]
# Anybody of the district may witness a draw by a secret of their own, and check its record.
DRAWS_WITNESS = rights.right("draws.witness", WHOLE_DISTRICT)
MayWitnessDraws = Annotated[Principal, rights.may(DRAWS_WITNESS)]
DRAWS_READ = rights.right("draws.read", WHOLE_DISTRICT)
MayReadDraws = Annotated[Principal, rights.may(DRAWS_READ)]

REVIEWERS_READ = rights.right("reviewers.read", ORGANISING | {Role.REVIEWER: Scope.ASSIGNED})
MayReadReviewers = Annotated[Principal, rights.may(REVIEWERS_READ)]
REVIEWERS_WRITE = rights.right("reviewers.write", {Role.BUREAU: Scope.DISTRICT})
MayWriteReviewers = Annotated[Principal, rights.may(REVIEWERS_WRITE)]
# Why somebody stays away from a file may be private: the person concerned and the bureau see it.
CONFLICT_DECLARATIONS_READ = rights.right(
    "conflict_declarations.read", {Role.BUREAU: Scope.DISTRICT, Role.REVIEWER: Scope.ASSIGNED}
)
MayReadConflicts = Annotated[Principal, rights.may(CONFLICT_DECLARATIONS_READ)]
CONFLICT_DECLARATIONS_WRITE = rights.right(
    "conflict_declarations.write", {Role.BUREAU: Scope.DISTRICT, Role.REVIEWER: Scope.ASSIGNED}
)
MayDeclareConflicts = Annotated[Principal, rights.may(CONFLICT_DECLARATIONS_WRITE)]
CONFLICT_CHECKS = rights.right("conflict_checks.run", {Role.BUREAU: Scope.DISTRICT})
MayCheckConflicts = Annotated[Principal, rights.may(CONFLICT_CHECKS)]

REVIEW_SETTINGS_READ = rights.right("review_settings.read", WHOLE_DISTRICT)
MayReadReviewSettings = Annotated[Principal, rights.may(REVIEW_SETTINGS_READ)]
REVIEW_SETTINGS_WRITE = rights.right("review_settings.write", {Role.BUREAU: Scope.DISTRICT})
MayWriteReviewSettings = Annotated[Principal, rights.may(REVIEW_SETTINGS_WRITE)]

REVIEW_ASSIGNMENTS_READ = rights.right("review_assignments.read", ORGANISING | {Role.REVIEWER: Scope.ASSIGNED})
MayReadReviewAssignments = Annotated[Principal, rights.may(REVIEW_ASSIGNMENTS_READ)]

REVIEW_ASSIGNMENTS_ANSWER = rights.right("review_assignments.answer", {Role.REVIEWER: Scope.ASSIGNED})
MayAnswerAssignments = Annotated[Principal, rights.may(REVIEW_ASSIGNMENTS_ANSWER)]
REVIEW_ASSIGNMENTS_REASSIGN = rights.right("review_assignments.reassign", {Role.BUREAU: Scope.DISTRICT})
MayReassign = Annotated[Principal, rights.may(REVIEW_ASSIGNMENTS_REASSIGN)]

# A unit sees the reviews of its files once their round is published, and no draft ever.
REVIEWS_READ = rights.right("reviews.read", ORGANISING | {Role.REVIEWER: Scope.ASSIGNED})
MayReadReviews = Annotated[Principal, rights.may(REVIEWS_READ)]
REVIEWS_HISTORY = rights.right("reviews.history", {Role.BUREAU: Scope.DISTRICT, Role.REVIEWER: Scope.ASSIGNED})
MayReadReviewHistory = Annotated[Principal, rights.may(REVIEWS_HISTORY)]
REVIEWS_WRITE = rights.right("reviews.write", {Role.REVIEWER: Scope.ASSIGNED})
MayWriteReviews = Annotated[Principal, rights.may(REVIEWS_WRITE)]
REVIEWS_OVERRIDE = rights.right("reviews.override", {Role.BUREAU: Scope.DISTRICT})
MayOverrideReviews = Annotated[Principal, rights.may(REVIEWS_OVERRIDE)]

# Both sheets are the arbitrator's to read, never who wrote them; a unit reads what came of it once published.
ARBITRATIONS_READ = rights.right("arbitrations.read", ORGANISING | {Role.REVIEWER: Scope.ASSIGNED})
MayReadArbitrations = Annotated[Principal, rights.may(ARBITRATIONS_READ)]
ARBITRATIONS_HISTORY = rights.right("arbitrations.history", {Role.BUREAU: Scope.DISTRICT, Role.REVIEWER: Scope.ASSIGNED})
MayReadArbitrationHistory = Annotated[Principal, rights.may(ARBITRATIONS_HISTORY)]
ARBITRATIONS_DECIDE = rights.right("arbitrations.decide", {Role.REVIEWER: Scope.ASSIGNED})
MayArbitrate = Annotated[Principal, rights.may(ARBITRATIONS_DECIDE)]
ARBITRATIONS_ORGANISE = rights.right("arbitrations.organise", {Role.BUREAU: Scope.DISTRICT})
MayOrganiseArbitrations = Annotated[Principal, rights.may(ARBITRATIONS_ORGANISE)]

RESULTS_READ = rights.right("results.read", ORGANISING)
MayReadResults = Annotated[Principal, rights.may(RESULTS_READ)]

# --------------------------------------------------------------------------------------- templates of documents
DOCUMENT_TEMPLATES_READ = rights.right("document_templates.read", WHOLE_DISTRICT | {Role.PLATFORM: Scope.DISTRICT})
MayReadDocumentTemplates = Annotated[Principal, rights.may(DOCUMENT_TEMPLATES_READ)]
DOCUMENT_TEMPLATES_WRITE = rights.right(
    "document_templates.write",
    {Role.BUREAU: Scope.DISTRICT, Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW, Role.UNIT_MEMBER: Scope.UNIT},
)
MayWriteDocumentTemplates = Annotated[Principal, rights.may(DOCUMENT_TEMPLATES_WRITE)]
DOCUMENT_TEMPLATES_PUBLISH = rights.right("document_templates.publish", ORGANISING)
MayPublishDocumentTemplates = Annotated[Principal, rights.may(DOCUMENT_TEMPLATES_PUBLISH)]

# --------------------------------------------------------------------------------------- guidance of township cases
GUIDANCE_SETTINGS_READ = rights.right("guidance_settings.read", WHOLE_DISTRICT)
MayReadGuidanceSettings = Annotated[Principal, rights.may(GUIDANCE_SETTINGS_READ)]
GUIDANCE_SETTINGS_WRITE = rights.right("guidance_settings.write", {Role.BUREAU: Scope.DISTRICT})
MayWriteGuidanceSettings = Annotated[Principal, rights.may(GUIDANCE_SETTINGS_WRITE)]
# Draws are witnessed by anybody of the district, and how far departments are with their share is no secret in it.
GUIDANCE_ROUNDS_READ = rights.right("guidance_rounds.read", WHOLE_DISTRICT)
MayReadGuidanceRounds = Annotated[Principal, rights.may(GUIDANCE_ROUNDS_READ)]
GUIDANCE_ROUNDS_WRITE = rights.right("guidance_rounds.write", ORGANISING)
MayWriteGuidanceRounds = Annotated[Principal, rights.may(GUIDANCE_ROUNDS_WRITE)]
GUIDANCE_SHARES_READ = rights.right("guidance_shares.read", WHOLE_DISTRICT)
MayReadGuidanceShares = Annotated[Principal, rights.may(GUIDANCE_SHARES_READ)]
# What was advised is read by the department, by the unit whose case it is, and by the bureau; only the department writes.
GUIDANCES_READ = rights.right(
    "guidances.read",
    {Role.BUREAU: Scope.DISTRICT, Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW, Role.UNIT_MEMBER: Scope.UNIT},
)
MayReadGuidances = Annotated[Principal, rights.may(GUIDANCES_READ)]
GUIDANCES_WRITE = rights.right("guidances.write", {Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW, Role.UNIT_MEMBER: Scope.UNIT})
MayWriteGuidances = Annotated[Principal, rights.may(GUIDANCES_WRITE)]
GUIDANCES_CHOOSE = rights.right("guidances.choose", LEADING)
MayChooseGuidances = Annotated[Principal, rights.may(GUIDANCES_CHOOSE)]

# Figures over many files; who reviewed how is told to the bureau alone.
REVIEW_STATISTICS_READ = rights.right("review_statistics.read", ORGANISING | {Role.GOVERNMENT: Scope.DISTRICT})
MayReadReviewStatistics = Annotated[Principal, rights.may(REVIEW_STATISTICS_READ)]

# Files with known scores: set by the bureau, reviewed by everybody of the pool.
CALIBRATIONS_READ = rights.right("calibrations.read", {Role.BUREAU: Scope.DISTRICT, Role.REVIEWER: Scope.ASSIGNED})
MayReadCalibrations = Annotated[Principal, rights.may(CALIBRATIONS_READ)]
CALIBRATIONS_WRITE = rights.right("calibrations.write", {Role.BUREAU: Scope.DISTRICT})
MayWriteCalibrations = Annotated[Principal, rights.may(CALIBRATIONS_WRITE)]
CALIBRATIONS_REVIEW = rights.right("calibrations.review", {Role.REVIEWER: Scope.ASSIGNED})
MayReviewCalibrations = Annotated[Principal, rights.may(CALIBRATIONS_REVIEW)]

# The whole record of a campaign, and the circular that tells of it.
REVIEW_CAMPAIGNS_EXPORT = rights.right("review_campaigns.export", {Role.BUREAU: Scope.DISTRICT})
MayExportReviewCampaigns = Annotated[Principal, rights.may(REVIEW_CAMPAIGNS_EXPORT)]

# A unit objects to what was found in its files; whoever decides is named by the bureau and had nothing to do with it.
OBJECTIONS_READ = rights.right("objections.read", ORGANISING | {Role.REVIEWER: Scope.ASSIGNED})
MayReadObjections = Annotated[Principal, rights.may(OBJECTIONS_READ)]
OBJECTIONS_FILE = rights.right("objections.file", LEADING)
MayFileObjections = Annotated[Principal, rights.may(OBJECTIONS_FILE)]
OBJECTIONS_ASSIGN = rights.right("objections.assign", {Role.BUREAU: Scope.DISTRICT})
MayAssignObjections = Annotated[Principal, rights.may(OBJECTIONS_ASSIGN)]
OBJECTIONS_DECIDE = rights.right("objections.decide", {Role.BUREAU: Scope.DISTRICT, Role.REVIEWER: Scope.ASSIGNED})
MayDecideObjections = Annotated[Principal, rights.may(OBJECTIONS_DECIDE)]

# What is to be put right: given out and checked by the bureau, reported by the unit's people.
RECTIFICATIONS_READ = rights.right(
    "rectifications.read",
    {Role.BUREAU: Scope.DISTRICT, Role.GOVERNMENT: Scope.DISTRICT} | LEADING | {Role.UNIT_MEMBER: Scope.UNIT},
)
MayReadRectifications = Annotated[Principal, rights.may(RECTIFICATIONS_READ)]
RECTIFICATIONS_ORDER = rights.right("rectifications.order", {Role.BUREAU: Scope.DISTRICT})
MayOrderRectifications = Annotated[Principal, rights.may(RECTIFICATIONS_ORDER)]
RECTIFICATIONS_REPORT = rights.right("rectifications.report", LEADING | {Role.UNIT_MEMBER: Scope.UNIT})
MayReportRectifications = Annotated[Principal, rights.may(RECTIFICATIONS_REPORT)]
