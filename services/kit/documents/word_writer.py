"""The child process that writes a paper as .docx: a request in JSON on standard input, the file in JSON on standard output.

Run as a script, by its path, so that it loads nothing of ours and holds no secret. Sizes are those of GB/T 9704-2012:
text area 156 mm by 225 mm, 22 lines of 28 signs, the typefaces by their usual names, each with others to fall back on.
"""

from __future__ import annotations

import base64
import copy
import io
import json
import sys
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

MEMORY = 2 << 30
CPU_SECONDS = 60
SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
# What a reader's machine takes where the usual typeface is missing.
INSTEAD = {
    SONG: "华文中宋,宋体,Noto Serif CJK SC,SimSun",
    FANG: "仿宋,华文仿宋,FangSong,Noto Serif CJK SC",
    HEI: "SimHei,微软雅黑,Noto Sans CJK SC",
    KAI: "楷体,华文楷体,KaiTi,Noto Serif CJK SC",
}
LATIN = "Times New Roman"
BODY, TITLE, SMALL, CELL = Pt(16), Pt(22), Pt(14), Pt(10.5)
# With more columns than these a table is set small, so that its figures keep to their cells.
WIDE, TINY = 9, Pt(7.5)
PITCH = Pt(28.95)
RED = RGBColor(0xD7, 0x00, 0x0F)
SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
HEADINGS = {1: (HEI, False), 2: (KAI, False), 3: (FANG, True), 4: (FANG, False)}
EPOCH = (1980, 1, 1, 0, 0, 0)


