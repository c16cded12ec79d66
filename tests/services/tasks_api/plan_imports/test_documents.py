"""Whole documents: our own in each form, as .txt and .docx, and the real plan against the data that ships with the system."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml

from services.tasks_api.plan_imports import formats, rules

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
SHIPPED = ROOT / "admin" / "reference" / "plan-jinan-2023-2025.yaml"
REAL = os.environ.get("ZHIFA_PLAN_DOCUMENT")

TOWNS, DEPARTMENTS = "各乡镇人民政府、街道办事处", "区级执法单位"


def as_txt(name: str) -> rules.Document:
    return formats.read((HERE / "documents" / name).read_bytes(), name)


def as_docx(name: str) -> rules.Document:
    """The same lines as paragraphs of a word document."""
    written = docx.Document()
    for line in (HERE / "documents" / name).read_text(encoding="utf-8").splitlines():
        written.add_paragraph(line)
    stream = BytesIO()
    written.save(stream)
    return formats.read(stream.getvalue(), "plan.docx")


def units(found: tuple[rules.ParsedUnit, ...]) -> list[str]:
    return [unit.as_written for unit in found]


each_format = pytest.mark.parametrize("opened", [as_txt, as_docx])
Opened = Callable[[str], rules.Document]


WANGCHAO = [  # number, chapter, title, leads, responsibles
    (1, 1, "加强思想引领", [], [TOWNS, DEPARTMENTS]),
    (2, 1, "抓实业务培训", ["区司法局"], [TOWNS, DEPARTMENTS]),
    (3, 1, "严格持证管理", ["区司法局", "区人社局"], [TOWNS, DEPARTMENTS]),
    (4, 1, "关心一线人员", [], ["区人社局", "区财政局"]),
    (5, 2, "用好裁量基准", [], ["区司法局", DEPARTMENTS]),
    (6, 2, "统一文书样式", [], ["区司法局", DEPARTMENTS]),
    (7, 2, "编制事项清单", [], ["区司法局", "区委编办", DEPARTMENTS, TOWNS]),
    (8, 2, "推行“一次查清”", [], ["区司法局", "区市监局", DEPARTMENTS, TOWNS]),
    (9, 2, "开展跟案辅导", [], ["区司法局", DEPARTMENTS, TOWNS]),
    (10, 3, "开展案卷评查", ["区司法局"], [DEPARTMENTS, TOWNS]),
    (11, 3, "制定监督计划", [], ["区法院", "望潮公安分局", "区司法局", DEPARTMENTS, TOWNS]),
    (12, 3, "保障工作经费", [], ["区财政局", "区司法局", DEPARTMENTS, TOWNS]),
]


@each_format
def test_labelled_lines(opened: Opened, known: rules.KnownUnits) -> None:
    plan = rules.parse(opened("wangchao.txt"), known)
    read = [(task.number, task.chapter, task.title, units(task.leads), units(task.responsibles)) for task in plan.tasks]
    assert read == WANGCHAO
    assert all(unit.key for task in plan.tasks for unit in task.leads + task.responsibles)
    assert [(chapter.label, chapter.title, len(chapter.tasks)) for chapter in plan.chapters] == [
        ("（一）", "夯实基础，打造过硬执法队伍", 4),
        ("（二）", "规范行为，提高执法办案质量", 5),
        ("（三）", "强化监督，健全执法监督体系", 3),
    ]
    assert [(each.number, each.title, each.leads, each.responsibles) for each in plan.requirements] == [
        (1, "压实责任", (), ()),
        (2, "跟踪问效", (), ()),
        (3, "加强宣传", (), ()),
    ]
    assert [warning.code for warning in plan.warnings] == ["deadline_ambiguous"]


@each_format
def test_the_head_and_healed_paragraphs(opened: Opened, known: rules.KnownUnits) -> None:
    plan = rules.parse(opened("wangchao.txt"), known)
    assert plan.title == "云屿市望潮区行政执法规范化建设三年行动方案（2024—2026年）"
    assert (plan.region_name, plan.period_start, plan.period_end) == ("云屿市望潮区", date(2024, 1, 1), date(2026, 12, 31))
    assert plan.goals.endswith("执法行为更规范；群众评价明显好转。")
    assert [deadline.due_on for deadline in plan.goal_deadlines] == [date(2026, 12, 31)]
    assert plan.tasks[1].summary.endswith("区级执法单位每年至少组织一次对本单位执法人员的全员轮训。")
    assert plan.tasks[2].summary.endswith("按照市里有关规定办理。")
    assert plan.tasks[11].summary == "把培训、装备、监督所需经费列入预算，严禁罚没收入与部门利益挂钩。"
    assert plan.requirements[2].summary == "各单位要宣传好经验，增强工作的主动性。要做好典型推广工作，树立良好形象。"


def test_deadlines_and_figures_of_labelled_lines(known: rules.KnownUnits) -> None:
    tasks = {task.number: task for task in rules.parse(as_txt("wangchao.txt"), known).tasks}
    assert [deadline.times_per_year for deadline in tasks[2].deadlines] == [1, 1, 3, 1]
    assert [(each.what, str(each.value), each.period) for each in tasks[2].quantities] == [
        ("学时", "40", "year"),
        ("联合授课", "3", "year"),
        ("全员轮训", "1", "year"),
    ]
    assert tasks[3].time_words == ("动态", "按期")
    assert [deadline.shape for deadline in tasks[5].deadlines] == [rules.Shape.IRREGULAR]
    assert [deadline.due_on for deadline in tasks[7].deadlines] == [date(2024, 12, 31)]
    assert [(each.window_start, each.window_end, each.assumed) for each in tasks[8].deadlines] == [("02-01", "02-10", True)]
    assert [(each.times_per_year, each.assumed) for each in tasks[9].deadlines] == [(1, True)]
    assert [(each.what, str(each.value)) for each in tasks[9].quantities] == [("跟案辅导", "0.25")]
    assert [deadline.due_on for deadline in tasks[10].deadlines] == [date(2025, 6, 30)]
    assert [deadline.times_per_year for deadline in tasks[11].deadlines] == [1, 4]


@each_format
def test_brackets(opened: Opened, known: rules.KnownUnits) -> None:
    plan = rules.parse(opened("brackets.txt"), known)
    assert (plan.title, plan.document_no, plan.issued_on) == (
        "云屿市望潮区涉企检查减负行动方案",
        "望政办〔2024〕21号",
        date(2024, 3, 18),
    )
    assert (plan.period_start, plan.period_end) == (date(2024, 1, 1), date(2025, 12, 31))
    assert [(task.number, task.chapter, task.title, units(task.leads), units(task.responsibles)) for task in plan.tasks] == [
        (1, 1, "公布检查清单", ["区司法局"], ["各执法单位"]),
        (2, 1, "合并同类检查", ["区市监局", "区司法局"], ["各执法单位", "各乡镇（街道）"]),
        (3, 2, "设立反映渠道", [], ["各乡镇（街道）"]),
        (4, 2, "定期回访企业", [], ["区水务局", "各执法单位"]),
    ]
    assert [task.deadlines[0].due_on for task in plan.tasks] == [date(2024, 6, 30), None, date(2024, 9, 30), None]
    assert plan.tasks[2].summary == "选取不少于20家企业设立联系点，及时回应诉求（含电话、网络）。"
    assert plan.tasks[1].responsibles[0].role_as_written == "配合单位"
    assert [each.title for each in plan.requirements] == ["加强统筹", "严肃纪律"]
    assert [(warning.code, warning.text) for warning in plan.warnings] == [("unit_unknown", "区水务局")]


@each_format
def test_sentences(opened: Opened) -> None:
    rows: list[rules.UnitRow] = [
        ("sifa", "北岭县司法局", "县司法局", (), False),
        ("xinfang", "北岭县信访局", "县信访局", (), False),
        ("caizheng", "北岭县财政局", "县财政局", (), False),
        ("departments", "各执法部门", "", (), True),
        ("towns", "各乡镇人民政府、街道办事处", "", ("各乡镇（街道）",), True),
    ]
    plan = rules.parse(opened("sentences.txt"), rules.KnownUnits.of(rows, "北岭县"))
    assert (plan.title, plan.region_name) == ("北岭县优化执法监督行动计划（2023-2025年）", "北岭县")
    assert [(task.number, task.title, units(task.leads), units(task.responsibles)) for task in plan.tasks] == [
        (1, "健全监督队伍", ["县司法局"], ["各执法部门", "各乡镇（街道）"]),
        (2, "畅通监督渠道", ["县司法局", "县信访局"], ["县财政局"]),
        (3, "开展专项监督", [], ["各执法部门"]),
        (4, "运用评议结果", [], []),
    ]
    assert plan.tasks[0].summary == "充实监督力量，聘请社会监督员不少于１５名。"
    assert plan.tasks[3].summary == "评议结果纳入考核，由综合执法牵头协调机构汇总。"
    assert [(deadline.times_per_year, deadline.due_on) for deadline in plan.tasks[2].deadlines] == [
        (2, None),
        (None, date(2023, 12, 31)),
    ]
    assert [(each.number, each.title) for each in plan.requirements] == [(1, "加强领导"), (2, "强化协同")]
    assert plan.warnings == ()


def word_table() -> bytes:
    """A table of tasks with merged cells, a heading repeated on the next page and a task that goes on there."""
    written = docx.Document()
    written.add_paragraph("云屿市望潮区执法能力提升任务分工方案（2024—2026年）")
    rows = [
        ["序号", "工作任务", "主要措施", "责任单位", "", "完成时限"],
        ["", "", "", "牵头单位", "配合单位", ""],
        ["（一）建强队伍", "", "", "", "", ""],
        ["1", "抓实培训", "1.每人每年不少于40学时。", "区司法局", "区财政局", "2024年底"],
        ["", "", "2.建立个人学习档案。", "", "", ""],
        ["2", "严格管理", "动态清理资格，对不合格人", "", "各乡镇（街道）", "长期坚持"],
        ["序号", "工作任务", "主要措施", "牵头单位", "配合单位", "完成时限"],
        ["", "", "员调离岗位。", "", "各执法单位", ""],
        ["（二）规范行为", "", "", "", "", ""],
        ["3", "推行说理文书", "推广说理式文书。", "区司法局、区法院", "各执法单位", "每年12月底前"],
    ]
    grid = written.add_table(len(rows), 6)
    for at, texts in enumerate(rows):
        for place, text in enumerate(texts):
            grid.cell(at, place).text = text
    for first, last in [
        ((0, 3), (0, 4)),
        ((0, 0), (1, 0)),
        ((0, 1), (1, 1)),
        ((0, 2), (1, 2)),
        ((0, 5), (1, 5)),
        ((2, 0), (2, 5)),
    ]:
        grid.cell(*first).merge(grid.cell(*last))
    for first, last in [
        ((3, 0), (4, 0)),
        ((3, 1), (4, 1)),
        ((3, 3), (5, 3)),
        ((3, 4), (4, 4)),
        ((3, 5), (4, 5)),
        ((8, 0), (8, 5)),
    ]:
        grid.cell(*first).merge(grid.cell(*last))
    stream = BytesIO()
    written.save(stream)
    return stream.getvalue()


def test_a_word_table(known: rules.KnownUnits) -> None:
    plan = rules.parse(formats.read(word_table(), "分工.docx"), known)
    assert [(chapter.label, chapter.title, chapter.tasks) for chapter in plan.chapters] == [
        ("（一）", "建强队伍", (1, 2)),
        ("（二）", "规范行为", (3,)),
    ]
    assert [(task.number, task.title, task.summary, units(task.leads), units(task.responsibles)) for task in plan.tasks] == [
        (1, "抓实培训", "1.每人每年不少于40学时。\n2.建立个人学习档案。", ["区司法局"], ["区财政局"]),
        (2, "严格管理", "动态清理资格，对不合格人员调离岗位。", ["区司法局"], ["各乡镇（街道）", "各执法单位"]),
        (3, "推行说理文书", "推广说理式文书。", ["区司法局", "区法院"], ["各执法单位"]),
    ]
    one, two, three = plan.tasks
    assert one.deadlines[0].due_on == date(2024, 12, 31)
    assert [deadline.shape for deadline in two.deadlines] == [rules.Shape.NONE]
    assert (three.deadlines[0].window_start, three.deadlines[0].window_end) == ("01-01", "12-31")
    assert [(each.what, str(each.value)) for each in one.quantities] == [("学时", "40")]
    assert plan.warnings == ()


def shipped() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return data


def shipped_units(data: dict[str, Any]) -> rules.KnownUnits:
    named = [unit for units_of_kind in data["units"].values() for unit in units_of_kind]
    rows: list[rules.UnitRow] = [(unit["code"], unit["name"], unit["short_name"], (), False) for unit in named]
    rows += [(group["key"], group["as_written"], "", group.get("aliases", ()), True) for group in data["groups"]["items"]]
    return rules.KnownUnits.of(rows, data["plan"]["region_name"])


def test_the_shipped_plan_agrees_with_itself() -> None:
    data = shipped()
    counts = data["plan"]["counts"]
    known = shipped_units(data)
    assert len(data["tasks"]) == counts["tasks"] == 24
    assert sum(not task["lead_units"] for task in data["tasks"]) == counts["tasks_without_lead"] == 19
    assert [number for chapter in data["chapters"] for number in chapter["tasks"]] == list(range(1, 25))
    for unit in (unit for task in data["tasks"] for unit in task["lead_units"] + task["responsible_units"]):
        hit = known.find(unit["as_written"])
        assert hit is not None
        assert hit.key == unit.get("unit", unit.get("group"))
    owed = {obligation["id"] for obligation in data["obligations"]}
    assert {each for task in data["tasks"] for each in task["obligations"]} == owed


def deadline_row(deadline: dict[str, Any]) -> tuple[str, ...]:
    fields = ("shape", "due_on", "window_start", "window_end", "times_per_year")
    return (*(str(deadline.get(field)) for field in fields), str(deadline.get("assumed", False)))


def parsed_row(deadline: rules.ParsedDeadline) -> tuple[str, ...]:
    found = (deadline.shape.value, deadline.due_on, deadline.window_start, deadline.window_end, deadline.times_per_year)
    return (*(str(each) for each in found), str(deadline.assumed))


def expected(task: dict[str, Any]) -> dict[str, Any]:
    """What the importer must find of a shipped task: all but the lengths of printed lists, which demand nothing."""
    demanded = [each for each in task["quantities"] if "comparison" in each]
    return {
        "title": task["title"],
        "chapter": task.get("chapter"),
        "leads": [(unit["as_written"], unit.get("unit", unit.get("group"))) for unit in task.get("lead_units", [])],
        "responsibles": [(unit["as_written"], unit.get("unit", unit.get("group"))) for unit in task.get("responsible_units", [])],
        "deadlines": sorted(map(deadline_row, task["deadlines"])),
        "quantities": sorted((each["what"], each["comparison"], float(each["value"]), each["period"]) for each in demanded),
        "time_words": sorted(task["time_words"]),
    }


def found(task: rules.ParsedTask) -> dict[str, Any]:
    return {
        "title": task.title,
        "chapter": task.chapter,
        "leads": [(unit.as_written, unit.key) for unit in task.leads],
        "responsibles": [(unit.as_written, unit.key) for unit in task.responsibles],
        "deadlines": sorted(map(parsed_row, task.deadlines)),
        "quantities": sorted((each.what, each.comparison, float(each.value), each.period) for each in task.quantities),
        "time_words": sorted(task.time_words),
    }


def real_as_docx(path: Path) -> rules.Document:
    written = docx.Document()
    for line in path.read_text(encoding="utf-8").splitlines():
        written.add_paragraph(line)
    stream = BytesIO()
    written.save(stream)
    return formats.read(stream.getvalue(), "plan.docx")


# The document is not ours to ship: the environment tells where it lies; without it the invented district's plan stands in.
if REAL:

    @pytest.mark.parametrize("opened", [lambda path: formats.read(path.read_bytes(), path.name), real_as_docx])
    def test_the_real_plan_reads_as_the_shipped_data(opened: Callable[[Path], rules.Document]) -> None:
        data = shipped()
        plan = rules.parse(opened(Path(REAL or "")), shipped_units(data))
        assert [task.number for task in plan.tasks] == [task["number"] for task in data["tasks"]]
        for task, wanted in zip(plan.tasks, data["tasks"], strict=True):
            assert (task.number, found(task)) == (wanted["number"], expected(wanted))
        assert [found(each) for each in plan.requirements] == [expected(wanted) for wanted in data["requirements"]]
        assert [(each.number, each.label, each.title, list(each.tasks)) for each in plan.chapters] == [
            (each["number"], each["label"], each["title"], each["tasks"]) for each in data["chapters"]
        ]

    def test_the_head_of_the_real_plan() -> None:
        data = shipped()["plan"]
        plan = rules.parse(formats.read(Path(REAL or "").read_bytes(), "plan.txt"), shipped_units(shipped()))
        assert (plan.title, plan.region_name, plan.period_as_written) == (
            data["title"],
            data["region_name"],
            data["period"]["as_written"],
        )
        assert [str(plan.period_start), str(plan.period_end)] == [data["period_start"], data["period_end"]]
        assert (plan.document_no, plan.issued_on) == (data["document_no"], data["issued_on"])
        assert [parsed_row(each) for each in plan.goal_deadlines] == [deadline_row(data["goals"]["deadline"])]
        assert [(warning.code, warning.text) for warning in plan.warnings] == [("deadline_ambiguous", "2025年前")]
