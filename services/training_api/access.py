"""The training service's rows of the rights table, and the typed aliases made from them."""

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
    UNITS,
)
from services.kit.principal import Principal, Role, Scope

WITH_PLATFORM = BUREAU_AND_UNITS | PLATFORM

OFFICERS_READ = rights.right("officers.read", WITH_PLATFORM)
MayReadOfficers = Annotated[Principal, rights.may(OFFICERS_READ)]
OFFICERS_SEARCH = rights.right("officers.search", WITH_PLATFORM)
MaySearchOfficers = Annotated[Principal, rights.may(OFFICERS_SEARCH)]
OFFICERS_WRITE = rights.right("officers.write", WITH_PLATFORM)
MayWriteOfficers = Annotated[Principal, rights.may(OFFICERS_WRITE)]
OFFICERS_TRANSFER = rights.right("officers.transfer", BUREAU_AND_LEADERS | PLATFORM)
MayTransferOfficers = Annotated[Principal, rights.may(OFFICERS_TRANSFER)]
OFFICERS_RECLASSIFY = rights.right("officers.reclassify", BUREAU_AND_LEADERS | PLATFORM)
MayReclassifyOfficers = Annotated[Principal, rights.may(OFFICERS_RECLASSIFY)]
OFFICERS_REJOIN = rights.right("officers.rejoin", BUREAU_AND_LEADERS | PLATFORM)
MayRejoinOfficers = Annotated[Principal, rights.may(OFFICERS_REJOIN)]
OFFICERS_LEAVE = rights.right("officers.leave", BUREAU_AND_LEADERS | PLATFORM)
MayEndService = Annotated[Principal, rights.may(OFFICERS_LEAVE)]
# An identity number in clear: the leader of the officer's own unit, and the bureau.
OFFICERS_DISCLOSE = rights.right("officers.disclose_identity", {Role.BUREAU: Scope.DISTRICT, Role.UNIT_MANAGER: Scope.UNIT})
MayDiscloseIdentity = Annotated[Principal, rights.may(OFFICERS_DISCLOSE)]

# What holds for everybody is read by everybody.
SETTINGS_READ = rights.right("training_settings.read", DISTRICT_READERS | GOVERNMENT)
MayReadSettings = Annotated[Principal, rights.may(SETTINGS_READ)]
SETTINGS_WRITE = rights.right("training_settings.write", BUREAU)
MayWriteSettings = Annotated[Principal, rights.may(SETTINGS_WRITE)]
GRANTS_READ = rights.right("township_grants.read", DISTRICT_READERS)
MayReadGrants = Annotated[Principal, rights.may(GRANTS_READ)]
GRANTS_WRITE = rights.right("township_grants.write", BUREAU)
MayWriteGrants = Annotated[Principal, rights.may(GRANTS_WRITE)]
PLANS_READ = rights.right("training_plans.read", WITH_PLATFORM)
MayReadPlans = Annotated[Principal, rights.may(PLANS_READ)]
# A unit makes its plan itself; whoever decides on it does not write it.
PLANS_WRITE = rights.right("training_plans.write", UNITS)
MayWritePlans = Annotated[Principal, rights.may(PLANS_WRITE)]
PLANS_SUBMIT = rights.right("training_plans.submit", LEADERS)
MaySubmitPlans = Annotated[Principal, rights.may(PLANS_SUBMIT)]
PLANS_DECIDE = rights.right("training_plans.decide", BUREAU)
MayDecidePlans = Annotated[Principal, rights.may(PLANS_DECIDE)]

# Classes are open to all units of the district, so that each may send its own people.
CLASSES_READ = rights.right("classes.read", DISTRICT_READERS)
MayReadClasses = Annotated[Principal, rights.may(CLASSES_READ)]
CLASSES_WRITE = rights.right("classes.write", BUREAU_AND_UNITS)
MayWriteClasses = Annotated[Principal, rights.may(CLASSES_WRITE)]
CLASSES_POST_HOURS = rights.right("classes.post_hours", BUREAU_AND_LEADERS)
MayPostClassHours = Annotated[Principal, rights.may(CLASSES_POST_HOURS)]
ENROLMENTS_READ = rights.right("enrolments.read", WITH_PLATFORM)
MayReadEnrolments = Annotated[Principal, rights.may(ENROLMENTS_READ)]
ENROLMENTS_WRITE = rights.right("enrolments.write", BUREAU_AND_UNITS)
MayEnrol = Annotated[Principal, rights.may(ENROLMENTS_WRITE)]
ATTENDANCE_WRITE = rights.right("attendance.write", BUREAU_AND_UNITS)
MayRecordAttendance = Annotated[Principal, rights.may(ATTENDANCE_WRITE)]