def limit() -> None:
    """Bounds this process before it reads a byte: memory, processor time, no files written, no core dump."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    bounds = {"RLIMIT_AS": MEMORY, "RLIMIT_CPU": CPU_SECONDS, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, most in bounds.items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most, most if hard == resource.RLIM_INFINITY else min(most, hard)))


def written(paper: dict[str, Any], pictures: list[bytes], at: datetime) -> bytes:
    """The file."""
    document = Document()
    _lay_out(document)
    _style(document)
    _head(document, paper)
    drawings = iter(pictures)
    for block in paper["blocks"]:
        WRITERS[block["kind"]](document, block, drawings)
    _end(document, paper)
    _date(document, paper, at)
    made = io.BytesIO()
    document.save(made)
    return _same_bytes(made.getvalue())


def _lay_out(document: Any) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    page.footer_distance = Mm(23)
    grid = page._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        page._sectPr.append(grid)
    for name, value in (("type", "linesAndChars"), ("linePitch", "579"), ("charSpace", "-860")):
        grid.set(qn(f"w:{name}"), value)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(page.footer, "right")
    _page_number(page.even_page_footer, "left")


def _page_number(footer: Any, side: str) -> None:
    paragraph = footer.paragraphs[0]
    paragraph.alignment = SIDES[side]
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = SMALL
    _run(paragraph, "— ", "宋体", SMALL)
    run = _run(paragraph, "", "宋体", SMALL)
    for kind in ("begin", "instr", "end"):
        part = OxmlElement("w:instrText" if kind == "instr" else "w:fldChar")
        if kind == "instr":
            part.text = "PAGE"
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)
    _run(paragraph, " —", "宋体", SMALL)


def _style(document: Any) -> None:
    for name, face, size, bold in [("Normal", FANG, BODY, False)] + [
        (f"Heading {level}", face, BODY, bold) for level, (face, bold) in HEADINGS.items()
    ]:
        style = document.styles[name]
        _face(style.font, style.element.get_or_add_rPr(), face, size)
        style.font.bold, style.font.italic, style.font.color.rgb = bold, False, RGBColor(0, 0, 0)
        shape = style.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>' for name, other in INSTEAD.items()
    )
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = part.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")


def _face(font: Any, properties: Any, face: str, size: Any) -> None:
    font.name, font.size = LATIN, size
    fonts = properties.get_or_add_rFonts()
    for name in [each for each in fonts.attrib if each.endswith("Theme")]:
        del fonts.attrib[name]
    for script, value in (("eastAsia", face), ("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN)):
        fonts.set(qn(f"w:{script}"), value)


def _run(paragraph: Any, text: str, face: str = FANG, size: Any = BODY, bold: bool = False, colour: Any = None) -> Any:
    run = paragraph.add_run(text)
    _face(run.font, run._r.get_or_add_rPr(), face, size)
    run.font.bold = bold
    if colour is not None:
        run.font.color.rgb = colour
    return run


def _line(document: Any, text: str, side: str = "left", **shape: Any) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = SIDES[side]
    _run(paragraph, text, **shape)
    return paragraph


def _loose(paragraph: Any) -> Any:
    """Lines as high as what stands in them."""
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    return paragraph


def _indent(paragraph: Any, first: int, left: int = 0) -> None:
    """Indents in hundredths of a sign, as Word keeps them whatever the size."""
    found = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for name, value in (("firstLineChars", first), ("leftChars", left)):
        found.set(qn(f"w:{name}"), str(value))


def _rule(paragraph: Any, edge: str, colour: str, eighths: int) -> None:
    border = parse_xml(
        f'<w:pBdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:{edge} w:val="single" w:sz="{eighths}" w:space="1" w:color="{colour}"/></w:pBdr>'
    )
    properties = paragraph._p.get_or_add_pPr()
    spacing = properties.find(qn("w:spacing"))
    # The schema wants borders before spacing, indents and alignment.
    if spacing is not None:
        spacing.addprevious(border)
    else:
        properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _head(document: Any, paper: dict[str, Any]) -> None:
    if issuer := paper.get("issuer"):
        mark = _loose(_line(document, issuer, "center", face=SONG, size=Pt(min(48, 420 // len(issuer))), bold=True, colour=RED))
        mark.paragraph_format.space_before, mark.paragraph_format.space_after = Mm(18), PITCH
        number = _line(document, paper.get("number", ""), "center")
        number.paragraph_format.space_after = PITCH
        _rule(number, "bottom", "D7000F", 12)
    for line in paper["title"].split("\n"):
        _loose(_line(document, line, "center", face=SONG, size=TITLE))
    _line(document, "")
    if addressee := paper.get("addressee"):
        _line(document, f"{addressee}：")


def _heading(document: Any, block: dict[str, Any], _: Any) -> None:
    paragraph = document.add_paragraph(style=f"Heading {block['level']}")
    face, bold = HEADINGS[block["level"]]
    _run(paragraph, block["text"], face, BODY, bold)
    _indent(paragraph, 200)


def _paragraph(document: Any, block: dict[str, Any], _: Any) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if block["lead"]:
        _run(paragraph, block["lead"], bold=True)
    _run(paragraph, block["text"])
    _indent(paragraph, 200)


def _table(document: Any, block: dict[str, Any], _: Any) -> None:
    if block["caption"]:
        caption = _loose(_line(document, block["caption"], "center", face=HEI, size=Pt(12)))
        caption.paragraph_format.keep_with_next = True
    columns = block["columns"]
    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.autofit = False
    again = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(again)
    whole = sum(column["weight"] for column in columns)
    for place, column in enumerate(columns):
        table.columns[place].width = Mm(156 * column["weight"] / whole)
    _cells(table.rows[0], [column["title"] for column in columns], columns, is_heading=True)
    _rows(table, block["rows"], columns)
    _loose(_line(document, "", size=Pt(6)))


def _rows(table: Any, rows: list[list[str]], columns: list[dict[str, Any]]) -> None:
    """The first row is made cell by cell; the others are copies of it with other words, which is much faster."""
    shape = None
    for row in rows:
        if shape is None:
            first = table.add_row()
            _cells(first, row, columns)
            shape = first._tr
            continue
        copied = copy.deepcopy(shape)
        for run, text in zip(copied.iter(qn("w:r")), row, strict=True):
            run.text = text
        table._tbl.append(copied)


def _cells(row: Any, texts: list[str], columns: list[dict[str, Any]], *, is_heading: bool = False) -> None:
    whole = sum(column["weight"] for column in columns)
    for cell, text, column in zip(row.cells, texts, columns, strict=True):
        cell.width = Mm(156 * column["weight"] / whole)
        cell.vertical_alignment = 1
        paragraph = _loose(cell.paragraphs[0])
        paragraph.alignment = SIDES["center" if is_heading else column["align"]]
        _run(paragraph, text, HEI if is_heading else FANG, TINY if len(columns) > WIDE else CELL)


def _figure(document: Any, block: dict[str, Any], drawings: Any) -> None:
    paragraph = _loose(document.add_paragraph())
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(next(drawings)), width=Mm(154))
    shape._inline.docPr.set("descr", block["told"])
    _loose(_line(document, block["caption"], "center", face=HEI, size=Pt(12)))


WRITERS = {"heading": _heading, "paragraph": _paragraph, "table": _table, "figure": _figure}


def _end(document: Any, paper: dict[str, Any]) -> None:
    annexes = paper.get("annexes", [])
    for place, name in enumerate(annexes):
        mark = "附件：" if place == 0 else "　　　"
        _indent(_line(document, mark + (f"{place + 1}. " if len(annexes) > 1 else "") + name), 0, 200)
    if paper.get("signature") or paper.get("signed_on"):
        _line(document, "")
        _signed(document, paper.get("signature", ""), paper.get("signed_on", ""))
    _imprint(document, paper)


def _signed(document: Any, who: str, on: str) -> None:
    """The date four signs from the edge, the issuer above its middle."""
    wide = max(len(who), 8)
    for text, long in ((who, len(who)), (on, 8)):
        paragraph = _line(document, text, "right")
        paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:rightChars"), str(400 + 50 * (wide - long)))
        paragraph.paragraph_format.keep_together = True


def _imprint(document: Any, paper: dict[str, Any]) -> None:
    said = [f"抄送：{paper['copies']}"] if paper.get("copies") else []
    said += [paper["printed"]] if paper.get("printed") else []
    for place, text in enumerate(said):
        line = _line(document, text, size=SMALL)
        line.paragraph_format.space_before = PITCH if place == 0 else Pt(0)
        _rule(line, "top", "000000", 8 if place == 0 else 6)
    if said:
        _rule(_loose(_line(document, "", size=Pt(4))), "top", "000000", 8)


def _date(document: Any, paper: dict[str, Any], at: datetime) -> None:
    told = document.core_properties
    told.title, told.author, told.last_modified_by = paper["title"].replace("\n", ""), paper.get("signature", ""), ""
    told.created = told.modified = at.replace(tzinfo=None)
    told.comments, told.revision, told.language = "", 1, "zh-CN"


def _same_bytes(made: bytes) -> bytes:
    """The archive with its entries by name and without the time of the day."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as after:
        names = sorted(before.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            after.writestr(entry, before.read(name))
    return out.getvalue()


def main() -> None:
    """Writes what is asked for."""
    limit()
    request = json.load(sys.stdin)
    pictures = [base64.b64decode(each) for each in request["pictures"]]
    made = written(request["paper"], pictures, datetime.fromisoformat(request["at"]))
    json.dump([base64.b64encode(made).decode()], sys.stdout)


if __name__ == "__main__":
    main()
