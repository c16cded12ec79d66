"""Tables of tasks: columns, merged cells, repeated headings, rows that go on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from services.tasks_api.plan_imports import rules
from services.tasks_api.plan_imports.rules import Cell, Document, Paragraph, Row, Table

UP: Final = "^"
LEFT: Final = "<"
COLUMNS = ("序号", "工作任务", "主要措施", "牵头单位", "配合单位", "完成时限")
TITLE = Paragraph(1, "望潮区执法提升行动方案（2024—2026年）")


def table(*rows: Sequence[str], line: int = 2) -> Table:
    """Rows of texts; ^ goes on with the cell above, < with the cell on the left."""
    made: list[Row] = []
    for number, texts in enumerate(rows, start=line):
        cells: list[Cell] = []
        for place, text in enumerate(texts):
            if text == UP:
                cells.append(Cell(made[-1].cells[place].text, from_above=True))
            else:
                cells.append(Cell(cells[-1].text, from_left=True) if text == LEFT else Cell(text))
        made.append(Row(number, tuple(cells)))
    return Table(tuple(made))


def read(known: rules.KnownUnits, *tables: Table) -> rules.ParsedPlan:
    return rules.parse(Document((TITLE, *tables)), known)


def units(found: tuple[rules.ParsedUnit, ...]) -> list[str]:
    return [unit.as_written for unit in found]


def test_a_plain_table(known: rules.KnownUnits) -> None:
    first = ("1", "抓实培训", "每人每年不少于40学时。", "区司法局", "区财政局\n各镇街", "2024年12月底")
    second = ("２．", "严格管理", "动态清理。", "区司法局、区人社局", "各执法单位", "长期坚持")
    plan = read(known, table(COLUMNS, first, second))
    one, two = plan.tasks
    assert (one.number, one.title, one.summary, one.line) == (1, "抓实培训", "每人每年不少于40学时。", 3)
    assert (units(one.leads), units(one.responsibles)) == (["区司法局"], ["区财政局", "各镇街"])
    assert [deadline.due_on for deadline in one.deadlines] == [date(2024, 12, 31), None]
    assert (two.number, units(two.leads), units(two.responsibles)) == (2, ["区司法局", "区人社局"], ["各执法单位"])
    assert (two.deadlines[0].shape, two.time_words) == (rules.Shape.NONE, ("动态", "长期"))
    assert plan.warnings == ()


def test_headings_repeated_and_rows_going_on_over_a_page(known: rules.KnownUnits) -> None:
    plan = read(
        known,
        table(
            COLUMNS,
            ("1", "抓实培训", "开展全员轮", "区司法局", "区财政局、", ""),
            COLUMNS,
            ("", "", "训。", "", "各镇街", "2025年6月"),
            ("2", "严格管理", "动态清理。", "区司法局", "", ""),
        ),
    )
    assert [(task.number, task.title, task.summary) for task in plan.tasks] == [
        (1, "抓实培训", "开展全员轮训。"),
        (2, "严格管理", "动态清理。"),
    ]
    assert units(plan.tasks[0].responsibles) == ["区财政局", "各镇街"]
    assert plan.tasks[0].deadlines[0].due_on == date(2025, 6, 30)
    assert units(plan.tasks[1].responsibles) == []


def test_merged_cells_count_for_every_task_they_span(known: rules.KnownUnits) -> None:
    plan = read(
        known,
        table(
            COLUMNS,
            ("1", "抓实培训", "开展轮训。", "区司法局", "区财政局", "2024年底"),
            (UP, UP, "建立档案。", UP, UP, UP),
            ("2", "严格管理", "动态清理。", UP, "各镇街", UP),
        ),
    )
    assert [task.summary for task in plan.tasks] == ["开展轮训。\n建立档案。", "动态清理。"]
    assert [units(task.leads) for task in plan.tasks] == [["区司法局"], ["区司法局"]]
    assert [units(task.responsibles) for task in plan.tasks] == [["区财政局"], ["各镇街"]]
    assert [task.deadlines[0].due_on for task in plan.tasks] == [date(2024, 12, 31)] * 2


def test_two_rows_of_headings_and_chapters_over_the_whole_width(known: rules.KnownUnits) -> None:
    plan = read(
        known,
        table(
            ("编号", "任务", "责任单位", LEFT),
            (UP, UP, "牵头单位", "配合单位"),
            ("（一）强化培训", LEFT, LEFT, LEFT),
            ("1", "抓实培训。开展轮训。", "区司法局", "区财政局"),
            ("（二）规范行为", LEFT, LEFT, LEFT),
            ("2", "严格管理。动态清理。", "区法院", ""),
        ),
    )
    assert [(each.number, each.label, each.title, each.tasks) for each in plan.chapters] == [
        (1, "（一）", "强化培训", (1,)),
        (2, "（二）", "规范行为", (2,)),
    ]
    assert [(task.title, task.summary, task.chapter) for task in plan.tasks] == [
        ("抓实培训", "开展轮训。", 1),
        ("严格管理", "动态清理。", 2),
    ]
    assert [(units(task.leads), units(task.responsibles)) for task in plan.tasks] == [
        (["区司法局"], ["区财政局"]),
        (["区法院"], []),
    ]


def test_a_table_without_headings_goes_on_with_the_columns_before(known: rules.KnownUnits) -> None:
    first = table(COLUMNS, ("1", "抓实培训", "开展轮训。", "区司法局", "", ""))
    plan = read(known, first, table(("2", "严格管理", "动态清理。", "区法院", "", ""), line=9))
    assert [(task.number, units(task.leads)) for task in plan.tasks] == [(1, ["区司法局"]), (2, ["区法院"])]


def test_a_table_without_numbers_counts_its_tasks(known: rules.KnownUnits) -> None:
    rows = (("类别", "重点任务", "责任单位"), ("强化培训", "抓实培训", "区司法局"), (UP, "严格管理", "区法院"))
    plan = read(known, table(*rows))
    assert [(task.number, task.title, task.chapter) for task in plan.tasks] == [(1, "抓实培训", 1), (2, "严格管理", 1)]
    assert [chapter.title for chapter in plan.chapters] == ["强化培训"]


def test_an_appended_table_completes_the_tasks_of_the_text(known: rules.KnownUnits) -> None:
    lines = ("一、重点任务", "1. 抓实培训。开展轮训。", "责任单位：区财政局", "2. 严格管理。动态清理。")
    texts = tuple(Paragraph(number, line) for number, line in enumerate(lines, start=2))
    added = table(COLUMNS, ("1", "抓实培训", "", "区司法局", "区法院", ""), ("2", "严格管理", "", "区法院", "", ""), line=9)
    plan = rules.parse(Document((TITLE, *texts, added)), known)
    assert [(task.title, units(task.leads), units(task.responsibles)) for task in plan.tasks] == [
        ("抓实培训", ["区司法局"], ["区财政局"]),
        ("严格管理", ["区法院"], []),
    ]


def test_other_tables_and_unreadable_numbers_are_told(known: rules.KnownUnits) -> None:
    contacts = table(("姓名", "电话"), ("甲", "乙"))
    plan = read(known, contacts, table(COLUMNS, ("其一", "抓实培训", "开展轮训。", "区司法局", "", ""), line=9))
    assert [task.number for task in plan.tasks] == [1]
    assert [(warning.code, warning.line) for warning in plan.warnings] == [("table_not_read", 2), ("number_unreadable", 10)]


def test_numbers_outside_any_grid_do_no_harm(known: rules.KnownUnits) -> None:
    plan = read(known, table(COLUMNS, ("1", "抓实培训"), ("2", "严格管理", "动态清理。", "区法院", "", "", "多出一格")))
    assert [(task.number, units(task.leads)) for task in plan.tasks] == [(1, []), (2, ["区法院"])]
