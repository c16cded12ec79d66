"""Bytes to paragraphs and tables: encodings, word packages, and files that are refused."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from services.kit.errors import DomainError
from services.tasks_api.plan_imports import formats, rules
from services.tasks_api.plan_imports.formats import numbering

TEXT = "望潮区方案\r\n一、重点任务\n\n1. 甲项。"
W = nsdecls("w")


def lines(document: rules.Document) -> list[tuple[int, str]]:
    return [(block.line, block.text) for block in document.blocks if isinstance(block, rules.Paragraph)]


def saved(written: docx.document.Document) -> bytes:
    stream = BytesIO()
    written.save(stream)
    return stream.getvalue()


def word(*paragraphs: str) -> bytes:
    written = docx.Document()
    for text in paragraphs:
        written.add_paragraph(text)
    return saved(written)


def with_parts(data: bytes, parts: dict[str, bytes], *, without: str = "") -> bytes:
    """The package with parts added or replaced."""
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts and name != without:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_every_usual_encoding(encoding: str) -> None:
    read = formats.read(TEXT.encode(encoding), "方案.TXT")
    assert lines(read) == [(1, "望潮区方案"), (2, "一、重点任务"), (4, "1. 甲项。")]


def test_utf_16_of_both_byte_orders() -> None:
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert lines(formats.read(bom + "甲".encode(encoding), "a.txt")) == [(1, "甲")]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.txt", "plan_import.empty"),
        (b" \r\n\t", "a.txt", "plan_import.empty"),
        (b"", "a.docx", "plan_import.empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "a.txt", "plan_import.unsupported_format"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "a.docx", "plan_import.unsupported_format"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "a.txt", "plan_import.unsupported_format"),
        (b"%PDF-1.7\n", "a.txt", "plan_import.unsupported_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a.docx", "plan_import.unsupported_format"),
        (b"BM" + bytes(40), "a.txt", "plan_import.unsupported_format"),
        ("甲\x07乙".encode(), "a.txt", "plan_import.unsupported_format"),
        ("甲".encode(), "a.pdf", "plan_import.unsupported_format"),
        ("甲".encode(), "txt", "plan_import.unsupported_format"),
        ("甲".encode(), "", "plan_import.unsupported_format"),
        ("甲".encode(), "a.docx", "plan_import.unreadable"),
        (b"\xff\xff\xff\x81", "a.txt", "plan_import.unreadable"),
        (b"\xff\xfe\x00", "a.txt", "plan_import.unreadable"),
        (b"\xef\xbb\xbf\xff\xff", "a.txt", "plan_import.unreadable"),
        (b"PK\x03\x04" + bytes(40), "a.txt", "plan_import.unsupported_format"),
        (b"PK\x03\x04" + bytes(40), "a.docx", "plan_import.unreadable"),
        (b"a" * (formats.MAX_BYTES + 1), "a.txt", "plan_import.too_large"),
    ],
)
def test_what_is_no_text_and_no_word_document_is_refused(data: bytes, name: str, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        formats.read(data, name)
    assert refused.value.code == code


def test_refusals_speak_both_languages() -> None:
    for refusal in (rules.NotAPlan, rules.Empty, rules.UnsupportedFormat, rules.Unreadable, rules.TooLong):
        assert refusal.status == 400
        assert refusal.code.startswith("plan_import.")
        assert refusal.zh.endswith("。")
        assert refusal.en.endswith(".")


def test_paragraphs_and_tables_keep_their_order() -> None:
    written = docx.Document()
    written.add_paragraph("前")
    grid = written.add_table(2, 3)
    grid.cell(0, 0).text = "宽"
    grid.cell(0, 0).merge(grid.cell(0, 1))
    grid.cell(0, 2).text = "高"
    grid.cell(0, 2).merge(grid.cell(1, 2))
    grid.cell(1, 0).text = "甲"
    written.add_paragraph("中\n断")
    first, table, *rest = formats.read(saved(written), "a.docx").blocks
    assert first == rules.Paragraph(1, "前")
    assert table == rules.Table(
        (
            rules.Row(2, (rules.Cell("宽"), rules.Cell("宽", from_left=True), rules.Cell("高"))),
            rules.Row(3, (rules.Cell("甲"), rules.Cell(""), rules.Cell("高", from_above=True))),
        )
    )
    assert rest == [rules.Paragraph(4, "中"), rules.Paragraph(4, "断")]


def test_wrapped_text_is_read_and_deleted_text_is_not() -> None:
    written = docx.Document()
    paragraph = written.add_paragraph("于")
    for xml in (
        f'<w:smartTag {W} w:element="date"><w:r><w:t>2024年底前</w:t></w:r></w:smartTag>',
        f'<w:ins {W} w:id="1"><w:r><w:t>编制完成</w:t></w:r></w:ins>',
        f'<w:del {W} w:id="2"><w:r><w:delText>删去</w:delText></w:r></w:del>',
    ):
        paragraph._p.append(parse_xml(xml))
    control = f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>控件内</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    written.element.body.insert(1, parse_xml(control))
    assert lines(formats.read(saved(written), "a.docx")) == [(1, "于2024年底前编制完成"), (2, "控件内")]


def level(place: int, form: str, text: str) -> str:
    return f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'


def test_numbers_made_by_word_are_counted() -> None:
    written = docx.Document()
    levels = level(0, "chineseCounting", "%1、") + level(1, "chineseCountingThousand", "（%2）") + level(2, "decimal", "%3.")
    root = written.part.numbering_part.element
    root.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{levels}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for place, text in ((0, "任务"), (1, "培训"), (2, "甲项"), (2, "乙项"), (1, "规范"), (2, "丙项"), (0, "要求")):
        properties = written.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{place}"/><w:numId w:val="90"/></w:numPr>'))
    read = [text for _, text in lines(formats.read(saved(written), "a.docx"))]
    assert read == ["一、任务", "（一）培训", "1.甲项", "2.乙项", "（二）规范", "1.丙项", "二、要求"]


def test_numbers_of_a_style_are_counted_and_bullets_are_not() -> None:
    written = docx.Document()
    for text, style in (("甲", "List Number"), ("乙", "List Number"), ("丙", "List Bullet"), ("丁", "Normal")):
        written.add_paragraph(text, style=style)
    assert [text for _, text in lines(formats.read(saved(written), "a.docx"))] == ["1.甲", "2.乙", "丙", "丁"]


@pytest.mark.parametrize(("count", "shown"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九")])
def test_chinese_counting(count: int, shown: str) -> None:
    assert numbering.chinese(count) == shown


def bomb() -> bytes:
    return with_parts(word("甲"), {"word/media/a.bin": bytes(30_000_000)})


def lying_sizes() -> bytes:
    """A directory that declares a small part where a large one is packed."""
    data = with_parts(word("甲"), {"word/document.xml": b"<a>" + b"b" * 100_000})
    return data.replace((100_003).to_bytes(4, "little"), (10).to_bytes(4, "little"))


def entity() -> bytes:
    xml = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    return with_parts(word("甲"), {"word/document.xml": xml})


def encrypted() -> bytes:
    data = bytearray(word("甲"))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bomb, "unreadable"),
        (lying_sizes, "unreadable"),
        (entity, "unreadable"),
        (encrypted, "unreadable"),
        (lambda: with_parts(word("甲"), {f"word/{n}.xml": b"" for n in range(2_001)}), "unreadable"),
        (lambda: with_parts(word("甲"), {"../a.xml": b""}), "unreadable"),
        (lambda: with_parts(word("甲"), {"word/../../a.xml": b""}), "unreadable"),
        (lambda: with_parts(word("甲"), {"/etc/a.xml": b""}), "unreadable"),
        (lambda: with_parts(word("甲"), {"word\\a.xml": b""}), "unreadable"),
        (lambda: with_parts(word("甲"), {"C:a.xml": b""}), "unreadable"),
        (lambda: with_parts(word("甲"), {"word/vbaProject.bin": b"a"}), "unreadable"),
        (lambda: with_parts(word("甲"), {"word/document.xml": b"<a"}), "unreadable"),
        (lambda: with_parts(word("甲"), {}, without="[Content_Types].xml"), "unreadable"),
        (lambda: with_parts(word("甲"), {}, without="word/document.xml"), "unsupported_format"),
        (lambda: word("甲")[:-40], "unreadable"),
        (lambda: word("甲")[:2000], "unreadable"),
    ],
)
def test_packages_that_are_not_safe_or_not_whole_are_refused(make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        formats.read(make(), "a.docx")
    assert refused.value.code == f"plan_import.{code}"


def test_a_macro_enabled_type_is_refused() -> None:
    data = word("甲")
    with ZipFile(BytesIO(data)) as package:
        types = package.read("[Content_Types].xml").replace(
            b"wordprocessingml.document.main", b"wordprocessingml.macroEnabled.main"
        )
    with pytest.raises(rules.Unreadable):
        formats.read(with_parts(data, {"[Content_Types].xml": types}), "a.docx")


def test_a_word_document_with_one_bit_bent_never_fails_otherwise() -> None:
    """Every byte of the directory and every 97th before it, bent."""
    data = word("甲项", "乙项")
    start = data.find(b"PK\x01\x02")
    outcomes = set()
    for place in [*range(0, start, 97), *range(start, len(data), 3)]:
        bent = bytearray(data)
        bent[place] ^= 1 + zlib.crc32(bytes([place % 251])) % 255
        try:
            formats.read(bytes(bent), "a.docx")
            outcomes.add("read")
        except DomainError as error:
            outcomes.add(error.code)
    assert outcomes <= {"read", "plan_import.unreadable", "plan_import.unsupported_format"}
    assert "plan_import.unreadable" in outcomes
