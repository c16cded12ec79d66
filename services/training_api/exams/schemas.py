"""Bodies and answers of exams."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.exams.rules import ExamKind, Outcome, State, Verb

Subject = Annotated[fields.Line, Field(description="专业考试的领域。", examples=["城市管理"])]


class ExamIn(fields.In):
    """A new exam. The pass mark lies within the full mark."""

    model_config = fields.example(
        {
            "unit_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01",
            "title": "2024年第二次行政执法资格考试（公共法律知识）",
            "kind": "general",
            "held_on": "2024-06-15",
            "full_points": 100,
            "pass_points": 60,
        }
    )

    unit_id: Annotated[fields.Id, Field(description="组织单位。")]
    title: Annotated[fields.Line, Field(examples=["2024年第二次行政执法资格考试（公共法律知识）"])]
    kind: ExamKind
    subject: Subject | None = None
    held_on: fields.Day
    full_points: fields.Points = 10_000
    pass_points: fields.Points = 6_000


class ExamChange(fields.In):
    """What may be corrected while results come in; they are judged anew by a changed pass mark."""

    model_config = fields.example({"held_on": "2024-06-22"})

    title: fields.Line | None = None
    subject: Subject | None = None
    held_on: fields.Day | None = None
    pass_points: fields.Points | None = None


class ReasonIn(fields.In):
    """Why published results are taken up again, or count no more."""

    model_config = fields.example({"reason": "考试延期"})

    reason: Annotated[fields.Line, Field(examples=["阅卷有误"])]


class Counts(fields.Out):
    """How many candidates of the caller's reach came to what."""

    passed: fields.Whole
    failed: fields.Whole
    absent: fields.Whole


class ExamOut(fields.Out):
    """An exam as read."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    title: fields.Line
    kind: ExamKind
    subject: Subject | None = None
    held_on: fields.Day
    full_points: fields.Points
    pass_points: fields.Points
    state: State
    counts: Counts
    published_at: fields.Moment | None = None
    allowed_actions: list[Verb] = Field(max_length=10)
    version: fields.Whole
    created_at: fields.Moment


class ExamPage(fields.Page[ExamOut]):
    """A page of exams."""


class ExamFilter(PageQuery):
    """Named filters of the list."""

    kind: ExamKind | None = None
    state: State | None = None
    unit_id: fields.Id | None = None
    held_on__gte: fields.Day | None = None
    held_on__lte: fields.Day | None = None
    sort: Literal["held_on", "-held_on"] = "-held_on"


class ResultIn(fields.In):
    """What one officer came to: points, or `absent`."""

    officer_id: fields.Id
    points: fields.Points | None = None
    absent: fields.Flag = False


class ResultsIn(fields.In):
    """Results to enter; an officer's earlier result of the exam is replaced."""

    model_config = fields.example({"items": [{"officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e11", "points": 88.5}]})

    atomic: fields.Flag = False
    items: list[ResultIn] = Field(min_length=1, max_length=500)


class ResultOut(fields.Out):
    """A result as read."""

    exam_id: fields.Id
    officer_id: fields.Id
    unit_id: fields.Id
    points: fields.Points | None = None
    outcome: Outcome
    recorded_at: fields.Moment


class ResultPage(fields.Page[ResultOut]):
    """A page of results."""


class ResultFilter(PageQuery):
    """Named filters of the results of an exam."""

    officer_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    outcome: Outcome | None = None
    sort: Literal["officer_id"] = "officer_id"
