"""Bodies and answers of unit groups."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery

GroupKey = Annotated[str, Field(min_length=1, max_length=64, pattern="^[a-z][a-z0-9_]*$", examples=["townships"])]


class MemberIn(fields.In):
    """A unit's membership, from the first to the last day."""

    unit_id: fields.Id
    valid_from: fields.Day
    valid_to: fields.Day | None = None


Members = Annotated[list[MemberIn], Field(max_length=500)]


class UnitGroupIn(fields.In):
    """A new group of a district."""

    model_config = fields.example(
        {
            "district_id": "0192f0c8-0000-7000-8000-000000000101",
            "key": "townships",
            "name": "各乡镇人民政府、街道办事处",
            "aliases": ["各镇街"],
            "members": [{"unit_id": "0192f0c8-0000-7000-8000-000000000102", "valid_from": "2024-01-01"}],
        }
    )

    district_id: fields.Id
    key: GroupKey
    name: Annotated[fields.Line, Field(description="文件中的写法。", examples=["各乡镇人民政府、街道办事处"])]
    aliases: list[fields.Line] = Field(default_factory=list, max_length=50)
    assumed: Annotated[fields.Flag, Field(description="成员名单系推定，待核实。")] = False
    members: list[MemberIn] = Field(default_factory=list, max_length=500)


class UnitGroupChange(fields.In):
    """What may change; members are replaced as a whole, ended ones included."""

    model_config = fields.example(
        {"members": [{"unit_id": "0192f0c8-0000-7000-8000-000000000102", "valid_from": "2024-01-01", "valid_to": "2025-12-31"}]}
    )

    name: fields.Line | None = None
    aliases: Annotated[list[fields.Line], Field(max_length=50)] | None = None
    assumed: fields.Flag | None = None
    members: Members | None = None


class MemberOut(fields.Out):
    """A membership as read."""

    unit_id: fields.Id
    code: fields.Code
    name: fields.Line
    valid_from: fields.Day
    valid_to: fields.Day | None = None


class UnitGroupOut(fields.Out):
    """A group as read, with all its memberships."""

    id: fields.Id
    district_id: fields.Id
    key: GroupKey
    name: fields.Line
    aliases: list[fields.Line] = Field(max_length=50)
    assumed: fields.Flag
    members: list[MemberOut] = Field(max_length=500)
    version: fields.Whole
    created_at: fields.Moment


class UnitGroupPage(fields.Page[UnitGroupOut]):
    """A page of groups."""


class UnitGroupFilter(PageQuery):
    """Named filters of the list."""

    key: GroupKey | None = None
    sort: Literal["key"] = "key"
