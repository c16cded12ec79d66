"""Every table of the service, for migrations: one import line per feature that has tables."""

from __future__ import annotations

from services.training_api import base
from services.training_api.awards import tables as _awards  # noqa: F401  # imported for its tables
from services.training_api.certificates import tables as _certificates  # noqa: F401  # imported for its tables
from services.training_api.classes import tables as _classes  # noqa: F401  # imported for its tables
from services.training_api.completion_certificates import (
    tables as _completion_certificates,  # noqa: F401  # imported for its tables
)
from services.training_api.compliance import tables as _compliance  # noqa: F401  # imported for its tables
from services.training_api.exams import tables as _exams  # noqa: F401  # imported for its tables
from services.training_api.exemption_reasons import tables as _exemption_reasons  # noqa: F401  # imported for its tables
from services.training_api.exemptions import tables as _exemptions  # noqa: F401  # imported for its tables
from services.training_api.hour_entries import tables as _hour_entries  # noqa: F401  # imported for its tables
from services.training_api.hour_rules import tables as _hour_rules  # noqa: F401  # imported for its tables
from services.training_api.hour_years import tables as _hour_years  # noqa: F401  # imported for its tables
from services.training_api.ledger import tables as _ledger  # noqa: F401  # imported for its tables
from services.training_api.legal_reviewers import tables as _legal_reviewers  # noqa: F401  # imported for its tables
from services.training_api.officers import tables as _officers  # noqa: F401  # imported for its tables
from services.training_api.personnel_rules import tables as _personnel_rules  # noqa: F401  # imported for its tables
from services.training_api.qualification_reviews import tables as _qualification_reviews  # noqa: F401  # imported for its tables
from services.training_api.township_grants import tables as _township_grants  # noqa: F401  # imported for its tables
from services.training_api.training_plans import tables as _training_plans  # noqa: F401  # imported for its tables
from services.training_api.training_settings import tables as _training_settings  # noqa: F401  # imported for its tables

METADATA = base.Base.metadata
