"""Paragraphs and tables of a .docx in document order."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Final
from zipfile import ZipFile

import docx
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.oxml.text.paragraph import CT_P

from services.tasks_api.plan_imports import rules
from services.tasks_api.plan_imports.formats import packages
from services.tasks_api.plan_imports.formats.numbering import Numbering

MAX_BLOCKS: Final = 50_000
MAX_CELLS: Final = 100_000
MAX_COLUMNS: Final = 63  # the most that Word itself allows

# Content controls and old date tags wrap what a reader sees; deleted text and text boxes are not part of the line.
_BLOCKS: Final = "./w:p | ./w:tbl | ./w:sdt/w:sdtContent/w:p | ./w:sdt/w:sdtContent/w:tbl"
_RUNS: Final = ".//w:r[not(ancestor::w:del) and not(ancestor::w:txbxContent)]"


def read(data: bytes) -> rules.Document:
    """The document; paragraphs and table rows share one count of lines.

    Raises rules.Unreadable, UnsupportedFormat, TooLong.
    """
    packages.check(data)
    try:
        _refuse_declarations(data)
        return rules.Document(tuple(_blocks(data)))
    except (rules.TooLong, rules.Unreadable):
        raise
    except Exception as error:
        # A damaged package makes python-docx and lxml stumble in whatever way its damage leads to.
        raise rules.Unreadable from error


def _refuse_declarations(data: bytes) -> None:
    """No document type (entities) in the body, no macro-enabled content type."""
    with ZipFile(BytesIO(data)) as package:
        if b"<!DOCTYPE" in package.read(packages.BODY) or b"macroEnabled" in package.read("[Content_Types].xml"):
            raise rules.Unreadable


def _blocks(data: bytes) -> Iterator[rules.Paragraph | rules.Table]:
    document = docx.Document(BytesIO(data))
    numbering = Numbering(document)
    line = 0
    for element in document.element.body.xpath(_BLOCKS):
        if line > MAX_BLOCKS:
            raise rules.TooLong
        if isinstance(element, CT_Tbl):
            table = _table(element, line, numbering)
            line += len(table.rows)
            yield table
        else:
            line += 1
            yield from (rules.Paragraph(line, text) for text in _text(element, numbering).split("\n"))


def _text(paragraph: CT_P, numbering: Numbering) -> str:
    return numbering.label(paragraph) + "".join(run.text for run in paragraph.xpath(_RUNS))


def _table(table: CT_Tbl, line: int, numbering: Numbering) -> rules.Table:
    rows: list[rules.Row] = []
    above: tuple[rules.Cell, ...] = ()
    count = 0
    for number, row in enumerate(table.tr_lst, start=line + 1):
        above = tuple(_cells(row, above, numbering))[:MAX_COLUMNS]
        count += len(above) + 1
        if count > MAX_CELLS:
            raise rules.TooLong
        rows.append(rules.Row(number, above))
    return rules.Table(tuple(rows))


def _cells(row: CT_Row, above: tuple[rules.Cell, ...], numbering: Numbering) -> Iterator[rules.Cell]:
    """The grid places of a row: a cell merged over several columns or rows stands in each of them."""
    place = min(row.grid_before, MAX_COLUMNS)
    yield from (rules.Cell("") for _ in range(place))
    for tc in row.tc_lst:
        width = min(tc.grid_span, MAX_COLUMNS)
        from_above = tc.vMerge == "continue" and place < len(above)
        text = above[place].text if from_above else _cell_text(tc, numbering)
        yield from (rules.Cell(text, from_above=from_above, from_left=offset > 0) for offset in range(width))
        place += width


def _cell_text(tc: CT_Tc, numbering: Numbering) -> str:
    return "\n".join(_text(paragraph, numbering) for paragraph in tc.p_lst).strip()
