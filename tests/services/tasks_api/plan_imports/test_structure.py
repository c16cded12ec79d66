"""Headings, numbers, paragraphs cut by page breaks, requirements, the head of the document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from services.tasks_api.plan_imports import rules
from services.tasks_api.plan_imports.rules import characters, structure

HEAD = "望潮区执法提升行动方案（2024—2026年）\n一、重点任务\n（一）强化培训\n"
UNITS = "责任单位：区司法局\n"


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("1", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二十四", 24),
        ("一百零五", 105),
        ("两", 2),
        ("〇", 0),
        ("", None),
        ("甲", None),
    ],
)
def test_numerals(numeral: str, value: int | None) -> None:
    assert characters.number(numeral) == value


@pytest.mark.parametrize(
    ("raw", "joined"),
    [
        ("不少于 60 学时", "不少于60学时"),
        ("2 0 2 4 年", "2024年"),
        ("３ ０ ％ 比例", "３０％比例"),
        ("企业 and 企业家", "企业 and 企业家"),
        ("\u200b全员\u3000轮训\ufeff ", "全员轮训"),
        ("⒈标题", "1.标题"),
        ("㈠标题", "（一）标题"),
    ],
)
def test_stray_spaces(raw: str, joined: str) -> None:
    assert characters.joined(characters.printed(raw)) == joined


@pytest.mark.parametrize("text", ["１．（二）％～—", "全员轮训，及时。", "a—b"])
def test_folding_keeps_every_place(text: str) -> None:
    assert len(characters.folded(text)) == len(text)


@pytest.mark.parametrize("mark", ["1. ", "1．", "１.", "１．", "1、", "1.", " 1 . ", "⒈"])
def test_every_way_to_number_a_task(mark: str, read: Callable[[str], rules.ParsedPlan]) -> None:
    (task,) = read(f"{HEAD}{mark}抓实培训。开展轮训。\n{UNITS}").tasks
    assert (task.number, task.title, task.summary, task.chapter) == (1, "抓实培训", "开展轮训。", 1)


@pytest.mark.parametrize(
    "line", ["2.5万人参训。", "12345热线受理。", "2024年起实施。", "（1）分项一。", "①分项二。", "责任单位要落实责任。"]
)
def test_lines_that_only_look_like_headings_are_text(line: str, read: Callable[[str], rules.ParsedPlan]) -> None:
    (task,) = read(f"{HEAD}1. 抓实培训。开展轮训。\n{line}\n{UNITS}").tasks
    assert task.summary == f"开展轮训。\n{line}"
    assert [unit.as_written for unit in task.responsibles] == ["区司法局"]


@pytest.mark.parametrize(
    ("cut", "summary"),
    [
        ("开展全员轮\n\n训。", "开展全员轮训。"),
        ("开展全员轮\n\n— 7 —\n\n训。", "开展全员轮训。"),
        ("开展全员轮\n第 3 页 共 9 页\n训。", "开展全员轮训。"),
        ("开展全员轮\f训。", "开展全员轮训。"),
        ("开展轮训；\n\n建立档案。", "开展轮训；建立档案。"),
        ("按照第\n（三）项规定办理。", "按照第（三）项规定办理。"),
        ("编号为\n7. 以下的材料归档。", "编号为7. 以下的材料归档。"),
        ("使用open\nsource软件。", "使用open source软件。"),
        ("开展轮训。\n建立档案。", "开展轮训。\n建立档案。"),
    ],
)
def test_page_breaks_inside_a_paragraph_are_healed(cut: str, summary: str, read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"{HEAD}1. 抓实培训。{cut}\n{UNITS}2. 严格管理。动态清理。\n{UNITS}")
    assert [task.title for task in plan.tasks] == ["抓实培训", "严格管理"]
    assert plan.tasks[0].summary == characters.joined(summary)


@pytest.mark.parametrize(
    ("text", "title", "summary"),
    [
        ("1. 抓实\n培训管理。开展全员轮训，建立档案。", "抓实培训管理", "开展全员轮训，建立档案。"),
        ("1. 抓实培训\n开展全员轮训，建立健全培训档案，按时报送。", "抓实培训", "开展全员轮训，建立健全培训档案，按时报送。"),
        ("1. 抓实培训：开展全员轮训", "抓实培训", "开展全员轮训"),
        ("1. 抓实培训", "抓实培训", ""),
    ],
)
def test_titles(text: str, title: str, summary: str, read: Callable[[str], rules.ParsedPlan]) -> None:
    (task,) = read(f"{HEAD}{text}\n{UNITS}").tasks
    assert (task.title, task.summary) == (title, summary)


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        ("责任单位：区司法局、\n区财政局", ["区司法局", "区财政局"]),
        ("责任单位：区司法局、区财\n\n政局", ["区司法局", "区财政局"]),
        ("责 任 单 位 ：区司法局", ["区司法局"]),
        ("责任单位:区司法局", ["区司法局"]),
        ("【责任单位】区司法局", ["区司法局"]),
        ("责任单位（排名第一为主）：区司法局", ["区司法局"]),
        ("责任部门：区司法局", ["区司法局"]),
    ],
)
def test_unit_lines(lines: str, written: list[str], read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"{HEAD}1. 抓实培训。开展轮训。\n{lines}\n")
    assert [unit.as_written for unit in plan.tasks[0].responsibles] == written
    assert plan.tasks[0].leads == ()
    assert plan.warnings == ()


@pytest.mark.parametrize(
    ("line", "leads", "responsibles"),
    [
        ("牵头单位：区司法局；配合单位：区财政局", [("区司法局", "牵头单位")], [("区财政局", "配合单位")]),
        ("牵头部门：区司法局 协同单位：区财政局", [("区司法局", "牵头部门")], [("区财政局", "协同单位")]),
        ("协办单位：区财政局", [], [("区财政局", "协办单位")]),
        ("责任单位：区司法局（牵头）、区财政局", [("区司法局", "牵头")], [("区财政局", "责任单位")]),
    ],
)
def test_the_documents_own_word_for_a_role_is_kept(
    line: str, leads: list[tuple[str, str]], responsibles: list[tuple[str, str]], read: Callable[[str], rules.ParsedPlan]
) -> None:
    (task,) = read(f"{HEAD}1. 抓实培训。开展轮训。\n{line}\n").tasks
    assert [(unit.as_written, unit.role_as_written) for unit in task.leads] == leads
    assert [(unit.as_written, unit.role_as_written) for unit in task.responsibles] == responsibles


def test_a_list_inside_a_task_is_no_task(read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"{HEAD}1. 抓实培训。内容如下：\n1. 公共法律。\n2. 业务知识。\n{UNITS}2. 严格管理。清理资格。\n{UNITS}")
    assert [(task.number, task.title) for task in plan.tasks] == [(1, "抓实培训"), (2, "严格管理")]
    assert plan.tasks[0].summary == "内容如下：\n1. 公共法律。\n2. 业务知识。"


def test_numbers_that_restart_are_counted_through(read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"{HEAD}1. 甲项。做好甲。\n{UNITS}（二）规范执法\n1. 乙项。做好乙。\n{UNITS}")
    assert [(task.number, task.label, task.title, task.chapter) for task in plan.tasks] == [
        (1, "1.", "甲项", 1),
        (2, "1.", "乙项", 2),
    ]
    assert [warning.code for warning in plan.warnings] == ["numbers_restart"]


def test_a_gap_in_the_numbers_is_told(read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"{HEAD}1. 甲项。做好甲。\n{UNITS}3. 丙项。做好丙。\n{UNITS}")
    assert [task.number for task in plan.tasks] == [1, 3]
    assert [(warning.code, warning.line) for warning in plan.warnings] == [("number_missing", 6)]


def test_a_line_that_fits_nowhere_is_told_and_left_out(read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"{HEAD}1. 甲项。做好甲。\n{UNITS}另有说明若干。\n2. 乙项。做好乙。\n{UNITS}")
    (warning,) = plan.warnings
    assert (warning.code, warning.line, warning.text) == ("line_not_placed", 6, "另有说明若干。")
    assert "另有" not in warning.zh + warning.en
    assert [task.summary for task in plan.tasks] == ["做好甲。", "做好乙。"]


def test_units_without_numbered_tasks_make_chapters_tasks(read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"望潮区执法提升方案\n一、强化培训\n（一）甲项。做好甲。\n{UNITS}（二）乙项。做好乙。\n{UNITS}")
    assert [(chapter.title, chapter.tasks) for chapter in plan.chapters] == [("强化培训", (1, 2))]
    assert [(task.number, task.label, task.title) for task in plan.tasks] == [(1, "（一）", "甲项"), (2, "（二）", "乙项")]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("总体要求", "opening"),
        ("工作目标", "opening"),
        ("指导思想。坚持依法行政", "opening"),
        ("重点任务", "tasks"),
        ("目标任务", "tasks"),
        ("主要措施", "tasks"),
        ("突出重点，不断强化执法保障能力", "tasks"),
        ("方法步骤", "schedule"),
        ("工作要求", "requirements"),
        ("保障措施", "requirements"),
        ("组织保障", "requirements"),
        ("加强组织领导", "requirements"),
    ],
)
def test_what_a_part_is(title: str, kind: str) -> None:
    assert structure.kind_of(title) == kind


@pytest.mark.parametrize("part", ["工作要求", "保障措施", "组织保障"])
@pytest.mark.parametrize("marks", [("（一）", "（二）"), ("1. ", "2. ")])
def test_requirements_are_no_chapters_and_no_tasks(
    part: str, marks: tuple[str, str], read: Callable[[str], rules.ParsedPlan]
) -> None:
    plan = read(f"{HEAD}1. 甲项。做好甲。\n{UNITS}二、{part}\n{marks[0]}压实责任。及时报告。\n{marks[1]}跟踪问效。适时评估。\n")
    assert [task.number for task in plan.tasks] == [1]
    assert [(each.kind, each.number, each.title, each.summary, each.time_words) for each in plan.requirements] == [
        (rules.Kind.REQUIREMENT, 1, "压实责任", "及时报告。", ("及时",)),
        (rules.Kind.REQUIREMENT, 2, "跟踪问效", "适时评估。", ("适时",)),
    ]


NOTICE = """云屿市望潮区人民政府办公室文件

