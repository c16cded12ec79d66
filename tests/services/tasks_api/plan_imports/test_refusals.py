"""What is no plan is refused; whatever comes, only refusals are raised, the answer is the same each time, and it comes soon."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kit.errors import DomainError
from services.tasks_api.plan_imports import formats, rules
from services.tasks_api.plan_imports.rules import Document, notes

Read = Callable[[str], rules.ParsedPlan]

LETTER = "王主任：\n您好！来信收到。有两件事请教：\n1. 会议改在周五。\n2. 材料请带齐。\n此致敬礼\n2024年5月8日\n"
POEM = "潮起望潮区，\n灯下数归帆。\n一夜东风过，\n满城皆是春。\n"
RECIPE = "一、材料\n1. 面粉。五百克。\n2. 鸡蛋。三个。\n二、做法\n1. 和面。加水。\n"
MINUTES = "会议纪要\n一、听取汇报\n会议听取了汇报。\n二、议定事项\n会议议定三件事。\n"
LAW = "第一章 总则\n第一条 为了规范执法，制定本办法。\n第二条 本办法适用于本区。\n"
TITLE_ALONE = "望潮区执法提升行动方案（2024—2026年）\n我们要做得更好。\n"
HEADINGS_ALONE = "望潮区执法提升行动方案\n一、总体要求\n二、重点任务\n三、工作要求\n（一）加强领导。各部门重视。\n"


@pytest.mark.parametrize(
    "text", [LETTER, POEM, RECIPE, MINUTES, LAW, TITLE_ALONE, HEADINGS_ALONE, "甲", "1. 甲", "责任单位：区司法局"]
)
def test_other_documents_are_no_plan(text: str, read: Read) -> None:
    with pytest.raises(rules.NotAPlan):
        read(text)


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u3000\n"])
def test_nothing_is_empty(text: str, read: Read) -> None:
    with pytest.raises(rules.Empty):
        read(text)


def test_a_table_without_words_is_empty(known: rules.KnownUnits) -> None:
    with pytest.raises(rules.Empty):
        rules.parse(Document((rules.Table((rules.Row(1, (rules.Cell(" "),)),)),)), known)


HEAD = "望潮区执法提升行动方案（2024—2026年）\n一、重点任务\n（一）培训\n1. 甲项。做好甲。\n责任单位：区司法局\n2. 乙项。"
SCRAPS = st.sampled_from(
    [
        *(
            "一、",
            "（一）",
            "（二）",
            "1. ",
            "2．",
            "3、",
            "\n",
            "\n\n",
            "。",
            "，",
            "；",
            "：",
            "、",
            "（",
            "）",
            "《",
            "》",
            " ",
            "\u3000",
        ),
        *("责任单位：", "牵头单位：", "完成时限：", "区司法局", "各乡镇（街道）", "牵头", "按职责分工负责", "等", "和", "附件"),
        *(
            "2024",
            "年",
            "13月",
            "底前",
            "每年",
            "1月初",
            "每季度",
            "至少",
            "两",
            "次",
            "以上",
            "30%",
            "百分之",
            "不定期",
            "年度",
            "制定",
        ),
        *(
            "方案",
            "的通知",
            "2024年2月30日",
            "重点任务",
            "工作要求",
            "总体要求",
            "甲",
            "⒈",
            "㈠",
            "\ufeff",
            "９９９",
            "零",
            "百十",
        ),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(SCRAPS, max_size=80).map("".join),
    st.lists(SCRAPS, max_size=60).map(lambda x: HEAD + "".join(x)),
)


CODES = {f"plan_import.{code}" for code in ("not_a_plan", "empty", "too_long", "unsupported_format", "unreadable")}


def outcome(document: Document, known: rules.KnownUnits) -> rules.ParsedPlan | str:
    """The plan, or the code of the refusal; anything else raised is a fault."""
    try:
        return rules.parse(document, known)
    except DomainError as error:
        return error.code


@settings(max_examples=600, deadline=None)
@given(text=TEXTS)
def test_any_text_is_a_plan_or_refused_and_always_the_same(text: str, known: rules.KnownUnits) -> None:
    first = outcome(Document.of_text(text), known)
    assert first == outcome(Document.of_text(text), known)
    if isinstance(first, str):
        assert first in CODES
    else:
        numbers = [task.number for task in first.tasks]
        assert numbers == sorted(set(numbers))
        assert all(task.deadlines for task in first.tasks + first.requirements)
        assert all(warning.code in notes.TEXTS for warning in first.warnings)


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.lists(st.lists(SCRAPS, max_size=5).map("".join), max_size=6), max_size=8), flags=st.integers(0, 2**16))
def test_any_table_is_a_plan_or_refused(rows: list[list[str]], flags: int, known: rules.KnownUnits) -> None:
    made = [rules.Row(1, tuple(map(rules.Cell, ("序号", "工作任务", "牵头单位", "责任单位", "完成时限", "措施"))))]
    for line, texts in enumerate(rows, start=2):
        bits = [bool(flags >> (line * 3 + place) & 1) for place in range(len(texts))]
        made.append(rules.Row(line, tuple(rules.Cell(text, from_above=bit) for text, bit in zip(texts, bits, strict=True))))
    document = Document((rules.Paragraph(1, "望潮区执法方案（2024年）"), rules.Table(tuple(made))))
    plan = outcome(document, known)
    assert plan in CODES if isinstance(plan, str) else plan.title == "望潮区执法方案（2024年）"


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=200), name=st.sampled_from(["a.txt", "a.docx", "a", "a.png"]))
def test_any_bytes_are_text_or_refused(data: bytes, name: str) -> None:
    try:
        formats.read(data, name)
        code = "read"
    except DomainError as error:
        code = error.code
    assert code in CODES | {"read"}


def processor_seconds(text: str, read: Read) -> float:
    """Of the processor, not of the wall: a busy neighbour does not count."""
    started = time.process_time()
    with contextlib.suppress(DomainError):
        read(text)
    return time.process_time() - started


def is_read_within(seconds: float, text: str, read: Read) -> bool:
    """Once in two tries: on a machine that others share a processor's seconds can be long ones."""
    return any(processor_seconds(text, read) < seconds for _ in range(2))


