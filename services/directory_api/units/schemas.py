"""Bodies and answers of units."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.directory_api.units.rules import UnitKind
from services.kit import fields
from services.kit.pagination import PageQuery

UnitCode = Annotated[fields.Code, Field(description="行政区划代码或本项目编码。", examples=["350111102"])]


class UnitIn(fields.In):
    """A new unit. Without `parent_id` it is a district."""

    model_config = fields.example(
        {
            "code": "350111102",
            "name": "岳峰镇人民政府",
            "short_name": "岳峰镇",
            "kind": "town",
            "parent_id": "0192f0c8-0000-7000-8000-000000000101",
            "enforcement": True,
        }
    )

    code: UnitCode
    name: Annotated[fields.Line, Field(examples=["岳峰镇人民政府"])]
    short_name: Annotated[fields.Line, Field(examples=["岳峰镇"])]
    kind: UnitKind
    parent_id: fields.Id | None = None
    enforcement: fields.Flag = False
    granting: fields.Flag = False
    vertical: fields.Flag = False
    assumed: Annotated[fields.Flag, Field(description="名称或归属系推定，待核实。")] = False
    valid_from: fields.Day | None = None
    valid_to: fields.Day | None = None


class UnitChange(fields.In):
    """What may change; the code and the place in the tree stay."""

    model_config = fields.example({"short_name": "岳峰", "valid_to": "2025-12-31"})

    name: fields.Line | None = None
    short_name: fields.Line | None = None
    enforcement: fields.Flag | None = None
    granting: fields.Flag | None = None
    vertical: fields.Flag | None = None
    assumed: fields.Flag | None = None
    valid_from: fields.Day | None = None
    valid_to: fields.Day | None = None


class UnitOut(fields.Out):
    """A unit as read."""

    id: fields.Id
    district_id: fields.Id
    parent_id: fields.Id | None = None
    code: UnitCode
    name: fields.Line
    short_name: fields.Line
    kind: UnitKind
    enforcement: fields.Flag
    granting: fields.Flag
    vertical: fields.Flag
    assumed: fields.Flag
    valid_from: fields.Day | None = None
    valid_to: fields.Day | None = None
    version: fields.Whole
    created_at: fields.Moment


class UnitPage(fields.Page[UnitOut]):
    """A page of units."""


class UnitFilter(PageQuery):
    """Named filters of the list."""

    code: UnitCode | None = None
    kind: UnitKind | None = None
    parent_id: fields.Id | None = None
    enforcement: bool | None = None
    granting: bool | None = None
    sort: Literal["code", "-code"] = "code"
