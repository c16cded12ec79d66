"""Bodies and answers of training classes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.classes.rules import Category, ClassKind, State

Capacity = Annotated[
    int, Field(strict=True, ge=1, le=100_000, description="名额；满额后报名者候补。", json_schema_extra={"format": "int32"})
]
Location = Annotated[fields.Line, Field(description="地点。", examples=["区政府三楼会议室（演示）"])]
Stated = Annotated[fields.Hours, Field(description="每名参训人员学时；不填则按培训设置由课次折算（默认一天 8、半天 4）。")]


class Session(fields.In):
    """A session (课次) of a class."""

    starts_at: fields.Moment
    ends_at: fields.Moment


Sessions = Annotated[list[Session], Field(max_length=400, description="课次；不填则每天一次，由开始时刻至结束时刻。")]


class ClassIn(fields.In):
    """A new class. `hours` is what each participant earns in all; left out, it is worked out from the sessions."""

    model_config = fields.example(
        {
            "title": "行政处罚程序专题培训（演示）",
            "kind": "professional",
            "organiser_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01",
            "starts_at": "2025-03-11T01:00:00Z",
            "ends_at": "2025-03-13T09:00:00Z",
            "hours": 24,
            "category": "business",
            "capacity": 60,
        }
    )

    title: Annotated[fields.Line, Field(examples=["行政处罚程序专题培训"])]
    kind: ClassKind
    organiser_id: Annotated[fields.Id, Field(description="主办单位；乡镇（街道）联合培训为牵头协调部门。")]
    starts_at: fields.Moment
    ends_at: fields.Moment
    hours: Stated | None = None
    category: Category
    online: fields.Flag = False
    location: Location | None = None
    capacity: Capacity | None = None
    plan_id: Annotated[fields.Id | None, Field(description="所属培训计划。")] = None
    sessions: Sessions | None = None


class ClassChange(fields.In):
    """What may be changed in a planned class. Null takes hours, location, capacity or plan away; other nulls change nothing."""

    model_config = fields.example({"capacity": 60, "location": "区行政服务中心三楼"})

    title: fields.Line | None = None
    kind: ClassKind | None = None
    starts_at: fields.Moment | None = None
    ends_at: fields.Moment | None = None
    hours: Stated | None = None
    category: Category | None = None
    online: fields.Flag | None = None
    location: Location | None = None
    capacity: Capacity | None = None
    plan_id: fields.Id | None = None
    sessions: Sessions | None = None


class CancelIn(fields.In):
    """Why a class does not take place."""

    model_config = fields.example({"reason": "师资调整，改期举办"})

    reason: Annotated[fields.Line, Field(examples=["讲师因故不能到场"])]


class SessionOut(Session):
    """A session as read, by its place."""

    place: fields.Whole


class ClassOut(fields.Out):
    """A class as read. `settings_id` is the version of the settings its hours were worked out by; stated hours have none."""

    id: fields.Id
    district_id: fields.Id
    organiser_id: fields.Id
    title: fields.Line
    kind: ClassKind
    category: Category
    online: fields.Flag
    starts_at: fields.Moment
    ends_at: fields.Moment
    sessions: list[SessionOut] = Field(max_length=400)
    hours: fields.Hours
    hours_stated: fields.Flag
    settings_id: fields.Id | None = None
    location: fields.Line | None = None
    capacity: fields.Whole | None = None
    plan_id: fields.Id | None = None
    enrolled: fields.Whole
    waiting: fields.Whole
    present: fields.Whole
    state: State
    allowed_actions: list[Literal["change", "cancel", "record_attendance", "post_hours"]] = Field(max_length=10)
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
    plan_id: fields.Id | None = None
    starts_at__gte: fields.Moment | None = None
    starts_at__lte: fields.Moment | None = None
    sort: Literal["starts_at", "-starts_at"] = "-starts_at"
