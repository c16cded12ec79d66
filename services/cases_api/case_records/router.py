"""Routes of every kind."""

from __future__ import annotations

from typing import Final

from services.cases_api import access
from services.cases_api.case_records.kinds import KINDS
from services.cases_api.case_records.tables import Record
from services.kit.registers import files, router

FILES: Final = files.registers_of(
    "/v1/case-records", "case_record_files", KINDS, Record, access.CASE_RECORDS_READ, access.CASE_RECORDS_IMPORT
)
ROUTERS: Final = [*(router.router_of(kind, Record) for kind in KINDS), FILES.router()]
