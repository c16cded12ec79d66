"""The case files' service: numbers, files, rubrics and reviews."""

from __future__ import annotations

from fastapi import FastAPI

from services.cases_api.arbitration_sheets import router as arbitration_sheets
from services.cases_api.arbitrations import router as arbitrations
from services.cases_api.assignment_answers import router as assignment_answers
from services.cases_api.assignment_runs import jobs as assignment_jobs
from services.cases_api.assignment_runs import router as assignment_runs
from services.cases_api.calibrations import router as calibrations
from services.cases_api.case_documents import router as case_documents
from services.cases_api.case_entries import router as case_entries
from services.cases_api.case_files import jobs as case_file_jobs
from services.cases_api.case_files import router as case_files
from services.cases_api.case_imports import jobs as case_import_jobs
from services.cases_api.case_imports import router as case_imports
from services.cases_api.case_numbers import router as case_numbers
from services.cases_api.case_recordings import router as case_recordings
from services.cases_api.case_records import router as case_records
from services.cases_api.case_statistics import router as case_statistics
from services.cases_api.case_steps import router as case_steps
from services.cases_api.conflict_checks import router as conflict_checks
from services.cases_api.conflict_declarations import router as conflict_declarations
from services.cases_api.discretion_benchmarks import router as discretion_benchmarks
from services.cases_api.document_checks import router as document_checks
from services.cases_api.document_numbers import router as document_numbers
from services.cases_api.document_templates import router as document_templates
from services.cases_api.draws import router as draws
from services.cases_api.guidance_draws import router as guidance_draws
from services.cases_api.guidance_rounds import router as guidance_rounds
from services.cases_api.guidance_settings import router as guidance_settings
from services.cases_api.guidance_shares import router as guidance_shares
from services.cases_api.guidances import router as guidances
from services.cases_api.legal_checks import jobs as legal_jobs
from services.cases_api.legal_checks import router as legal_checks
from services.cases_api.legal_settings import router as legal_settings
from services.cases_api.number_patterns import router as number_patterns
from services.cases_api.objections import router as objections
from services.cases_api.rectifications import router as rectifications
from services.cases_api.results import router as results
from services.cases_api.review_assignments import router as review_assignments
from services.cases_api.review_bundles import router as review_bundles
from services.cases_api.review_campaigns import router as review_campaigns
from services.cases_api.review_circulars import router as review_circulars
from services.cases_api.review_hints import router as review_hints
from services.cases_api.review_rounds import router as review_rounds
from services.cases_api.review_settings import router as review_settings
from services.cases_api.review_statistics import router as review_statistics
from services.cases_api.review_submissions import router as review_submissions
from services.cases_api.reviewers import router as reviewers
from services.cases_api.reviews import router as reviews
from services.cases_api.round_draws import jobs as draw_jobs
from services.cases_api.round_draws import router as round_draws
from services.cases_api.round_endings import router as round_endings
from services.cases_api.rubric_mappings import router as rubric_mappings
from services.cases_api.rubrics import router as rubrics
from services.kit import app, clock, personal, rotation
from services.kit.settings import Settings

# The order is that of the document; the paths of the features do not overlap.
FEATURES = (
    number_patterns.router,
    case_numbers.router,
    document_numbers.router,
    case_entries.router,
    case_files.router,
    case_steps.router,
    case_documents.router,
    document_checks.router,
    document_templates.router,
    case_recordings.router,
    *case_records.ROUTERS,
    case_statistics.router,
    case_imports.router,
    legal_checks.router,
    legal_settings.router,
    discretion_benchmarks.router,
    discretion_benchmarks.changes_router,
    rubrics.router,
    rubric_mappings.router,
    review_campaigns.router,
    review_settings.router,
    review_rounds.router,
    round_endings.router,
    round_draws.router,
    draws.router,
    reviewers.router,
    conflict_declarations.router,
    conflict_checks.router,
    assignment_runs.router,
    review_assignments.router,
    assignment_answers.router,
    reviews.router,
    review_submissions.router,
    review_hints.router,
    arbitrations.router,
    arbitration_sheets.router,
    results.router,
    objections.router,
    rectifications.router,
    guidance_settings.router,
    guidance_rounds.router,
    guidance_draws.router,
    guidances.router,
    guidance_shares.router,
    review_statistics.router,
    calibrations.router,
    review_circulars.router,
    review_bundles.router,
)


def create_app(settings: Settings | None = None, clock: clock.Clock = clock.now) -> FastAPI:
    """The application; one line per feature."""
    return app.build_service(
        "cases_api",
        "案卷服务",
        FEATURES,
        settings=settings,
        clock=clock,
        steps=[
            (legal_jobs.recheck, legal_jobs.EVERY_SECONDS),
            (rotation.step([case_file_jobs.SEALED]), rotation.EVERY_SECONDS),
        ],
        tasks=[case_import_jobs.TASK, assignment_jobs.TASK, draw_jobs.TASK, *case_records.FILES.tasks()],
        extras=lambda chosen: {"vault": personal.Vault.from_settings(chosen)},
    )
