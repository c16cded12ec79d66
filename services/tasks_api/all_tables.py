"""Every table of the service, for migrations: one import line per feature that has tables."""

from __future__ import annotations

from services.tasks_api import base
from services.tasks_api.assignments import tables as _assignments  # noqa: F401  # imported for its tables
from services.tasks_api.complaints import tables as _complaints  # noqa: F401  # imported for its tables
from services.tasks_api.escalation_rules import tables as _escalation_rules  # noqa: F401  # imported for its tables
from services.tasks_api.escalations import tables as _escalations  # noqa: F401  # imported for its tables
from services.tasks_api.extension_requests import tables as _extension_requests  # noqa: F401  # imported for its tables
from services.tasks_api.inspection_plans import tables as _inspection_plans  # noqa: F401  # imported for its tables
from services.tasks_api.inspection_proposals import tables as _inspection_proposals  # noqa: F401  # imported for its tables
from services.tasks_api.inspections import tables as _inspections  # noqa: F401  # imported for its tables
from services.tasks_api.lateness import tables as _lateness  # noqa: F401  # imported for its tables
from services.tasks_api.missing_reports import tables as _missing_reports  # noqa: F401  # imported for its tables
from services.tasks_api.notifications import tables as _notifications  # noqa: F401  # imported for its tables
from services.tasks_api.obligations import tables as _obligations  # noqa: F401  # imported for its tables
from services.tasks_api.plan_contents import tables as _plan_contents  # noqa: F401  # imported for its tables
from services.tasks_api.plans import tables as _plans  # noqa: F401  # imported for its tables
from services.tasks_api.problem_summaries import tables as _problem_summaries  # noqa: F401  # imported for its tables
from services.tasks_api.problems import tables as _problems  # noqa: F401  # imported for its tables
from services.tasks_api.progress_reports import tables as _progress_reports  # noqa: F401  # imported for its tables
from services.tasks_api.random_draws import tables as _random_draws  # noqa: F401  # imported for its tables
from services.tasks_api.registers import tables as _registers  # noqa: F401  # imported for its tables
from services.tasks_api.reports import tables as _reports  # noqa: F401  # imported for its tables
from services.tasks_api.supervision_notices import tables as _supervision_notices  # noqa: F401  # imported for its tables
from services.tasks_api.supervision_settings import tables as _supervision_settings  # noqa: F401  # imported for its tables
from services.tasks_api.tasks import tables as _tasks  # noqa: F401  # imported for its tables

METADATA = base.Base.metadata
