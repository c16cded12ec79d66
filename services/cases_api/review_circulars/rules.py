"""The circular as a paper, from the figures of a campaign. It says what was counted, and judges nobody. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.kit.documents import charts
from services.kit.documents.papers import Block, Column, Figure, Heading, Paper, Paragraph, Table, day

MODES: Final = {"self": "自评", "cross": "互评", "sample": "抽评", "final": "最终结果"}
NOT_REVIEWABLE: Final = "not_reviewable"
MOST_DEFECTS: Final = 10
# More units than these make bars nobody can read; the table names them all.
MOST_BARS: Final = 25


@dataclass(frozen=True, slots=True)
class Aftermath:
    """How many objections and rectifications followed the results, and how far they have come; nobody is named."""

    objections: int = 0
    upheld: int = 0
    rejected: int = 0
    withdrawn: int = 0
    rectifications: int = 0
    closed: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Ground:
    """Names and words: of the campaign, its rubric, who issues the circular, units by id, items, rules and vetoes, grades."""

    title: str
    year: int
    online: bool
    rubric: str
    rubric_hash: str
    issuer: str
    units: Mapping[str, str]
    words: Mapping[str, str]
    grades: Mapping[str, str]
    aftermath: Aftermath = Aftermath()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What whoever issues the circular adds."""

    number: str | None = None
    addressee: str | None = None
    copies: str | None = None
    signed_on: date | None = None


Figures = Mapping[str, Any]


def circular(ground: Ground, figures: Figures, wanted: Wanted) -> Paper:
    """The whole paper."""
    return Paper(
        title=f"关于{ground.year}年行政执法案卷评查情况的通报",
        blocks=[block for part in PARTS for block in part(ground, figures)],
        issuer=f"{ground.issuer}文件" if ground.issuer else None,
        number=wanted.number,
        addressee=wanted.addressee,
        signature=ground.issuer or None,
        signed_on=wanted.signed_on,
        copies=wanted.copies,
    )


def _begin(ground: Ground, figures: Figures) -> Iterator[Block]:
    way = "以线上方式" if ground.online else ""
    yield Paragraph(
        f"按照提升行政执法质量三年行动工作安排，{way}组织开展“{ground.title}”，适用《{ground.rubric}》（内容哈希"
        f"{ground.rubric_hash[:12]}）。现将评查情况通报如下。"
    )
    yield Heading("总体情况")
    yield Paragraph(
        f"本次评查公布{figures['rounds']}个轮次，评查案卷{figures['files']}件，形成评查表{figures['reviews']}份，"
        f"其中不符合评查条件、不计分的{figures['not_reviewable']}件。"
    )
    if covered := figures["coverage"]:
        closed, own = (sum(each[name] for each in covered) for name in ("closed_files", "self_reviewed"))
        yield Paragraph(f"应评案卷{closed}件，已自评{own}件，覆盖率{percent(own, closed)}。", lead="自评覆盖。")


def _results(ground: Ground, figures: Figures) -> Iterator[Block]:
    yield Heading("评查结果")
    final = [each for each in figures["grades"] if each["mode"] == "final"]
    if not final:
        yield Paragraph("截至统计时，尚无已公布的评查结果。")
        return
    counted = _by(final, "grade")
    said = "，".join(
        f"{title}{counted.get(key, 0)}件（{percent(counted.get(key, 0), sum(counted.values()))}）"
        for key, title in _grades(ground)
    )
    yield Paragraph(f"按最终结果统计：{said}。", lead="等次分布。")
    yield _by_mode(ground, figures)
    yield _by_unit(ground, figures, final)
    names = _ranked(ground, final)
    if len(names) <= MOST_BARS:
        rows = [charts.Series(title, [_count(final, unit, key) for unit in names]) for key, title in _grades(ground)]
        svg = charts.shares([ground.units.get(unit, "—") for unit in names], rows)
        yield Figure("图1　各单位案卷等次分布", svg, f"各单位最终结果的等次比例：{said}")


def _by_mode(ground: Ground, figures: Figures) -> Table:
    columns = [Column("方式", "center", 2), Column("件数", "right")]
    columns += [Column(title, "right") for _, title in _grades(ground)] + [Column("平均分", "right")]
    rows = []
    for mode, title in MODES.items():
        there = [each for each in figures["grades"] if each["mode"] == mode]
        if there:
            counted = _by(there, "grade")
            rows.append(
                [title, str(sum(counted.values())), *(str(counted.get(key, 0)) for key, _ in _grades(ground)), mean(there)]
            )
    return Table("表1　各评查方式结果", columns, rows)


def _by_unit(ground: Ground, figures: Figures, final: Sequence[Figures]) -> Table:
    covered = {each["unit_id"]: each for each in figures["coverage"]}
    columns = [Column("单位", "left", 3), Column("评查件数", "right"), Column("自评覆盖率", "right")]
    columns += [Column(title, "right") for _, title in _grades(ground)] + [Column("平均分", "right")]
    rows = []
    for unit in _ranked(ground, final):
        there = [each for each in final if each["unit_id"] == unit]
        own = covered.get(unit)
        share = percent(own["self_reviewed"], own["closed_files"]) if own else "—"
        counts = [str(_count(final, unit, key)) for key, _ in _grades(ground)]
        rows.append([ground.units.get(unit, "—"), str(sum(each["files"] for each in there)), share, *counts, mean(there)])
    return Table("表2　各单位最终结果（按平均分排列）", columns, rows)


