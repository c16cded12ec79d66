"""The list of registers as answered."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from services.kit import fields

Path = Annotated[str, Field(max_length=100, pattern="^/v1/", examples=["/v1/registers/item-catalogues/records"])]


class RegisterOut(fields.Out):
    """A kind of register: what it is called, where its records are, which tasks and obligations it serves, its fields."""

    key: fields.Code
    title: fields.Line
    path: Path
    tasks: Annotated[list[fields.Whole], Field(max_length=50, description="所服务的方案任务编号。")]
    requirements: Annotated[list[fields.Whole], Field(max_length=50, description="所服务的工作要求编号。")]
    obligations: Annotated[list[fields.Code], Field(max_length=20, description="所证明的义务编号。")]
    day: Annotated[fields.Code, Field(description="排序并确定年度的日期字段。")]
    filters: Annotated[list[fields.Code], Field(max_length=50, description="可筛选的字段。")]
    fields_schema: Annotated[dict[str, Any], Field(description="字段的 JSON Schema。")]
    example: Annotated[dict[str, Any], Field(description="一条记录的填写示例。")]


class RegistersOut(fields.Out):
    """Every kind there is."""

    registers: Annotated[list[RegisterOut], Field(max_length=500)]
