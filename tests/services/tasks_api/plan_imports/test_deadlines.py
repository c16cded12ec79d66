"""Deadlines and words of time, case by case."""

from __future__ import annotations

from datetime import date

import pytest

from services.tasks_api.plan_imports import rules
from services.tasks_api.plan_imports.rules import deadlines, notes, quantities

YEARS = (2023, 2025)


def context(years: tuple[int, int] | None = YEARS) -> deadlines.Context:
    return deadlines.Context(years, notes.Notes(), 1)


@pytest.mark.parametrize(
    ("text", "due_on", "as_written", "assumed"),
    [
        ("于2024年底前完成", "2024-12-31", "2024年底前", False),
        ("于 2024 年 底 前完成", "2024-12-31", "2024年底前", False),
        ("于２０２４年底前完成", "2024-12-31", "2024年底前", False),
        ("到2025年底，全面推行", "2025-12-31", "到2025年底", False),
        ("2024年12月底前", "2024-12-31", "2024年12月底前", False),
        ("2024年2月底前", "2024-02-29", "2024年2月底前", False),
        ("2023年2月末前", "2023-02-28", "2023年2月末前", False),
        ("2024年6月30日前", "2024-06-30", "2024年6月30日前", False),
        ("2024年6月30日以前", "2024-06-30", "2024年6月30日以前", False),
        ("2024年上半年完成", "2024-06-30", "2024年上半年完成", False),
        ("2024年第三季度末前", "2024-09-30", "2024年第三季度末前", False),
        ("2024年5月上旬前", "2024-05-10", "2024年5月上旬前", False),
        ("2025年前建成", "2024-12-31", "2025年前", True),
        ("2024年6月前建成", "2024-05-31", "2024年6月前", True),
    ],
)
def test_fixed_days(text: str, due_on: str, as_written: str, *, assumed: bool) -> None:
    (found,) = deadlines.read(text, context()).deadlines
    assert found == rules.ParsedDeadline(rules.Shape.FIXED, as_written, due_on=date.fromisoformat(due_on), assumed=assumed)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025年前建成", "2025-12-20"),
        ("2024年底前完成", "2024-12-20"),
        ("2024年6月底前完成", "2024-06-30"),
        ("2024年6月前建成", "2024-05-31"),
        ("每年1月初报送", "01-15"),
        ("每年年底前报送", "12-20"),
        ("每年6月底报送", "06-25"),
    ],
)
def test_a_district_reads_open_words_its_own_way(text: str, day: str) -> None:
    words = rules.Words("through_year", month_start_last_day=15, month_end_first_day=25, year_end="12-20")
    (found,) = deadlines.read(text, context()._replace(words=words)).deadlines
    told = {str(found.due_on), found.window_end, found.window_start}
    assert day in told


@pytest.mark.parametrize(
    ("text", "start", "end", "assumed"),
    [
        ("在每年1月初提出", "01-01", "01-10", True),
        ("每年3月上旬报送", "03-01", "03-10", False),
        ("每年12月底前报送", "01-01", "12-31", True),
        ("每年6月30日前报送", "01-01", "06-30", False),
        ("每年第一季度开展", "01-01", "03-31", False),
        ("每年2月开展", "02-01", "02-28", False),
        ("每年下半年开展", "07-01", "12-31", False),
        ("每年3月1日至4月15日开展", "03-01", "04-15", False),
        ("次年1月底前报送", "01-01", "01-31", True),
        ("每年年底前报送", "01-01", "12-31", True),
    ],
)
def test_yearly_windows(text: str, start: str, end: str, *, assumed: bool) -> None:
    (found,) = deadlines.read(text, context()).deadlines
    assert (found.shape, found.window_start, found.window_end, found.assumed) == (rules.Shape.YEARLY_WINDOW, start, end, assumed)


@pytest.mark.parametrize(
    ("text", "times", "as_written"),
    [
        ("每人每年接受培训", [1], ["每人每年"]),
        ("每年至少完成一次轮训", [1], ["每年至少完成一次"]),
        ("每年组织有关部门到各地联合开展 2 次以上培训", [2], ["2次以上"]),
        ("每季度通报一次", [4], ["每季度通报一次"]),
        ("每半年开展两次", [4], ["每半年开展两次"]),
        ("每月调度", [12], ["每月"]),
        ("制定年度培训计划", [1], ["年度培训计划"]),
        ("每年制定年度培训计划", [1], ["每年"]),
        ("每年一次，每季度两次", [1, 8], ["每年一次", "每季度两次"]),
        ("每年开展培训。至少两次", [1], ["每年"]),
        ("每年推行“综合查一次”", [1], ["每年"]),
    ],
)
def test_yearly_counts(text: str, times: list[int], as_written: list[str]) -> None:
    found = deadlines.read(text, context()).deadlines
    assert [each.shape for each in found] == [rules.Shape.YEARLY_COUNT] * len(times)
    assert [each.times_per_year for each in found] == times
    assert [each.as_written for each in found] == as_written