HOURS_READ = rights.right("hour_entries.read", WITH_PLATFORM)
MayReadHours = Annotated[Principal, rights.may(HOURS_READ)]
HOURS_POST = rights.right("hour_entries.post", WITH_PLATFORM)
MayPostHours = Annotated[Principal, rights.may(HOURS_POST)]
HOURS_IMPORT = rights.right("hour_imports.start", WITH_PLATFORM)
MayImportHours = Annotated[Principal, rights.may(HOURS_IMPORT)]
HOURS_EXPORT = rights.right("hour_entries.export", WITH_PLATFORM)
MayExportHours = Annotated[Principal, rights.may(HOURS_EXPORT)]
HOURS_DECIDE = rights.right("hour_entries.decide", BUREAU_AND_LEADERS)
MayDecideHours = Annotated[Principal, rights.may(HOURS_DECIDE)]
HOURS_REVERSE = rights.right("hour_entries.reverse", BUREAU_AND_LEADERS)
MayReverseHours = Annotated[Principal, rights.may(HOURS_REVERSE)]
# Hours of a closed year, and the settings and years themselves: the bureau's alone.
HOURS_ENTER_LATE = rights.right("hour_entries.enter_late", BUREAU)
HOUR_RULES_READ = rights.right("hour_rules.read", DISTRICT_READERS)
MayReadHourRules = Annotated[Principal, rights.may(HOUR_RULES_READ)]
HOUR_RULES_WRITE = rights.right("hour_rules.write", BUREAU)
MayWriteHourRules = Annotated[Principal, rights.may(HOUR_RULES_WRITE)]
HOUR_YEARS_READ = rights.right("hour_years.read", DISTRICT_READERS)
MayReadHourYears = Annotated[Principal, rights.may(HOUR_YEARS_READ)]
HOUR_YEARS_MOVE = rights.right("hour_years.move", BUREAU)
MayMoveHourYears = Annotated[Principal, rights.may(HOUR_YEARS_MOVE)]
# Hashes of the chain tell nothing of anybody; whoever keeps them can prove later that nothing was bent.
LEDGER_READ = rights.right("ledger.read", dict.fromkeys((Role.BUREAU, Role.UNIT_MANAGER, Role.PLATFORM), Scope.DISTRICT))
MayReadLedger = Annotated[Principal, rights.may(LEDGER_READ)]
# The ledger itself, of the whole district: who answers for it, and the province that keeps its own copy.
LEDGER_EXPORT = rights.right("ledger.export", dict.fromkeys((Role.BUREAU, Role.PLATFORM), Scope.DISTRICT))
MayExportLedger = Annotated[Principal, rights.may(LEDGER_EXPORT)]

# As hours are read; whoever issued a certificate sees it as well.
COMPLETION_CERTIFICATES_READ = rights.right("completion_certificates.read", WITH_PLATFORM)
MayReadCompletionCertificates = Annotated[Principal, rights.may(COMPLETION_CERTIFICATES_READ)]
COMPLETION_CERTIFICATES_ISSUE = rights.right("completion_certificates.issue", BUREAU_AND_LEADERS)
MayIssueCompletionCertificates = Annotated[Principal, rights.may(COMPLETION_CERTIFICATES_ISSUE)]

COMPLIANCE_OFFICERS = rights.right("compliance.officers", WITH_PLATFORM)
MayReadCompliance = Annotated[Principal, rights.may(COMPLIANCE_OFFICERS)]
COMPLIANCE_EXPORT = rights.right("compliance.export", WITH_PLATFORM)
MayExportCompliance = Annotated[Principal, rights.may(COMPLIANCE_EXPORT)]
COMPLIANCE_UNITS = rights.right("compliance.units", WITH_PLATFORM | GOVERNMENT)
MayReadUnitCompliance = Annotated[Principal, rights.may(COMPLIANCE_UNITS)]

# Grounds are of health and family: the platform keeps no copy, and the ground in words is for those who decide.
EXEMPTIONS_READ = rights.right("exemptions.read", BUREAU_AND_UNITS)
MayReadExemptions = Annotated[Principal, rights.may(EXEMPTIONS_READ)]
EXEMPTIONS_PROPOSE = rights.right("exemptions.propose", BUREAU_AND_UNITS)
MayProposeExemptions = Annotated[Principal, rights.may(EXEMPTIONS_PROPOSE)]
EXEMPTIONS_DECIDE = rights.right("exemptions.decide", BUREAU)
MayDecideExemptions = Annotated[Principal, rights.may(EXEMPTIONS_DECIDE)]
EXEMPTIONS_END = rights.right("exemptions.end", BUREAU_AND_LEADERS)
MayEndExemptions = Annotated[Principal, rights.may(EXEMPTIONS_END)]
EXEMPTIONS_DISCLOSE = rights.right("exemptions.disclose_ground", {Role.BUREAU: Scope.DISTRICT, Role.UNIT_MANAGER: Scope.UNIT})
MayDiscloseGrounds = Annotated[Principal, rights.may(EXEMPTIONS_DISCLOSE)]
EXEMPTION_REASONS_READ = rights.right("exemption_reasons.read", DISTRICT_READERS)
MayReadExemptionReasons = Annotated[Principal, rights.may(EXEMPTION_REASONS_READ)]
EXEMPTION_REASONS_WRITE = rights.right("exemption_reasons.write", BUREAU)
MayWriteExemptionReasons = Annotated[Principal, rights.may(EXEMPTION_REASONS_WRITE)]

