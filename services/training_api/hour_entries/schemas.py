"""Bodies and answers of class hours."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.classes.rules import Category
from services.training_api.hour_entries.rules import Source, State


class EntryOut(fields.Out):
    """An entry as read. `sequence` and `chain_hash` stand there once it is sealed into the chain, within a second or so."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    officer_id: fields.Id
    category: Category
    hours: fields.SignedHours
    occurred_on: fields.Day
    days: fields.Whole
    year: fields.Year
    starts_at: fields.Moment | None = None
    ends_at: fields.Moment | None = None
    source: Source
    class_id: fields.Id | None = None
    course: fields.Line | None = None
    settings_id: Annotated[fields.Id | None, Field(description="折算学时所依据的培训设置版本；按班次注明学时登记的没有。")] = None
    hour_rule_id: Annotated[fields.Id | None, Field(description="登记时适用的学时规则。")] = None
    late_reason: Annotated[fields.Prose | None, Field(description="年度关账后补登的理由。")] = None
    state: State
    reverses_id: fields.Id | None = None
    reversed_by_id: fields.Id | None = None
    note: fields.Prose | None = None
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None
    entered_by: fields.Id
    created_at: fields.Moment
    decided_by: fields.Id | None = None
    decided_at: fields.Moment | None = None
    decision_reason: fields.Line | None = None
    sequence: fields.Whole | None = None
    chain_hash: fields.Hash | None = None
    allowed_actions: list[Literal["confirm", "refuse", "reversal"]] = Field(max_length=10)
    version: fields.Whole


class EntryPage(fields.Page[EntryOut]):
    """A page of entries."""


class EntryFilter(PageQuery):
    """Named filters of the list."""

    officer_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    class_id: fields.Id | None = None
    category: Category | None = None
    source: Source | None = None
    state: State | None = None
    year: fields.QueryYear | None = None
    occurred_on__gte: fields.Day | None = None
    occurred_on__lte: fields.Day | None = None
    external_id: fields.Code | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