def test_years_left_open_are_assumed() -> None:
    at = context()
    (found,) = deadlines.read("2025年前，赋权部门每年选取案件", at).deadlines
    assert (found.shape, found.times_per_year, found.as_written, found.assumed) == (rules.Shape.YEARLY_COUNT, 1, "2025年前", True)
    assert [warning.code for warning in at.notes.all()] == ["deadline_ambiguous"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("汇总形成年度检查计划，及时报送，动态调整，及时公开", ("年度", "及时", "动态")),
        ("重大会商、定期会商、临时会商", ()),
        ("定期报告，适时评估，逐步推开", ("定期", "适时", "逐步")),
        ("2024年度报告", ()),
        ("截至2023年底，共有10人", ()),
        ("依据2024年6月30日印发的文件", ()),
        ("2024年13月底前", ()),
        ("2023年2月30日前", ()),
    ],
)
def test_texts_without_a_deadline(text: str, words: tuple[str, ...]) -> None:
    assert deadlines.read(text, context()) == deadlines.Reading((deadlines.NONE,), words)


def test_irregular_is_a_shape_of_its_own() -> None:
    assert deadlines.read("不定期抽查", context()).deadlines == (rules.ParsedDeadline(rules.Shape.IRREGULAR, "不定期"),)


@pytest.mark.parametrize(("years", "due_on"), [((2024, 2024), date(2024, 12, 31)), ((2023, 2025), None), (None, None)])
def test_a_deadline_without_a_year_needs_a_plan_of_one_year(years: tuple[int, int] | None, due_on: date | None) -> None:
    at = context(years)
    (found,) = deadlines.read("年底前完成", at).deadlines
    assert found.due_on == due_on
    assert [warning.code for warning in at.notes.all()] == ["deadline_ambiguous" if due_on else "deadline_without_year"]


@pytest.mark.parametrize(
    ("text", "due_on", "codes"),
    [
        ("2024年12月底", "2024-12-31", []),
        ("2024年6月", "2024-06-30", []),
        ("2024年6月5日", "2024-06-05", []),
        ("2024-06-05", "2024-06-05", []),
        ("2024.6", "2024-06-30", []),
        ("2025年", "2025-12-31", []),
        ("2023—2025年", "2025-12-31", []),
        ("2024年第二季度", "2024-06-30", []),
        ("长期坚持", None, []),
        ("持续推进", None, []),
        ("——", None, []),
        ("视情况而定", None, ["deadline_not_read"]),
    ],
)
def test_under_a_label_a_bare_date_is_a_deadline(text: str, due_on: str | None, codes: list[str]) -> None:
    at = context()
    (found,) = deadlines.read_stated(text, at).deadlines
    assert found.due_on == (date.fromisoformat(due_on) if due_on else None)
    assert [warning.code for warning in at.notes.all()] == codes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每人每年不少于 60 学时的法律知识培训", [("学时", ">=", "60", "year")]),
        ("每人每年不少于 6 0 学时", [("学时", ">=", "60", "year")]),
        ("不少于三十个学时", [("学时", ">=", "30", "plan")]),
        ("每年联合开展 2 次以上业务培训", [("业务培训", ">=", "2", "year")]),
        ("至少开展一次线上评查", [("线上评查", ">=", "1", "plan")]),
        ("至少一次", [("次", ">=", "1", "plan")]),
        ("每季度至少召开两次例会", [("例会", ">=", "2", "quarter")]),
        ("每年选取不少于 30% 比例的案件开展跟案指导", [("跟案指导", ">=", "0.3", "year")]),
        ("不低于３０％", [("%", ">=", "0.3", "plan")]),
        ("不低于百分之三十", [("%", ">=", "0.3", "plan")]),
        ("不超过15个工作日", [("工作日", "<=", "15", "plan")]),
        ("10日以内", [("日", "<=", "10", "plan")]),
        ("投入5万元以上", [("元", ">=", "50000", "plan")]),
        ("每年两次", [("次", "=", "2", "year")]),
        ("推行“综合查一次”，不得一次性处理，多次、第3次", []),
        ("四张清单，12345热线，1名队长+2名副队长", []),
    ],
)
def test_figures(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert [(each.what, each.comparison, str(each.value), each.period) for each in quantities.read(text)] == expected
