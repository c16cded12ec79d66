"""Makers of workbooks and CSV files, good and hostile. Everything in them is made up."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

Table = Sequence[Sequence[Any]]
GOOD: Table = [["日期", "说明"], ["2024-05-06", "甲"], ["2024-05-07", "乙"]]
FAR = '<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row>'
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'


def workbook(rows: Table, prepare: Callable[[Any, Any], None] = lambda book, sheet: None) -> bytes:
    """A workbook of one sheet."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    prepare(book, sheet)
    book.close()
    return made.getvalue()


def text(rows: Table, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A CSV file; cells are quoted where they must be."""
    lines = [delimiter.join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row) for row in rows]
    return "\r\n".join([*lines, ""]).encode(encoding)


def repacked(book: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The workbook with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    """A workbook whose sheet's XML was changed."""

    def edit(parts: dict[str, bytes]) -> None:
        parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"])

    return repacked(workbook(GOOD), edit)


def with_part(name: str, content: bytes = b"x") -> bytes:
    """A workbook with one part more."""
    return repacked(workbook(GOOD), lambda parts: parts.update({name: content}))


def renamed(book: bytes, old: bytes, new: bytes) -> bytes:
    """An archive with an entry's name changed in place, as no archiver would write it."""
    assert len(old) == len(new)
    return book.replace(old, new)


def twice() -> bytes:
    """Two entries of one name."""
    made = io.BytesIO(workbook(GOOD))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"<worksheet/>")
    return renamed(made.getvalue(), b"xl/worksheets/sheet2.xml", b"xl/worksheets/sheet1.xml")


def lying(size: int) -> bytes:
    """A bomb whose directory tells a small size."""
    bomb = with_sheet(lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * size))
    real = struct.pack("<I", zipfile.ZipFile(io.BytesIO(bomb)).getinfo("xl/worksheets/sheet1.xml").file_size)
    return bomb.replace(real, struct.pack("<I", 2_000))


def locked() -> bytes:
    """An entry that claims to be encrypted."""
    book = bytearray(workbook(GOOD))
    place = book.find(b"PK\x01\x02")
    book[place + 8] |= 1
    return bytes(book)


def linked() -> bytes:
    """An entry that is a symbolic link."""
    made = io.BytesIO(workbook(GOOD))
    with zipfile.ZipFile(made, "a") as archive:
        link = zipfile.ZipInfo("xl/link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return made.getvalue()


# Refused by their content or by the directory of their archive, before anything is unpacked.
REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "pdf": lambda: b"%PDF-1.7 not a sheet",
    "old_excel": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(64),
    "html": lambda: b"<html><table><tr><td>1</td></tr></table>",
    "program": lambda: b"MZ\x90\x00\x03" + bytes(64),
    "script": lambda: b"#!/bin/sh\necho",
    "zeros": lambda: bytes(2_000),
    "utf16": lambda: "日期,说明".encode("utf-16"),
    "broken_text": lambda: b"\xff\xfe\xfd,\x81",
    "plain_zip": lambda: repacked(workbook(GOOD), lambda parts: parts.pop("xl/workbook.xml")),
    "word": lambda: repacked(workbook(GOOD), lambda parts: parts.update({"word/document.xml": parts.pop("xl/workbook.xml")})),
    "cut_off": lambda: workbook(GOOD)[:-40],
    "zip_head": lambda: b"PK\x03\x04" + bytes(40),
    "macros": lambda: with_part("xl/vbaProject.bin"),
    "excel4_macros": lambda: with_part("xl/macrosheets/sheet1.xml"),
    "activex": lambda: with_part("xl/activeX/activeX1.bin"),
    "external_link": lambda: with_part("xl/externalLinks/externalLink1.xml"),
    "connections": lambda: with_part("xl/connections.xml"),
    "nested_zip": lambda: with_part("xl/media/inner.zip", workbook(GOOD)),
    "embedded": lambda: with_part("xl/embeddings/oleObject1.bin"),
    "program_inside": lambda: with_part("xl/media/a.exe"),
    "parent_folder": lambda: with_part("../../etc/cron.d/x"),
    "absolute": lambda: with_part("/etc/passwd"),
    "backslashes": lambda: renamed(with_part("xl/aa/aa/x.xml"), b"xl/aa/aa/x.xml", b"..\\..\\aaaa.xml"),
    "drive": lambda: with_part("C:/x"),
    "link": linked,
    "twice": twice,
    "locked": locked,
    "many_entries": lambda: repacked(workbook(GOOD), lambda parts: parts.update({f"xl/media/{n}.png": b"" for n in range(300)})),
    "bomb": lambda: with_sheet(lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 60_000_000)),
    "dense_bomb": lambda: with_sheet(lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b"<row/>" * 2_000_000)),
}
# Their directory is in order; they die in the child, or are read as if the trick were not there.
DEADLY: dict[str, Callable[[], bytes]] = {
    "far_cell": lambda: with_sheet(lambda xml: xml.replace(b"</sheetData>", FAR.encode() + b"</sheetData>")),
    "lying_bomb": lambda: lying(30_000_000),
    "no_sheet": lambda: repacked(workbook(GOOD), lambda parts: parts.pop("xl/worksheets/sheet1.xml")),
    "broken_xml": lambda: with_sheet(lambda xml: xml[: len(xml) // 2]),
    "wrong_reference": lambda: with_sheet(lambda xml: xml.replace(b'r="A1"', b'r="ZZZZZZ99999999999"')),
    "no_such_string": lambda: with_sheet(lambda xml: xml.replace(b"<v>0</v>", b"<v>4000000000</v>")),
    "entities": lambda: with_sheet(
        lambda xml: xml.replace(b"<worksheet", ENTITIES.encode() + b"<worksheet", 1).replace(b"<v>0</v>", b"<v>&f;&b;</v>")
    ),
}
