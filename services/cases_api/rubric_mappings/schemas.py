"""Bodies and answers of mappings between rubrics."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery


class SuccessorIn(fields.In):
    """A part of the old rubric and what it became; without `new` it has no successor."""

    old: fields.Code
    new: fields.Code | None = None


class RubricMappingIn(fields.In):
    """Only what was renamed or given up needs to be listed: equal keys follow each other by themselves."""

    model_config = fields.example(
        {"items": [{"old": "subject.officers", "new": "subject.two_officers"}, {"old": "form.binding"}], "vetoes": []}
    )

    items: Annotated[list[SuccessorIn], Field(default_factory=list, max_length=500)]
    vetoes: Annotated[list[SuccessorIn], Field(default_factory=list, max_length=100)]


class RubricMappingOut(RubricMappingIn):
    """The whole mapping as read: every item and veto of the old rubric with its successor."""

    old_rubric_id: fields.Id
    new_rubric_id: fields.Id
    changed_at: fields.Moment
    version: fields.Whole


class Standing(fields.Out):
    """Total and grade; a file that cannot be reviewed has no total."""

    total: fields.Points | None = None
    grade: fields.Code


class WhatIfOut(fields.Out):
    """A finished review as it is, and as it would be under the new rubric. Nothing of it is changed."""

    review_id: fields.Id
    round_id: fields.Id
    case_file_id: fields.Id
    unit_id: fields.Id
    before: Standing
    after: Annotated[Standing | None, Field(description="缺省：新标准不适用于该案卷。")] = None
    grade_changes: bool
    dropped: Annotated[list[fields.Code], Field(description="在新标准中没有对应项而略去的旧项。")]


class WhatIfPage(fields.Page[WhatIfOut]):
    """A page of finished reviews."""


class WhatIfFilter(PageQuery):
    """Named filters; reviews come in the order they were assigned."""

    round_id: fields.Id | None = None
    campaign_id: fields.Id | None = None
    unit_id: fields.Id | None = None
