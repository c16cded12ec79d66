"""The tasks service: plan documents, plans, tasks, assignments, supervision and reports."""

from __future__ import annotations

from fastapi import FastAPI

from services.kit import app, clock, personal, rotation
from services.kit.settings import Settings
from services.tasks_api.activations import router as activations
from services.tasks_api.assignments import router as assignments
from services.tasks_api.complaints import jobs as complaint_jobs
from services.tasks_api.complaints import router as complaints
from services.tasks_api.delegations import router as delegations
from services.tasks_api.digests import router as digests
from services.tasks_api.escalation_rules import router as escalation_rules
from services.tasks_api.escalations import jobs as sweeps
from services.tasks_api.escalations import router as escalations
from services.tasks_api.extension_requests import router as extension_requests
from services.tasks_api.inspection_plans import router as inspection_plans
from services.tasks_api.inspection_proposals import router as inspection_proposals
from services.tasks_api.inspections import router as inspections
from services.tasks_api.lateness import router as lateness
from services.tasks_api.missing_reports import jobs as missing_report_jobs
from services.tasks_api.missing_reports import router as missing_reports
from services.tasks_api.notifications import router as notifications
from services.tasks_api.obligations import jobs as obligation_jobs
from services.tasks_api.obligations import router as obligations
from services.tasks_api.plan_imports import jobs as plan_import_jobs
from services.tasks_api.plan_imports import router as plan_imports
from services.tasks_api.plan_versions import router as plan_versions
from services.tasks_api.plans import router as plans
from services.tasks_api.problem_summaries import router as problem_summaries
from services.tasks_api.problems import jobs as problem_jobs
from services.tasks_api.problems import router as problems
from services.tasks_api.progress_reports import router as progress_reports
from services.tasks_api.random_draws import router as random_draws
from services.tasks_api.registers import router as registers
from services.tasks_api.reports import jobs as report_jobs
from services.tasks_api.reports import router as reports
from services.tasks_api.scoreboard import router as scoreboard
from services.tasks_api.supervision_notices import router as supervision_notices
from services.tasks_api.supervision_settings import router as supervision_settings
from services.tasks_api.tasks import router as tasks


def create_app(settings: Settings | None = None, clock: clock.Clock = clock.now) -> FastAPI:
    """The application; one line per feature."""
    features = [plan_imports.router, plan_imports.plans, plans.router, tasks.router, activations.router, assignments.router]
    features += [
        progress_reports.router,
        progress_reports.desk,
        missing_reports.router,
        extension_requests.router,
        extension_requests.desk,
        lateness.router,
        scoreboard.router,
    ]
    # The digest stands before the inbox, whose ids would take its name.
    features += [digests.router, escalations.router, escalations.of_assignment, notifications.router, supervision_notices.router]
    features += [plan_versions.router, delegations.router, escalation_rules.router, supervision_settings.router]
    features += [problems.router, problem_summaries.router, complaints.router]
    features += [obligations.router, reports.router]
    features += [inspection_proposals.router, inspection_plans.router, inspections.router, random_draws.router]
    features += [registers.router, *registers.ROUTERS, registers.unknown]
    return app.build_service(
        "tasks_api",
        "任务服务",
        features,
        settings=settings,
        clock=clock,
        tasks=[plan_import_jobs.TASK, sweeps.TASK, report_jobs.TASK, *registers.FILES.tasks()],
        steps=[
            sweeps.STEP,
            problem_jobs.STEP,
            complaint_jobs.STEP,
            obligation_jobs.STEP,
            missing_report_jobs.STEP,
            (rotation.step([complaint_jobs.SEALED]), rotation.EVERY_SECONDS),
        ],
        extras=lambda chosen: {"vault": personal.Vault.from_settings(chosen)},
    )
