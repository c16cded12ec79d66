"""The rows of the rights table of this service, and the typed aliases made from them."""

from __future__ import annotations

from typing import Annotated

from services.kit import rights
from services.kit.grants import (
    BUREAU,
    BUREAU_AND_LEADERS,
    BUREAU_AND_UNITS,
    DISTRICT_READERS,
    GOVERNMENT,
    LEADERS,
    PLATFORM,
    REVIEWERS,
    UNITS,
)
from services.kit.principal import Principal, Role, Scope
from services.kit.registers.kinds import Grants

# --------------------------------------------------------------------------------------- numbers and case files
ENTERING = UNITS | PLATFORM

# How numbers are written is no secret within a district.
NUMBER_PATTERNS_READ = rights.right("number_patterns.read", DISTRICT_READERS)
MayReadNumberPatterns = Annotated[Principal, rights.may(NUMBER_PATTERNS_READ)]
NUMBER_PATTERNS_WRITE = rights.right("number_patterns.write", BUREAU)
MayWriteNumberPatterns = Annotated[Principal, rights.may(NUMBER_PATTERNS_WRITE)]

CASE_NUMBERS_READ = rights.right("case_numbers.read", BUREAU | ENTERING)
MayReadCaseNumbers = Annotated[Principal, rights.may(CASE_NUMBERS_READ)]
CASE_NUMBERS_RESERVE = rights.right("case_numbers.reserve", ENTERING)
MayReserveCaseNumbers = Annotated[Principal, rights.may(CASE_NUMBERS_RESERVE)]
CASE_NUMBERS_VOID = rights.right("case_numbers.void", LEADERS)
MayVoidCaseNumbers = Annotated[Principal, rights.may(CASE_NUMBERS_VOID)]

DOCUMENT_NUMBERS_READ = rights.right("document_numbers.read", BUREAU | ENTERING)
MayReadDocumentNumbers = Annotated[Principal, rights.may(DOCUMENT_NUMBERS_READ)]
DOCUMENT_NUMBERS_RESERVE = rights.right("document_numbers.reserve", ENTERING)
MayReserveDocumentNumbers = Annotated[Principal, rights.may(DOCUMENT_NUMBERS_RESERVE)]
DOCUMENT_NUMBERS_VOID = rights.right("document_numbers.void", LEADERS)
MayVoidDocumentNumbers = Annotated[Principal, rights.may(DOCUMENT_NUMBERS_VOID)]

# A reviewer sees the files assigned; the government sees no single file at all.
CASE_FILES_READ = rights.right("case_files.read", BUREAU | REVIEWERS | ENTERING)
MayReadCaseFiles = Annotated[Principal, rights.may(CASE_FILES_READ)]
CASE_FILES_WRITE = rights.right("case_files.write", ENTERING)
MayWriteCaseFiles = Annotated[Principal, rights.may(CASE_FILES_WRITE)]
# Blacking documents out for reviewers who are not to know whose they are: the unit's own people, or the bureau.
CASE_FILES_REDACT = rights.right("case_files.redact", BUREAU | ENTERING)
MayRedactDocuments = Annotated[Principal, rights.may(CASE_FILES_REDACT)]
# Closing and archiving; the platform's imports may bring files that are closed already.
CASE_FILES_CLOSE = rights.right("case_files.close", LEADERS | PLATFORM)
MayCloseCaseFiles = Annotated[Principal, rights.may(CASE_FILES_CLOSE)]
CASE_FILES_VOID = rights.right("case_files.void", LEADERS)
MayVoidCaseFiles = Annotated[Principal, rights.may(CASE_FILES_VOID)]
CASE_FILES_REOPEN = rights.right("case_files.reopen", LEADERS)
MayReopenCaseFiles = Annotated[Principal, rights.may(CASE_FILES_REOPEN)]
PARTIES_DISCLOSE = rights.right("parties.disclose", LEADERS)
MayDiscloseParties = Annotated[Principal, rights.may(PARTIES_DISCLOSE)]