def _inflation(ground: Ground, figures: Figures) -> Iterator[Block]:
    listed = sorted(figures["inflation"], key=lambda each: -each["inflation"])
    if not listed:
        return
    yield Heading("自评与复评差异")
    files = sum(each["files"] for each in listed)
    gap = sum(each["inflation"] * each["files"] for each in listed) / files
    direction = "高于" if gap >= 0 else "低于"
    yield Paragraph(f"{files}件案卷既有自评又有互评或抽评，自评平均{direction}最终结果{shown(abs(gap))}分。")
    kept = listed[:MOST_BARS]
    names = [ground.units.get(each["unit_id"], "—") for each in kept]
    rows = [
        charts.Series("自评", [each["self_mean"] for each in kept]),
        charts.Series("最终", [each["final_mean"] for each in kept]),
    ]
    yield Figure("图2　自评与最终结果平均分", charts.bars(names, rows, "分"), "各单位自评平均分与最终平均分对照")


def _problems(ground: Ground, figures: Figures) -> Iterator[Block]:
    yield Heading("主要问题")
    if vetoes := figures["vetoes"]:
        said = "；".join(f"{ground.words.get(each['key'], each['key'])}，{each['files']}件" for each in vetoes)
        yield Paragraph(f"{said}。", lead="一票否决情形。")
    defects = figures["defects"][:MOST_DEFECTS]
    if not defects:
        yield Paragraph("评查未发现扣分情形。" if not figures["vetoes"] else "除上述情形外，未发现扣分情形。")
        return
    rows = [[str(place), _defect(ground, each), str(each["files"]), str(each["units"])] for place, each in enumerate(defects, 1)]
    columns = [Column("序号"), Column("问题", "left", 6), Column("案卷数", "right"), Column("单位数", "right")]
    yield Paragraph(f"案卷中最常见的扣分情形见表3，居首的是“{rows[0][1]}”，涉及{rows[0][2]}件。", lead="共性问题。")
    yield Table("表3　常见扣分情形", columns, rows)


def _defect(ground: Ground, each: Figures) -> str:
    item = ground.words.get(each["item_key"], each["item_key"])
    rule = ground.words.get(f"{each['item_key']}/{each['rule_key']}") if "rule_key" in each else None
    return f"{item}：{rule}" if rule else item


def _aftermath(ground: Ground, _: Figures) -> Iterator[Block]:
    told = ground.aftermath
    if not told.objections and not told.rectifications:
        return
    yield Heading("异议和整改情况")
    if told.objections:
        pending = told.objections - told.upheld - told.rejected - told.withdrawn
        yield Paragraph(
            f"被评单位提出异议{told.objections}件，经未参与评查的人员审查，成立并更正结果{told.upheld}件，不成立{told.rejected}件，"
            f"撤回{told.withdrawn}件，尚在办理{pending}件。",
            lead="异议。",
        )
    if told.rectifications:
        yield Paragraph(
            f"下达整改事项{told.rectifications}件，已核查销号{told.closed}件（{percent(told.closed, told.rectifications)}），"
            f"逾期未销号{told.overdue}件。",
            lead="整改。",
        )


def _next(_: Ground, figures: Figures) -> Iterator[Block]:
    yield Heading("工作要求")
    yield Paragraph("各单位对照本单位评查结果逐项整改，在规定期限内报送整改情况和佐证材料，经核查后销号。", lead="限期整改。")
    yield Paragraph(
        "对评查结果有异议的，在规定期限内通过系统提出；抽取、分派和评分记录可依本活动的评查档案包核验。", lead="异议与核验。"
    )
    moment = datetime.fromisoformat(figures["as_of"]).astimezone(ZoneInfo("Asia/Shanghai"))
    yield Paragraph(f"以上数据按{day(moment.date())}{moment:%H时%M分}的记录统计。")


PARTS: Final = (_begin, _results, _inflation, _problems, _aftermath, _next)


def _grades(ground: Ground) -> list[tuple[str, str]]:
    return list(ground.grades.items())


def _ranked(ground: Ground, final: Sequence[Figures]) -> list[str]:
    """Units by their mean, the best first, and by name among equals."""
    found: dict[str, list[Figures]] = defaultdict(list)
    for each in final:
        found[each["unit_id"]].append(each)
    return sorted(found, key=lambda unit: (-(_mean(found[unit]) or 0), ground.units.get(unit, ""), unit))


def _by(rows: Iterable[Figures], name: str) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for each in rows:
        found[each[name]] += each["files"]
    return dict(found)


def _count(rows: Iterable[Figures], unit: str, grade: str) -> int:
    return sum(each["files"] for each in rows if (each["unit_id"], each["grade"]) == (unit, grade))


def _mean(rows: Iterable[Figures]) -> float | None:
    scored = [each for each in rows if "mean" in each]
    files = sum(each["files"] for each in scored)
    return sum(each["mean"] * each["files"] for each in scored) / files if files else None


def mean(rows: Iterable[Figures]) -> str:
    """The mean of these rows, each by its files, as papers write it."""
    found = _mean(rows)
    return "—" if found is None else shown(found)


def shown(value: float) -> str:
    """Points with two places after the point."""
    return f"{value:.2f}"


def percent(part: int, whole: int) -> str:
    """A share with two places, as earlier circulars have it."""
    return f"{100 * part / whole:.2f}%" if whole else "—"
