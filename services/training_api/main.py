"""The training service: officers, classes, the ledger of class hours, compliance."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from services.kit import app, clock, personal, rotation, signatures
from services.kit.settings import Settings
from services.training_api.attendance import router as attendance
from services.training_api.attendance_imports import jobs as attendance_import_jobs
from services.training_api.attendance_imports import router as attendance_imports
from services.training_api.auxiliary_staff import router as auxiliary_staff
from services.training_api.awards import router as awards
from services.training_api.certificate_entries import router as certificate_entries
from services.training_api.certificates import router as certificates
from services.training_api.classes import router as classes
from services.training_api.completion_certificates import router as completion_certificates
from services.training_api.compliance import router as compliance
from services.training_api.enrolments import router as enrolments
from services.training_api.exam_result_imports import jobs as exam_result_import_jobs
from services.training_api.exam_result_imports import router as exam_result_imports
from services.training_api.exams import router as exams
from services.training_api.exemption_reasons import router as exemption_reasons
from services.training_api.exemptions import jobs as exemption_jobs
from services.training_api.exemptions import router as exemptions
from services.training_api.hour_decisions import router as hour_decisions
from services.training_api.hour_entries import router as hour_entries
from services.training_api.hour_exports import router as hour_exports
from services.training_api.hour_imports import jobs as hour_import_jobs
from services.training_api.hour_imports import router as hour_imports
from services.training_api.hour_postings import router as hour_postings
from services.training_api.hour_rules import router as hour_rules
from services.training_api.hour_years import router as hour_years
from services.training_api.ledger import jobs as ledger_jobs
from services.training_api.ledger import router as ledger
from services.training_api.ledger import rules as ledger_rules
from services.training_api.legal_reviewers import router as legal_reviewers
from services.training_api.officer_entries import router as officer_entries
from services.training_api.officer_imports import jobs as officer_import_jobs
from services.training_api.officer_imports import router as officer_imports
from services.training_api.officers import jobs as officer_jobs
from services.training_api.officers import router as officers
from services.training_api.personnel_rules import router as personnel_rules
from services.training_api.qualification_reviews import router as qualification_reviews
from services.training_api.rotations import router as rotations
from services.training_api.township_grants import router as township_grants
from services.training_api.training_plans import router as training_plans
from services.training_api.training_settings import router as training_settings

ROUTERS = [
    officers.router,
    officer_entries.router,
    certificates.router,
    certificate_entries.router,
    exams.router,
    officer_imports.router,
    exam_result_imports.router,
    exam_result_imports.exam_router,
    legal_reviewers.router,
    auxiliary_staff.router,
    qualification_reviews.router,
    awards.router,
    personnel_rules.router,
    exemptions.router,
    exemption_reasons.router,
    training_settings.router,
    township_grants.router,
    training_plans.router,
    classes.router,
    enrolments.router,
    # Before what would take the last word of their paths for an id.
    hour_exports.hours,
    hour_exports.compliance,
    hour_postings.router,
    hour_postings.class_router,
    attendance.router,
    attendance_imports.router,
    attendance_imports.class_router,
    hour_entries.router,
    hour_decisions.router,
    hour_imports.router,
    hour_rules.router,
    hour_years.router,
    ledger.router,
    completion_certificates.router,
    completion_certificates.class_router,
    compliance.router,
    rotations.router,
]


def create_app(settings: Settings | None = None, clock: clock.Clock = clock.now) -> FastAPI:
    """The application; one line per feature."""
    return app.build_service(
        "training_api",
        "培训服务",
        ROUTERS,
        settings=settings,
        clock=clock,
        tasks=[
            hour_import_jobs.TASK,
            attendance_import_jobs.TASK,
            exam_result_import_jobs.TASK,
            officer_import_jobs.TASK,
        ],
        steps=[
            *ledger_jobs.STEPS,
            (rotation.step([officer_jobs.SEALED, exemption_jobs.SEALED]), rotation.EVERY_SECONDS),
        ],
        extras=_extras,
    )


def _extras(settings: Settings) -> dict[str, Any]:
    if settings.ledger_key_file is None or settings.ledger_jwks_file is None:
        raise RuntimeError("ZHIFA_LEDGER_KEY_FILE and ZHIFA_LEDGER_JWKS_FILE must be set")
    seal = signatures.Seal.from_files(settings.ledger_key_file, settings.ledger_jwks_file, ledger_rules.HEAD_TYPE)
    return {
        "vault": personal.Vault.from_settings(settings),
        "ledger_seal": seal,
        "ledger_jwks": settings.ledger_jwks_file.read_bytes(),
    }