望政办〔2024〕15号

云屿市望潮区人民政府办公室
关于印发《望潮区执法提升行动方案》的通知
各乡镇人民政府、街道办事处，区直有关单位：
现将方案印发给你们。
云屿市望潮区人民政府办公室
2024年5月8日
"""


def test_the_head_of_a_notice_with_its_plan(read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"{NOTICE}\n云屿市望潮区\n执法提升行动方案\n（2024—2026年）\n一、重点任务\n1. 甲项。做好甲。\n{UNITS}")
    assert plan.title == "云屿市望潮区执法提升行动方案（2024—2026年）"
    assert (plan.document_no, plan.issued_on, plan.region_name) == ("望政办〔2024〕15号", date(2024, 5, 8), "云屿市望潮区")
    assert (plan.period_as_written, plan.period_start, plan.period_end) == ("2024—2026年", date(2024, 1, 1), date(2026, 12, 31))
    assert plan.warnings == ()


def test_the_title_may_stand_in_the_notice_alone(read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"{NOTICE}一、重点任务\n1. 甲项。做好甲。\n{UNITS}")
    assert (plan.title, plan.region_name) == ("望潮区执法提升行动方案", "望潮区")
    assert [warning.code for warning in plan.warnings] == ["period_not_found"]


@pytest.mark.parametrize(
    ("title", "region", "codes"),
    [
        ("望潮区执法方案（2024—2026年）", "望潮区", []),
        ("北岭县执法方案（2024—2026年）", "北岭县", ["region_differs"]),
        ("云屿市北岭区城市管理执法方案（2024—2026年）", "云屿市北岭区", ["region_differs"]),
        ("提升城市管理水平行动方案（2024—2026年）", None, ["region_not_found"]),
    ],
)
def test_regions(title: str, region: str | None, codes: list[str], read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"{title}\n一、重点任务\n1. 甲项。做好甲。\n{UNITS}")
    assert plan.region_name == region
    assert [warning.code for warning in plan.warnings] == codes


@pytest.mark.parametrize(
    ("title", "first", "last"),
    [
        ("望潮区方案（2024-2026年）", 2024, 2026),
        ("望潮区方案（２０２４～２０２６年）", 2024, 2026),
        ("望潮区方案（2024年至2026年）", 2024, 2026),
        ("望潮区2024年度执法工作要点", 2024, 2024),
    ],
)
def test_periods(title: str, first: int, last: int, read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"{title}\n一、重点任务\n1. 甲项。做好甲。\n{UNITS}")
    assert (plan.period_start, plan.period_end) == (date(first, 1, 1), date(last, 12, 31))


def test_contents_signature_and_attachments_are_left_out(read: Callable[[str], rules.ParsedPlan]) -> None:
    contents = "望潮区方案（2024—2026年）\n一、重点任务……………1\n"
    tail = "云屿市望潮区人民政府\n2024年5月8日\n附件：1. 分工表\n2. 联系表\n抄送：区委办。\n"
    plan = read(f"{contents}一、重点任务\n1. 甲项。做好甲。\n{UNITS}{tail}")
    assert [task.title for task in plan.tasks] == ["甲项"]
    assert plan.issued_on == date(2024, 5, 8)
    assert [warning.code for warning in plan.warnings] == ["attachment_not_read"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"1. {'长' * 201}。正文。\n{UNITS}", "title_cut"),
        (f"1. 抓实培训。{'文' * 10_001}\n{UNITS}", "summary_cut"),
        (f"1. 抓实培训。正文。\n责任单位：{'长' * 201}局\n", "units_cut"),
        (f"1. 抓实培训。{''.join(f'不少于{count}次检查，' for count in range(1, 60))}\n{UNITS}", "figures_cut"),
        (f"1. 抓实培训。{''.join(f'2024年{n % 12 + 1}月{n % 28 + 1}日前，' for n in range(84))}\n{UNITS}", "figures_cut"),
    ],
)
def test_what_a_plan_cannot_hold_is_cut_and_the_task_is_named(
    line: str, code: str, read: Callable[[str], rules.ParsedPlan]
) -> None:
    plan = read(HEAD + line)
    (task,) = plan.tasks
    (warning,) = [each for each in plan.warnings if each.code == code]
    assert warning.text.startswith(f"1. {task.title[:20]}")
    assert (len(task.title) <= 200, len(task.summary) <= 10_000) == (True, True)
    assert max(len(task.deadlines), len(task.quantities)) <= 50
    assert all(len(unit.as_written) <= 200 for unit in task.responsibles)


def test_a_title_that_just_fits_is_kept_whole(read: Callable[[str], rules.ParsedPlan]) -> None:
    plan = read(f"{HEAD}1. {'长' * 200}。{'文' * 9_999}\n{UNITS}")
    assert (len(plan.tasks[0].title), "title_cut" in {warning.code for warning in plan.warnings}) == (200, False)
