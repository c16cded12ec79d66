"""Bodies and answers of grants to townships."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery

Document = Annotated[fields.Line, Field(description="依据文件。", examples=["赋权事项目录（演示）"])]


class GrantIn(fields.In):
    """A grant of powers by a department to a township."""

    model_config = fields.example(
        {
            "department_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01",
            "unit_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e02",
            "from_on": "2023-03-01",
            "document": "示区政〔2023〕3号",
        }
    )

    department_id: Annotated[fields.Id, Field(description="赋权的区级执法部门。")]
    unit_id: Annotated[fields.Id, Field(description="被赋权的乡镇（街道）。")]
    from_on: fields.Day
    to_on: fields.Day | None = None
    document: Document | None = None


class GrantChange(fields.In):
    """What may be corrected: the period and the document. A grant that ended gets its last day."""

    model_config = fields.example({"to_on": "2024-12-31"})

    from_on: fields.Day | None = None
    to_on: fields.Day | None = None
    document: Document | None = None


class GrantOut(fields.Out):
    """A grant as read."""

    id: fields.Id
    district_id: fields.Id
    department_id: fields.Id
    unit_id: fields.Id
    from_on: fields.Day
    to_on: fields.Day | None = None
    document: fields.Line | None = None
    allowed_actions: list[Literal["change"]] = Field(max_length=10)
    version: fields.Whole
    created_at: fields.Moment


class GrantPage(fields.Page[GrantOut]):
    """A page of grants."""


class GrantFilter(PageQuery):
    """Named filters of the list."""

    department_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    in_force_on: fields.Day | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
