"""Bodies and answers of escalation rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.escalation_rules.rules import Action, Audience, Basis

Step = Annotated[str, Field(min_length=1, max_length=32, pattern="^[a-z][a-z0-9_]*$", examples=["leader"])]
Offset = Annotated[
    int,
    Field(
        strict=True,
        ge=-60,
        le=120,
        json_schema_extra={"format": "int32"},
        description="完成时限之后的工作日数；负数为时限之前。",
        examples=[2],
    ),
]
Days = Annotated[int, Field(strict=True, ge=1, le=120, json_schema_extra={"format": "int32"})]
Times = Annotated[int, Field(strict=True, ge=0, le=50, json_schema_extra={"format": "int32"})]


class EscalationRuleIn(fields.In):
    """A step of the ladder from a day on; a later row of the same step replaces it, `enabled: false` ends it."""

    model_config = fields.example(
        {
            "step": "leader",
            "valid_from": "2025-01-01",
            "basis": "due",
            "offset_days": 2,
            "action": "warn",
            "audience": "unit_leader",
            "repeat_days": 2,
            "repeat_most": 3,
        }
    )

    step: Step
    valid_from: fields.Day
    enabled: fields.Flag = True
    basis: Annotated[Basis, Field(description="起算：完成时限，或下达之日（仅在未签收时）。")] = Basis.DUE
    offset_days: Offset
    action: Action
    audience: Audience
    reply_days: Annotated[Days | None, Field(description="督办函的答复期限（工作日）。")] = None
    repeat_days: Annotated[Days | None, Field(description="每隔多少工作日再次提醒。")] = None
    repeat_most: Annotated[Times, Field(description="再次提醒的次数上限。")] = 0
    note: fields.Line | None = None


class EscalationRuleOut(fields.Out):
    """A rule as read; without `district_id` it is the default the product ships with."""

    id: fields.Id
    district_id: fields.Id | None = None
    step: Step
    valid_from: fields.Day
    enabled: bool
    basis: Basis
    offset_days: Offset
    action: Action
    audience: Audience
    reply_days: Days | None = None
    repeat_days: Days | None = None
    repeat_most: Times
    note: fields.Line | None = None
    recorded_by_name: fields.Line
    recorded_at: fields.Moment


class EscalationRulePage(fields.Page[EscalationRuleOut]):
    """A page of rules."""


class EscalationRuleFilter(PageQuery):
    """Named filters of the list."""

    step: Step | None = None
    sort: Literal["-recorded_at"] = "-recorded_at"


class LadderQuery(BaseModel):
    """Which day's ladder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: Annotated[fields.Day | None, Field(description="哪一天；缺省为今天。")] = None


class LadderOut(fields.Out):
    """The steps in force on a day, in the order in which they follow each other."""

    on: fields.Day
    steps: Annotated[list[EscalationRuleOut], Field(max_length=100)]

    @classmethod
    def of(cls, on: date, steps: Iterable[object]) -> LadderOut:
        """The answer made of rows."""
        names = EscalationRuleOut.model_fields
        return cls(on=on, steps=[EscalationRuleOut(**{name: getattr(step, name) for name in names}) for step in steps])
