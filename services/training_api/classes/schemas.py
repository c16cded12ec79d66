"""Bodies and answers of training classes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.classes.rules import Category, ClassKind, State


class ClassIn(fields.In):
    """A new class. `hours` is what each participant earns in all."""

    title: Annotated[fields.Line, Field(examples=["行政处罚程序专题培训"])]
    kind: ClassKind
    organiser_id: Annotated[fields.Id, Field(description="主办单位。")]
    starts_at: fields.Moment
    ends_at: fields.Moment
    hours: fields.Hours
    category: Category
    online: fields.Flag = False


class CancelIn(fields.In):
    """Why a class does not take place."""

    reason: Annotated[fields.Line, Field(examples=["讲师因故不能到场"])]


class ClassOut(fields.Out):
    """A class as read."""

    id: fields.Id
    district_id: fields.Id
    organiser_id: fields.Id
    title: fields.Line
    kind: ClassKind
    category: Category
    online: fields.Flag
    starts_at: fields.Moment
    ends_at: fields.Moment
    hours: fields.Hours
    enrolled: fields.Whole
    present: fields.Whole
    state: State
    allowed_actions: list[Literal["cancel", "record_attendance", "post_hours"]] = Field(max_length=10)
    version: fields.Whole
    created_at: fields.Moment


class ClassPage(fields.Page[ClassOut]):
    """A page of classes."""


class ClassFilter(PageQuery):
    """Named filters of the list."""

    organiser_id: fields.Id | None = None
    kind: ClassKind | None = None
    category: Category | None = None
    state: State | None = None
    online: bool | None = None
    starts_at__gte: fields.Moment | None = None
    starts_at__lte: fields.Moment | None = None
    sort: Literal["starts_at", "-starts_at"] = "-starts_at"
