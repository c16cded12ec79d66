"""Papers: numbered headings, charts from numbers, the same bytes twice, and nothing printed is ever read as markup."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from services.kit.documents import charts, papers, rendering

AT = datetime(2025, 12, 5, 8, tzinfo=UTC)
HOSTILE = '#panic() #read("/etc/passwd") $x$ [*b*] </w:t><w:p/> =1+1 {{x}} \x00\x0b]]>'
DRAWING = charts.bars(["示例<局>&"], [charts.Series("平均分", [93.5])], "分")
PAPER = papers.Paper(
    title=f"关于评查情况的通报\n{HOSTILE}",
    issuer="示例区司法局文件",
    number="示司〔2025〕1号",
    addressee="各单位",
    blocks=[
        papers.Heading("总体情况"),
        papers.Heading("做法", 2),
        papers.Heading("结果", 2),
        papers.Heading("问题"),
        papers.Heading("文书", 2),
        papers.Heading("用语", 3),
        papers.Paragraph(HOSTILE, lead=HOSTILE),
        papers.Table(HOSTILE, [papers.Column("单位", "left", 3), papers.Column("件数", "right")], [[HOSTILE, "12"]] * 40),
        papers.Figure("图1", DRAWING, told="各单位平均分"),
    ],
    annexes=["标准", "记录"],
    signature="示例区司法局",
    signed_on=date(2025, 12, 5),
    copies="示例办。",
    printed="示例办公室",
)


@pytest.fixture(scope="module")
async def word() -> bytes:
    return await rendering.render(PAPER, "docx", AT)


def test_headings_are_numbered_by_their_place() -> None:
    told = [block["text"] for block in papers.plain(PAPER)["blocks"] if block["kind"] == "heading"]
    assert told == ["一、总体情况", "（一）做法", "（二）结果", "二、问题", "（一）文书", "1. 用语"]
    assert [papers.numeral(each) for each in (9, 10, 11, 20, 42)] == ["九", "十", "十一", "二十", "四十二"]


@pytest.mark.parametrize("form", ["pdf", "docx"])
async def test_the_same_paper_is_the_same_bytes_and_hostile_text_stays_text(form: rendering.Form, word: bytes) -> None:
    made = await rendering.render(PAPER, form, AT)
    assert made == (word if form == "docx" else await rendering.render(PAPER, form, AT))
    assert made[:4] == {"pdf": b"%PDF", "docx": b"PK\x03\x04"}[form]


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("示例市示例区2025年度行政执法工作情况报告", "示例市示例区2025年度\n行政执法工作情况报告"),
        ("关于2025年行政处罚案卷评查（演示）情况的通报", "关于2025年行政处罚\n案卷评查（演示）情况的通报"),
        ("示例市示例区行政执法工作情况专题报告", "示例市示例区行政执法工作情况专题报告"),
        ("自己分行的\n标题", "自己分行的\n标题"),
        ("长" * 50, "长" * 50),
    ],
)
def test_a_title_of_two_lines_is_parted_between_words(title: str, printed: str) -> None:
    assert papers.broken(title) == printed


def test_the_word_file_has_the_layout_of_the_standard(word: bytes) -> None:
    made = docx.Document(io.BytesIO(word))
    page = made.sections[0]
    margins = [page.top_margin, page.bottom_margin, page.left_margin, page.right_margin]
    assert [round(each.mm) for each in margins if each is not None] == [37, 35, 28, 26]
    assert page.page_width is not None
    assert abs(page.page_width - Mm(210)) < Mm(1)
    clean = papers.CONTROLS.sub("", HOSTILE)
    assert any(paragraph.text == clean * 2 for paragraph in made.paragraphs)
    assert made.tables[0].cell(40, 0).text == clean
    assert made.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None  # type: ignore[union-attr]  # it has properties
    normal = made.styles["Normal"].element.rPr.rFonts
    assert normal.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert [shape.type for shape in made.inline_shapes]
    assert made.inline_shapes[0]._inline.docPr.get("descr") == "各单位平均分"


def test_the_word_file_names_typefaces_to_fall_back_on_and_no_time_of_day(word: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(word))
    assert "华文中宋" in archive.read("word/fontTable.xml").decode()
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


async def test_each_page_as_a_picture() -> None:
    pages = await rendering.typeset(rendering.GOVERNMENT, papers.plain(PAPER), "png", AT, ppi=20)
    assert len(pages) >= 3
    assert all(page.startswith(b"\x89PNG") for page in pages)


async def test_a_child_that_takes_too_long_is_killed_and_told_as_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "PATIENCE_SECONDS", 0.01)
    with pytest.raises(rendering.TooSlow):
        await rendering.render(PAPER, "pdf", AT)


def test_charts_escape_names_and_leave_out_what_is_missing() -> None:
    assert "示例&lt;局&gt;&amp;" in DRAWING
    assert "93.5分" in DRAWING
    cut = charts.shares(["甲", "乙"], [charts.Series("优秀", [3, None]), charts.Series("合格", [1, None])])
    assert "75%" in cut
    assert 'fill="none"' in cut
    drawn = charts.lines(["一季度", "二季度"], [charts.Series("件数", [1, None])], "件")
    assert drawn.count("<circle") == 1
    assert charts.bars([], [charts.Series("无", [])])