PERSONNEL_RULES_READ = rights.right("personnel_rules.read", DISTRICT_READERS)
MayReadPersonnelRules = Annotated[Principal, rights.may(PERSONNEL_RULES_READ)]
PERSONNEL_RULES_WRITE = rights.right("personnel_rules.write", BUREAU)
MayWritePersonnelRules = Annotated[Principal, rights.may(PERSONNEL_RULES_WRITE)]

EXAMS_READ = rights.right("exams.read", DISTRICT_READERS)
MayReadExams = Annotated[Principal, rights.may(EXAMS_READ)]
# A unit's leader holds exams of the unit's own auxiliaries; all others are the bureau's.
EXAMS_WRITE = rights.right("exams.write", BUREAU_AND_LEADERS)
MayWriteExams = Annotated[Principal, rights.may(EXAMS_WRITE)]
EXAM_RESULTS_READ = rights.right("exam_results.read", WITH_PLATFORM)
MayReadExamResults = Annotated[Principal, rights.may(EXAM_RESULTS_READ)]
EXAM_RESULTS_WRITE = rights.right("exam_results.write", BUREAU_AND_LEADERS)
MayWriteExamResults = Annotated[Principal, rights.may(EXAM_RESULTS_WRITE)]

CERTIFICATES_READ = rights.right("certificates.read", WITH_PLATFORM)
MayReadCertificates = Annotated[Principal, rights.may(CERTIFICATES_READ)]
CERTIFICATES_APPLY = rights.right("certificates.apply", BUREAU_AND_UNITS)
MayApplyForCertificates = Annotated[Principal, rights.may(CERTIFICATES_APPLY)]
CERTIFICATES_DECIDE = rights.right("certificates.decide", BUREAU | PLATFORM)
MayDecideCertificates = Annotated[Principal, rights.may(CERTIFICATES_DECIDE)]

# The pool exists so that units without lawyers may ask those of others: all of the district see it.
LEGAL_REVIEWERS_READ = rights.right("legal_reviewers.read", DISTRICT_READERS)
MayReadLegalReviewers = Annotated[Principal, rights.may(LEGAL_REVIEWERS_READ)]
LEGAL_REVIEWERS_PROPOSE = rights.right("legal_reviewers.propose", BUREAU_AND_LEADERS)
MayProposeLegalReviewers = Annotated[Principal, rights.may(LEGAL_REVIEWERS_PROPOSE)]
LEGAL_REVIEWERS_ADMIT = rights.right("legal_reviewers.admit", BUREAU)
MayAdmitLegalReviewers = Annotated[Principal, rights.may(LEGAL_REVIEWERS_ADMIT)]

QUALIFICATION_REVIEWS_READ = rights.right("qualification_reviews.read", BUREAU_AND_UNITS)
MayReadQualificationReviews = Annotated[Principal, rights.may(QUALIFICATION_REVIEWS_READ)]
QUALIFICATION_REVIEWS_WRITE = rights.right("qualification_reviews.write", BUREAU)
MayRunQualificationReviews = Annotated[Principal, rights.may(QUALIFICATION_REVIEWS_WRITE)]
QUALIFICATION_REVIEWS_DECIDE = rights.right("qualification_reviews.decide", BUREAU_AND_LEADERS)
MayDecideQualifications = Annotated[Principal, rights.may(QUALIFICATION_REVIEWS_DECIDE)]

AWARDS_READ = rights.right("awards.read", WITH_PLATFORM)
MayReadAwards = Annotated[Principal, rights.may(AWARDS_READ)]
AWARDS_WRITE = rights.right("awards.write", BUREAU_AND_UNITS)
MayWriteAwards = Annotated[Principal, rights.may(AWARDS_WRITE)]
AWARDS_VOID = rights.right("awards.void", BUREAU_AND_LEADERS)
MayVoidAwards = Annotated[Principal, rights.may(AWARDS_VOID)]
COMPLIANCE_DISTRICT = rights.right(
    "compliance.district", dict.fromkeys((Role.BUREAU, Role.GOVERNMENT, Role.PLATFORM), Scope.DISTRICT)
)
MayReadDistrictCompliance = Annotated[Principal, rights.may(COMPLIANCE_DISTRICT)]