# Files of past years are closed already, so whoever brings them may close.
CASE_FILES_IMPORT = rights.right("case_files.import", LEADERS | PLATFORM)
MayImportCaseFiles = Annotated[Principal, rights.may(CASE_FILES_IMPORT)]
# Counts without any single file.
CASE_STATISTICS_READ = rights.right("case_statistics.read", BUREAU | GOVERNMENT | ENTERING)
MayReadCaseStatistics = Annotated[Principal, rights.may(CASE_STATISTICS_READ)]


# --------------------------------------------------------------------------------------- what surrounds a case
def _surrounding(name: str) -> Grants:
    read, void = BUREAU | ENTERING, LEADERS | PLATFORM
    return Grants(rights.right(f"{name}.read", read), rights.right(f"{name}.write", ENTERING), rights.right(f"{name}.void", void))


SURROUNDINGS = {
    name: _surrounding(name)
    for name in ("legal_reviews", "publicity_records", "transfers", "mediations", "litigations", "typical_cases")
}


def _public(name: str) -> Grants:
    """What the law wants public is read by everybody in the district; the units keep it, or the bureau does."""
    read = rights.right(f"{name}.read", DISTRICT_READERS | {Role.GOVERNMENT: Scope.DISTRICT, Role.REVIEWER: Scope.DISTRICT})
    write = rights.right(f"{name}.write", BUREAU | ENTERING)
    return Grants(read, write, rights.right(f"{name}.void", BUREAU_AND_LEADERS))


# Which powers a township has from whom; the bureau keeps the list, or the township its own.
GRANTED_ITEMS = _public("granted_items")
MONITORING_EQUIPMENT = _public("monitoring_equipment")
LENIENT_ITEMS = _public("lenient_items")

# Files of records, in and out: whoever may read or enter some kind; each kind's own right decides.
CASE_RECORDS_READ = rights.right("case_records.read", GRANTED_ITEMS.read.grants)
CASE_RECORDS_IMPORT = rights.right("case_records.import", GRANTED_ITEMS.write.grants)

# --------------------------------------------------------------------------------------- the legal check
# By which limits and thresholds files are checked is no secret within a district.
LEGAL_SETTINGS_READ = rights.right("legal_settings.read", DISTRICT_READERS | {Role.REVIEWER: Scope.DISTRICT})
MayReadLegalSettings = Annotated[Principal, rights.may(LEGAL_SETTINGS_READ)]
LEGAL_SETTINGS_WRITE = rights.right("legal_settings.write", BUREAU)
MayWriteLegalSettings = Annotated[Principal, rights.may(LEGAL_SETTINGS_WRITE)]
# Lists over many files; a reviewer sees the defects of the files assigned, one by one.
DEFECTS_READ = rights.right("defects.read", BUREAU | ENTERING)
MayReadDefects = Annotated[Principal, rights.may(DEFECTS_READ)]
# Leaving a defect as it is: the unit answers for it, or the bureau; nothing disappears by it.
DEFECTS_OVERRIDE = rights.right("defects.override", BUREAU_AND_LEADERS)
MayOverrideDefects = Annotated[Principal, rights.may(DEFECTS_OVERRIDE)]

# ------------------------------------------------------------------------------------- discretion benchmarks
# What is public may be read in the whole district; who may read drafts is filtered by row.
BENCHMARKS_READ = rights.right("discretion_benchmarks.read", DISTRICT_READERS | GOVERNMENT)
MayReadBenchmarks = Annotated[Principal, rights.may(BENCHMARKS_READ)]
BENCHMARKS_WRITE = rights.right("discretion_benchmarks.write", ENTERING)
MayWriteBenchmarks = Annotated[Principal, rights.may(BENCHMARKS_WRITE)]
BENCHMARKS_PUBLISH = rights.right("discretion_benchmarks.publish", LEADERS | PLATFORM)
MayPublishBenchmarks = Annotated[Principal, rights.may(BENCHMARKS_PUBLISH)]
BENCHMARKS_RECEIVE = rights.right("discretion_benchmarks.receive", BUREAU)
MayReceiveBenchmarks = Annotated[Principal, rights.may(BENCHMARKS_RECEIVE)]
# Whom messages about drafts reach; no route asks for it.
BENCHMARKS_DRAFTS = rights.right("discretion_benchmarks.drafts", BUREAU | ENTERING)

