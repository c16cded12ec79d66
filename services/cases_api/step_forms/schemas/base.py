"""What every step carries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.cases_api.step_forms import rules
from services.kit import fields

Note = Annotated[fields.Prose, Field(max_length=2_000)]
Acting = Annotated[
    list[fields.Id], Field(max_length=20, description="实施该步骤的执法人员；缺省为案卷所列承办人员（行政处罚法第42条）。")
]
DocumentNo = Annotated[fields.Line, Field(max_length=100, description="该步骤文书的文号。", examples=["榕晋岳执罚决〔2025〕1号"])]
HEAD = frozenset({"step", "on", "note"})


class StepBase(fields.In):
    """The day, a note, who acted, and the number of the document made. What is left out is unknown, never assumed."""

    on: Annotated[fields.Day, Field(description="发生日期；不得晚于今日，顺序异常照实记录。")]
    note: Note | None = None
    officers: Acting | None = None
    document_no: DocumentNo | None = None

    def facts(self) -> dict[str, Any]:
        """What the step carries besides kind, day and note, as it is kept."""
        return self.model_dump(mode="json", exclude_none=True, exclude=set(HEAD))

    def reported_days(self) -> Iterator[tuple[str, date]]:
        """Its days that tell what happened, by name; planned ones are left out."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, date) and name not in rules.PLANNED:
                yield name, value

    def officers_named(self) -> Iterator[tuple[str, UUID]]:
        """The officers it names, with their places in the step."""
        yield from ((f"officers/{place}", officer_id) for place, officer_id in enumerate(self.officers or ()))
        for name in rules.OFFICER_FACTS:
            if isinstance(found := getattr(self, name, None), UUID):
                yield name, found


class Kept(fields.Out):
    """What a step gets when it is written down."""

    id: fields.Id
