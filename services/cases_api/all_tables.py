"""Every table of the service, for migrations: one import line per feature that has tables."""

from __future__ import annotations

from services.cases_api import base
from services.cases_api.arbitrations import tables as _arbitrations  # noqa: F401  # imported for its tables
from services.cases_api.assignment_runs import tables as _assignment_runs  # noqa: F401  # imported for its tables
from services.cases_api.calibrations import tables as _calibrations  # noqa: F401  # imported for its tables
from services.cases_api.case_documents import tables as _case_documents  # noqa: F401  # imported for its tables
from services.cases_api.case_files import tables as _case_files  # noqa: F401  # imported for its tables
from services.cases_api.case_numbers import tables as _case_numbers  # noqa: F401  # imported for its tables
from services.cases_api.case_recordings import tables as _case_recordings  # noqa: F401  # imported for its tables
from services.cases_api.case_records import tables as _case_records  # noqa: F401  # imported for its tables
from services.cases_api.case_statistics import tables as _case_statistics  # noqa: F401  # imported for its tables
from services.cases_api.conflict_declarations import tables as _conflict_declarations  # noqa: F401  # imported for its tables
from services.cases_api.discretion_benchmarks import tables as _discretion_benchmarks  # noqa: F401  # imported for its tables
from services.cases_api.document_numbers import tables as _document_numbers  # noqa: F401  # imported for its tables
from services.cases_api.document_templates import tables as _document_templates  # noqa: F401  # imported for its tables
from services.cases_api.draws import tables as _draws  # noqa: F401  # imported for its tables
from services.cases_api.guidance_rounds import tables as _guidance_rounds  # noqa: F401  # imported for its tables
from services.cases_api.guidance_settings import tables as _guidance_settings  # noqa: F401  # imported for its tables
from services.cases_api.guidances import tables as _guidances  # noqa: F401  # imported for its tables
from services.cases_api.legal_checks import tables as _legal_checks  # noqa: F401  # imported for its tables
from services.cases_api.legal_settings import tables as _legal_settings  # noqa: F401  # imported for its tables
from services.cases_api.number_patterns import tables as _number_patterns  # noqa: F401  # imported for its tables
from services.cases_api.objections import tables as _objections  # noqa: F401  # imported for its tables
from services.cases_api.rectifications import tables as _rectifications  # noqa: F401  # imported for its tables
from services.cases_api.results import tables as _results  # noqa: F401  # imported for its tables
from services.cases_api.review_assignments import tables as _review_assignments  # noqa: F401  # imported for its tables
from services.cases_api.review_campaigns import tables as _review_campaigns  # noqa: F401  # imported for its tables
from services.cases_api.review_rounds import tables as _review_rounds  # noqa: F401  # imported for its tables
from services.cases_api.review_settings import tables as _review_settings  # noqa: F401  # imported for its tables
from services.cases_api.review_statistics import tables as _review_statistics  # noqa: F401  # imported for its tables
from services.cases_api.reviewers import tables as _reviewers  # noqa: F401  # imported for its tables
from services.cases_api.reviews import tables as _reviews  # noqa: F401  # imported for its tables
from services.cases_api.rubric_mappings import tables as _rubric_mappings  # noqa: F401  # imported for its tables
from services.cases_api.rubrics import tables as _rubrics  # noqa: F401  # imported for its tables

METADATA = base.Base.metadata