# --------------------------------------------------------------------------------------- reviews of case files
WHOLE_DISTRICT = dict.fromkeys((Role.BUREAU, Role.GOVERNMENT, Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.REVIEWER), Scope.DISTRICT)

# By what standard, when and by which round files are reviewed is no secret within a district; what was found is.
RUBRICS_READ = rights.right("rubrics.read", WHOLE_DISTRICT)
MayReadRubrics = Annotated[Principal, rights.may(RUBRICS_READ)]
RUBRICS_WRITE = rights.right("rubrics.write", BUREAU)
MayWriteRubrics = Annotated[Principal, rights.may(RUBRICS_WRITE)]

RUBRICS_TRY = rights.right("rubrics.what_if", BUREAU)
MayTryRubrics = Annotated[Principal, rights.may(RUBRICS_TRY)]

REVIEW_CAMPAIGNS_READ = rights.right("review_campaigns.read", WHOLE_DISTRICT)
MayReadReviewCampaigns = Annotated[Principal, rights.may(REVIEW_CAMPAIGNS_READ)]
REVIEW_CAMPAIGNS_WRITE = rights.right("review_campaigns.write", BUREAU)
MayWriteReviewCampaigns = Annotated[Principal, rights.may(REVIEW_CAMPAIGNS_WRITE)]

REVIEW_ROUNDS_READ = rights.right("review_rounds.read", WHOLE_DISTRICT)
MayReadReviewRounds = Annotated[Principal, rights.may(REVIEW_ROUNDS_READ)]
# Creating, assigning, publishing: a unit holds its self-review itself (plan task 16).
REVIEW_ROUNDS_WRITE = rights.right("review_rounds.write", BUREAU_AND_LEADERS)
MayWriteReviewRounds = Annotated[Principal, rights.may(REVIEW_ROUNDS_WRITE)]
# Closing and voiding: no unit makes a bad result disappear.
REVIEW_ROUNDS_END = rights.right("review_rounds.end", BUREAU)
MayEndReviewRounds = Annotated[Principal, rights.may(REVIEW_ROUNDS_END)]

# Cross reviews and samples are the bureau's: their frames, seeds and draws.
REVIEW_ROUNDS_DRAW = rights.right("review_rounds.draw", BUREAU)
MayDraw = Annotated[Principal, rights.may(REVIEW_ROUNDS_DRAW)]
# Anybody of the district may witness a draw by a secret of their own, and check its record.
DRAWS_WITNESS = rights.right("draws.witness", WHOLE_DISTRICT)
MayWitnessDraws = Annotated[Principal, rights.may(DRAWS_WITNESS)]
DRAWS_READ = rights.right("draws.read", WHOLE_DISTRICT)
MayReadDraws = Annotated[Principal, rights.may(DRAWS_READ)]

REVIEWERS_READ = rights.right("reviewers.read", BUREAU_AND_LEADERS | REVIEWERS)
MayReadReviewers = Annotated[Principal, rights.may(REVIEWERS_READ)]
REVIEWERS_WRITE = rights.right("reviewers.write", BUREAU)
MayWriteReviewers = Annotated[Principal, rights.may(REVIEWERS_WRITE)]
# Why somebody stays away from a file may be private: the person concerned and the bureau see it.
CONFLICT_DECLARATIONS_READ = rights.right("conflict_declarations.read", BUREAU | REVIEWERS)
MayReadConflicts = Annotated[Principal, rights.may(CONFLICT_DECLARATIONS_READ)]
CONFLICT_DECLARATIONS_WRITE = rights.right("conflict_declarations.write", BUREAU | REVIEWERS)
MayDeclareConflicts = Annotated[Principal, rights.may(CONFLICT_DECLARATIONS_WRITE)]
CONFLICT_CHECKS = rights.right("conflict_checks.run", BUREAU)
MayCheckConflicts = Annotated[Principal, rights.may(CONFLICT_CHECKS)]

REVIEW_SETTINGS_READ = rights.right("review_settings.read", WHOLE_DISTRICT)
MayReadReviewSettings = Annotated[Principal, rights.may(REVIEW_SETTINGS_READ)]
REVIEW_SETTINGS_WRITE = rights.right("review_settings.write", BUREAU)
MayWriteReviewSettings = Annotated[Principal, rights.may(REVIEW_SETTINGS_WRITE)]

