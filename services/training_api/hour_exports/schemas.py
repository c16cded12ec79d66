"""What may be asked of an export."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from services.kit import exports, fields
from services.training_api.classes.rules import Category
from services.training_api.compliance.rules import Status
from services.training_api.compliance.schemas import AsOf
from services.training_api.hour_entries.rules import Source, State


class HourExportQuery(BaseModel):
    """Filters of the list of entries, and the form of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: exports.Form = "xlsx"
    officer_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    class_id: fields.Id | None = None
    category: Category | None = None
    source: Source | None = None
    state: State | None = None
    year: fields.QueryYear | None = None
    occurred_on__gte: fields.Day | None = None
    occurred_on__lte: fields.Day | None = None


class ComplianceExportQuery(BaseModel):
    """Filters of the list of officers, and the form of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: exports.Form = "xlsx"
    year: fields.QueryYear
    unit_id: fields.Id | None = None
    status: Status | None = None
    as_of: AsOf | None = None
