"""Bodies and answers of a kind, made from its facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, Strict, create_model
from pydantic.fields import FieldInfo

from services.kit import batches, fields
from services.kit.pagination import PageQuery
from services.kit.registers.kinds import Kind

Files = Annotated[list[fields.Id], Field(max_length=20, description="佐证材料，须先上传。")]
State = Literal["active", "void"]


class Common(fields.In):
    """What the caller sends with the facts of any kind."""

    unit_id: fields.Id
    attachment_ids: Files = Field(default=[], max_length=20)
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None


class CommonChange(fields.In):
    """What may be changed of any kind; a list sent replaces the whole."""

    attachment_ids: Files | None = None


class CommonOut(fields.Out):
    """What is read of any kind."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    year: fields.Year
    attachment_ids: list[fields.Id] = Field(max_length=20)
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None
    state: State
    void_reason: fields.Line | None = None
    allowed_actions: list[Literal["change", "void"]] = Field(max_length=2)
    created_by: fields.Id
    created_at: fields.Moment
    updated_at: fields.Moment
    version: fields.Whole


class CommonFilter(PageQuery):
    """Named filters that every kind has; those by day filter the day the kind is sorted by."""

    unit_id: Annotated[fields.Id | None, Field(description="只列该单位的记录。")] = None
    year: Annotated[fields.QueryYear | None, Field(description="只列该年度的记录。")] = None
    state: Annotated[State | None, Field(description="`active` 有效，`void` 已作废；缺省为全部。")] = None
    on__gte: Annotated[fields.Day | None, Field(description="日期自（含）。")] = None
    on__lte: Annotated[fields.Day | None, Field(description="日期至（含）。")] = None
    external_id: Annotated[fields.Code | None, Field(description="外部系统中的标识。")] = None
    sort: Annotated[Literal["-on", "on"], Field(description="按日期；`-` 为最近的在前。")] = "-on"


class Batch(fields.In):
    """At most 500 records. One with an external id that is known already is brought up to date."""

    atomic: Annotated[fields.Flag, Field(description="任一项不能办理则全部不写入。")] = False


class VoidIn(fields.In):
    """Why a record is void; it stays readable."""

    model_config = fields.example({"reason": "重复登记（演示）"})

    reason: Annotated[fields.Line, Field(examples=["重复登记（演示）"])]


@dataclass(frozen=True, slots=True)
class Models:
    """The models of one kind."""

    made: type[Common]
    change: type[CommonChange]
    out: type[CommonOut]
    page: type[BaseModel]
    wanted: type[CommonFilter]
    batch: type[Batch]


def models_of(kind: Kind) -> Models:
    """The models of a kind; their names in the document begin with the kind's."""
    name = "".join(word.capitalize() for word in kind.key.split("-"))
    facts = kind.facts.model_fields
    loose = {key: _optional(each) for key, each in facts.items()}
    asked = {key: _optional(facts[key], lax=True) for key in kind.named}
    made = _model(f"{name}In", (Common, kind.facts), f"登记{kind.title}。")
    change = _model(f"{name}Change", CommonChange, f"修改{kind.title}。", **loose)
    out = _model(f"{name}Out", (CommonOut, kind.facts), f"{kind.title}。")
    paged = fields.Page[out]  # type: ignore[valid-type]  # made at run time
    page = _model(f"{name}Page", paged, f"{kind.title}列表的一页。")
    wanted = _model(f"{name}Filter", CommonFilter, f"{kind.title}的筛选条件。", **asked)
    listed = list[made]  # type: ignore[valid-type]  # made at run time
    items = (listed, Field(min_length=1, max_length=batches.MOST))
    batch = _model(f"{name}BatchIn", Batch, f"批量登记{kind.title}。", items=items)
    if kind.example:
        told = {key: value for key, value in kind.example.items() if key in loose}
        for model, shown in ((made, kind.example), (change, told), (batch, {"items": [kind.example]})):
            model.model_config["json_schema_extra"] = {"examples": [shown]}
    return Models(made, change, out, page, wanted, batch)


def _model(model_name: str, model_base: Any, model_title: str, /, **definitions: Any) -> Any:
    """A model made at run time; the type checker cannot know it."""
    return create_model(model_name, __base__=model_base, __doc__=model_title, **definitions)


def _optional(info: FieldInfo, *, lax: bool = False) -> Any:
    """A fact as a field that may be left out, with the constraints it has; in a query numbers and flags come as texts (`lax`)."""
    kept = [each for each in info.metadata if not (lax and isinstance(each, Strict))]
    annotation: Any = Annotated[(info.annotation, *kept)] if kept else info.annotation
    return (annotation | None, Field(default=None, description=info.description))