REVIEW_ASSIGNMENTS_READ = rights.right("review_assignments.read", BUREAU_AND_LEADERS | REVIEWERS)
MayReadReviewAssignments = Annotated[Principal, rights.may(REVIEW_ASSIGNMENTS_READ)]

REVIEW_ASSIGNMENTS_ANSWER = rights.right("review_assignments.answer", REVIEWERS)
MayAnswerAssignments = Annotated[Principal, rights.may(REVIEW_ASSIGNMENTS_ANSWER)]
REVIEW_ASSIGNMENTS_REASSIGN = rights.right("review_assignments.reassign", BUREAU)
MayReassign = Annotated[Principal, rights.may(REVIEW_ASSIGNMENTS_REASSIGN)]

# A unit sees the reviews of its files once their round is published, and no draft ever.
REVIEWS_READ = rights.right("reviews.read", BUREAU_AND_LEADERS | REVIEWERS)
MayReadReviews = Annotated[Principal, rights.may(REVIEWS_READ)]
REVIEWS_HISTORY = rights.right("reviews.history", BUREAU | REVIEWERS)
MayReadReviewHistory = Annotated[Principal, rights.may(REVIEWS_HISTORY)]
REVIEWS_WRITE = rights.right("reviews.write", REVIEWERS)
MayWriteReviews = Annotated[Principal, rights.may(REVIEWS_WRITE)]
REVIEWS_OVERRIDE = rights.right("reviews.override", BUREAU)
MayOverrideReviews = Annotated[Principal, rights.may(REVIEWS_OVERRIDE)]

# Both sheets are the arbitrator's to read, never who wrote them; a unit reads what came of it once published.
ARBITRATIONS_READ = rights.right("arbitrations.read", BUREAU_AND_LEADERS | REVIEWERS)
MayReadArbitrations = Annotated[Principal, rights.may(ARBITRATIONS_READ)]
ARBITRATIONS_HISTORY = rights.right("arbitrations.history", BUREAU | REVIEWERS)
MayReadArbitrationHistory = Annotated[Principal, rights.may(ARBITRATIONS_HISTORY)]
ARBITRATIONS_DECIDE = rights.right("arbitrations.decide", REVIEWERS)
MayArbitrate = Annotated[Principal, rights.may(ARBITRATIONS_DECIDE)]
ARBITRATIONS_ORGANISE = rights.right("arbitrations.organise", BUREAU)
MayOrganiseArbitrations = Annotated[Principal, rights.may(ARBITRATIONS_ORGANISE)]

RESULTS_READ = rights.right("results.read", BUREAU_AND_LEADERS)
MayReadResults = Annotated[Principal, rights.may(RESULTS_READ)]

# --------------------------------------------------------------------------------------- templates of documents
DOCUMENT_TEMPLATES_READ = rights.right("document_templates.read", WHOLE_DISTRICT | PLATFORM)
MayReadDocumentTemplates = Annotated[Principal, rights.may(DOCUMENT_TEMPLATES_READ)]
DOCUMENT_TEMPLATES_WRITE = rights.right("document_templates.write", BUREAU_AND_UNITS)
MayWriteDocumentTemplates = Annotated[Principal, rights.may(DOCUMENT_TEMPLATES_WRITE)]
DOCUMENT_TEMPLATES_PUBLISH = rights.right("document_templates.publish", BUREAU_AND_LEADERS)
MayPublishDocumentTemplates = Annotated[Principal, rights.may(DOCUMENT_TEMPLATES_PUBLISH)]