MEGABYTE = 1_000_000
UNITS, DEADLINE = HEAD + "\n责任单位：", HEAD + "\n完成时限："
HOSTILE = {
    "": (
        "\n",
        " ",
        "甲",
        "甲。\n",
        "1.甲\n",
        "9",
        "(",
        "方案\n",
        "《甲方案》的通知",
        "2024年1月1日\n",
        "第一部分",
        "责任单位：甲\n",
    ),
    HEAD: (
        "(",
        "（责任单位：",
        "（牵头单位：）",
        "区司法局牵头。",
        "牵头",
        "每年",
        "至少",
        "不少于1",
        "一",
        "2025年前，",
        "制定年度",
        "9",
    ),
    UNITS: ("甲、", "甲 ", "区 ", "及", "（", "牵 " * 20, "责任单位：", "1. 甲。\n责任单位：甲、乙\n"),
    DEADLINE: ("2024年底前", "2024", "每年第", "百分之"),
}


def anything() -> list[tuple[str, str]]:
    return [(before, scrap) for before, scraps in HOSTILE.items() for scrap in scraps]


@pytest.mark.parametrize(("before", "scrap"), anything())
def test_a_megabyte_of_anything_is_read_in_seconds(before: str, scrap: str, read: Read) -> None:
    assert is_read_within(1.5, before + scrap * (MEGABYTE // len(scrap.encode())), read)


@pytest.mark.full
@pytest.mark.parametrize(("before", "scrap"), anything())
def test_two_megabytes_of_anything_are_read_in_seconds(before: str, scrap: str, read: Read) -> None:
    assert is_read_within(2, before + scrap * (2 * MEGABYTE // len(scrap.encode())), read)


@pytest.mark.parametrize(
    "scrap", ["区司法局、\n", "另有说明，\n", "（责任单位：区司法局）", "区司法局牵头。", "1. 甲：\n1. 乙：\n"]
)
def test_twice_the_text_takes_about_twice_the_time(scrap: str, read: Read) -> None:
    """Quadratic reading would take four times as long."""
    once, twice = (
        min(processor_seconds(HEAD + "\n责任单位：区司法局、\n" + scrap * n, read) for _ in range(2)) for n in (12_000, 24_000)
    )
    assert twice < 3 * once + 0.05


def test_warnings_are_limited(read: Read) -> None:
    plan = read(HEAD + "做好乙。\n责任单位：区司法局\n" + "".join(f"另有说明{n}。\n" for n in range(1_000)))
    assert len(plan.warnings) == notes.MAX_WARNINGS + 1
    assert {warning.code for warning in plan.warnings} == {"line_not_placed", "warnings_cut"}
    assert all(len(warning.text) <= notes.MAX_TEXT for warning in plan.warnings)
