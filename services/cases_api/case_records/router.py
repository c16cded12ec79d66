"""Routes of every kind."""

from __future__ import annotations

from services.cases_api.case_records.kinds import KINDS
from services.cases_api.case_records.tables import Record
from services.kit.registers import router

ROUTERS = [router.router_of(kind, Record) for kind in KINDS]