# --------------------------------------------------------------------------------------- guidance of township cases
GUIDANCE_SETTINGS_READ = rights.right("guidance_settings.read", WHOLE_DISTRICT)
MayReadGuidanceSettings = Annotated[Principal, rights.may(GUIDANCE_SETTINGS_READ)]
GUIDANCE_SETTINGS_WRITE = rights.right("guidance_settings.write", BUREAU)
MayWriteGuidanceSettings = Annotated[Principal, rights.may(GUIDANCE_SETTINGS_WRITE)]
# Draws are witnessed by anybody of the district, and how far departments are with their share is no secret in it.
GUIDANCE_ROUNDS_READ = rights.right("guidance_rounds.read", WHOLE_DISTRICT)
MayReadGuidanceRounds = Annotated[Principal, rights.may(GUIDANCE_ROUNDS_READ)]
GUIDANCE_ROUNDS_WRITE = rights.right("guidance_rounds.write", BUREAU_AND_LEADERS)
MayWriteGuidanceRounds = Annotated[Principal, rights.may(GUIDANCE_ROUNDS_WRITE)]
GUIDANCE_SHARES_READ = rights.right("guidance_shares.read", WHOLE_DISTRICT)
MayReadGuidanceShares = Annotated[Principal, rights.may(GUIDANCE_SHARES_READ)]
# What was advised is read by the department, by the unit whose case it is, and by the bureau; only the department writes.
GUIDANCES_READ = rights.right("guidances.read", BUREAU_AND_UNITS)
MayReadGuidances = Annotated[Principal, rights.may(GUIDANCES_READ)]
GUIDANCES_WRITE = rights.right("guidances.write", UNITS)
MayWriteGuidances = Annotated[Principal, rights.may(GUIDANCES_WRITE)]
GUIDANCES_CHOOSE = rights.right("guidances.choose", LEADERS)
MayChooseGuidances = Annotated[Principal, rights.may(GUIDANCES_CHOOSE)]

# Figures over many files; who reviewed how is told to the bureau alone.
REVIEW_STATISTICS_READ = rights.right("review_statistics.read", BUREAU_AND_LEADERS | GOVERNMENT)
MayReadReviewStatistics = Annotated[Principal, rights.may(REVIEW_STATISTICS_READ)]

# Files with known scores: set by the bureau, reviewed by everybody of the pool.
CALIBRATIONS_READ = rights.right("calibrations.read", BUREAU | REVIEWERS)
MayReadCalibrations = Annotated[Principal, rights.may(CALIBRATIONS_READ)]
CALIBRATIONS_WRITE = rights.right("calibrations.write", BUREAU)
MayWriteCalibrations = Annotated[Principal, rights.may(CALIBRATIONS_WRITE)]
CALIBRATIONS_REVIEW = rights.right("calibrations.review", REVIEWERS)
MayReviewCalibrations = Annotated[Principal, rights.may(CALIBRATIONS_REVIEW)]

# The whole record of a campaign, and the circular that tells of it.
REVIEW_CAMPAIGNS_EXPORT = rights.right("review_campaigns.export", BUREAU)
MayExportReviewCampaigns = Annotated[Principal, rights.may(REVIEW_CAMPAIGNS_EXPORT)]

# A unit objects to what was found in its files; whoever decides is named by the bureau and had nothing to do with it.
OBJECTIONS_READ = rights.right("objections.read", BUREAU_AND_LEADERS | REVIEWERS)
MayReadObjections = Annotated[Principal, rights.may(OBJECTIONS_READ)]
OBJECTIONS_FILE = rights.right("objections.file", LEADERS)
MayFileObjections = Annotated[Principal, rights.may(OBJECTIONS_FILE)]
OBJECTIONS_ASSIGN = rights.right("objections.assign", BUREAU)
MayAssignObjections = Annotated[Principal, rights.may(OBJECTIONS_ASSIGN)]
OBJECTIONS_DECIDE = rights.right("objections.decide", BUREAU | REVIEWERS)
MayDecideObjections = Annotated[Principal, rights.may(OBJECTIONS_DECIDE)]

# What is to be put right: given out and checked by the bureau, reported by the unit's people.
RECTIFICATIONS_READ = rights.right("rectifications.read", BUREAU | GOVERNMENT | UNITS)
MayReadRectifications = Annotated[Principal, rights.may(RECTIFICATIONS_READ)]
RECTIFICATIONS_ORDER = rights.right("rectifications.order", BUREAU)
MayOrderRectifications = Annotated[Principal, rights.may(RECTIFICATIONS_ORDER)]
RECTIFICATIONS_REPORT = rights.right("rectifications.report", UNITS)
MayReportRectifications = Annotated[Principal, rights.may(RECTIFICATIONS_REPORT)]
