"""Roles in brackets at the end of a paragraph and in closing sentences; and sentences that name no role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from services.tasks_api.plan_imports import rules

HEAD = "望潮区执法提升行动方案（2024—2026年）\n一、重点任务\n（一）强化培训\n"


def read_task(text: str, read: Callable[[str], rules.ParsedPlan]) -> rules.ParsedTask:
    (task,) = read(f"{HEAD}1. 抓实培训。开展全员轮训。{text}\n").tasks
    return task


@pytest.mark.parametrize(
    ("text", "leads", "responsibles"),
    [
        ("（牵头单位：区司法局；责任单位：区财政局、各乡镇（街道））", ["区司法局"], ["区财政局", "各乡镇（街道）"]),
        ("（牵头单位：区司法局）（责任单位：区财政局）", ["区司法局"], ["区财政局"]),
        ("(牵头单位:区司法局;配合单位:区财政局)", ["区司法局"], ["区财政局"]),
        ("（责任单位：区司法局 区财政局）。", [], ["区司法局", "区财政局"]),
        ("（责任单位：区司法局、\n\n区财政局）", [], ["区司法局", "区财政局"]),
        ("（责任单位：区司法局、区财政局", [], ["区司法局", "区财政局"]),
        ("【责任单位：区司法局】", [], ["区司法局"]),
        ("区司法局牵头，各执法单位、各乡镇（街道）按职责分工负责。", ["区司法局"], ["各执法单位", "各乡镇（街道）"]),
        ("由区司法局、区财政局牵头负责，各执法单位配合。", ["区司法局", "区财政局"], ["各执法单位"]),
        ("区司法局牵头，会同区财政局、各镇街落实。", ["区司法局"], ["区财政局", "各镇街"]),
        ("区司法局牵头。各执法单位按照职责分工负责。", ["区司法局"], ["各执法单位"]),
        ("各执法单位、各镇街按职责分工负责。", [], ["各执法单位", "各镇街"]),
        ("（区司法局牵头，各执法单位配合）", ["区司法局"], ["各执法单位"]),
        ("（各执法单位负责）。", [], ["各执法单位"]),
    ],
)
def test_roles_are_found(text: str, leads: list[str], responsibles: list[str], read: Callable[[str], rules.ParsedPlan]) -> None:
    task = read_task(text, read)
    assert [unit.as_written for unit in task.leads] == leads
    assert [unit.as_written for unit in task.responsibles] == responsibles
    assert all(unit.key for unit in task.leads + task.responsibles)
    assert task.summary == "开展全员轮训。"


@pytest.mark.parametrize(
    "text",
    [
        "综合执法牵头协调机构每年组织授课。",
        "区政府建立以司法行政部门牵头，财政、人社等部门参加的会商机制。",
        "区司法局牵头建立协调机制。",
        "充分发挥党组织牵头作用。",
        "发挥基层组织牵头。",
        "各执法单位要积极配合。",
        "完善机制，抓好落实。",
        "依托平台（含移动端）推进。",
        "明确责任单位和时限。",
    ],
)
def test_no_role_is_invented(text: str, read: Callable[[str], rules.ParsedPlan]) -> None:
    task = read_task(text, read)
    assert (task.leads, task.responsibles) == ((), ())
    assert task.summary == f"开展全员轮训。{text}"


def test_the_duty_is_kept_as_written(read: Callable[[str], rules.ParsedPlan]) -> None:
    task = read_task("区司法局牵头，各执法单位按职责分工负责。", read)
    assert (task.leads[0].role_as_written, task.responsibles[0].role_as_written) == ("牵头", "按职责分工负责")


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("（牵头单位：区司法局；责任单位：区财政局；完成时限：2024年12月底）", date(2024, 12, 31)),
        ("（责任单位：区财政局；完成时限：2025年6月）", date(2025, 6, 30)),
        ("\n完成时限：2025年6月30日前", date(2025, 6, 30)),
    ],
)
def test_deadlines_stated_beside_the_units(text: str, due_on: date, read: Callable[[str], rules.ParsedPlan]) -> None:
    (deadline,) = read_task(text, read).deadlines
    assert (deadline.shape, deadline.due_on) == (rules.Shape.FIXED, due_on)


def test_persons_are_not_read(read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"{HEAD}1. 抓实培训。开展轮训。\n责任单位：区司法局\n责任人：某某\n")
    assert [unit.as_written for unit in plan.tasks[0].responsibles] == ["区司法局"]
    assert [(warning.code, warning.text) for warning in plan.warnings] == [("line_not_placed", "")]
