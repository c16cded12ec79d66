"""Bodies and answers of assigning."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery

Load = Annotated[int, Field(strict=True, ge=0, le=10_000, json_schema_extra={"format": "int32"})]


class AssignIn(fields.In):
    """A self-review is given out by name: files and reviewers of their own unit, dealt in this order.

    A drawn round is assigned by rule: to the reviewers named, or else to all of the district, between these loads.
    """

    model_config = fields.example(
        {
            "account_ids": ["0192f0c8-0000-7000-8000-000000000301", "0192f0c8-0000-7000-8000-000000000302"],
            "least_load": 2,
            "most_load": 10,
        }
    )

    case_file_ids: Annotated[list[fields.Id] | None, Field(min_length=1, max_length=500, description="仅自评。")] = None
    account_ids: Annotated[list[fields.Id] | None, Field(min_length=1, max_length=500, description="评查人账号。")] = None
    least_load: Annotated[Load | None, Field(description="每人至少评查件数，仅互评和抽评。")] = None
    most_load: Annotated[Load | None, Field(description="每人至多评查件数，仅互评和抽评；缺省按评查设置。")] = None


class AssignmentRunOut(fields.Out):
    """A run in a list: its seed, its solver, its cost and the hashes of all it was given and came to."""

    id: fields.Id
    round_id: fields.Id
    number: fields.Whole
    seed: Annotated[str, Field(max_length=200)]
    solver: fields.Line
    problem_sha256: fields.Hash
    solution_sha256: fields.Hash
    cost: Annotated[int, Field(ge=0, json_schema_extra={"format": "int64"})]
    files: fields.Whole
    pairs: fields.Whole
    made_by: fields.Id
    made_at: fields.Moment
    version: fields.Whole


class AssignmentRunPage(fields.Page[AssignmentRunOut]):
    """A page of runs."""


class AssignmentRunFilter(PageQuery):
    """The newest first."""

    sort: Literal["number", "-number"] = "-number"


class AssignmentRecordOut(AssignmentRunOut):
    """The whole record: whoever solves `problem` again finds `solution`."""

    problem: dict[str, Any]
    solution: dict[str, Any]
