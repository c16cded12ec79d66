"""Plan files in: bytes of a .txt or .docx → paragraphs and tables. What is not safe to open is refused."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from services.tasks_api.plan_imports import rules
from services.tasks_api.plan_imports.formats import packages, texts, word

MAX_BYTES: Final = 20 * 1024 * 1024

# Images, PDF, old Word (OLE), RTF, other archives, programs, web pages.
_FOREIGN: Final = (
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF", b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rtf"),
    *(b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"<!DOCTYPE", b"<html", b"<svg", b"<?xml"),
)


def read(data: bytes, filename: str) -> rules.Document:
    """The paragraphs and tables of a plan file, in order.

    A .txt may be UTF-8 (with or without BOM), UTF-16 with BOM, or GB18030. Name and content must agree.
    Raises rules.Empty, UnsupportedFormat, Unreadable, TooManyBytes, TooLong.
    """
    if not data.strip():
        raise rules.Empty
    if len(data) > MAX_BYTES:
        raise rules.TooManyBytes
    suffix = PurePosixPath(filename.lower().strip()).suffix
    if suffix not in {".txt", ".docx"} or data.startswith(_FOREIGN):
        raise rules.UnsupportedFormat
    if suffix == ".docx":
        return word.read(data)
    if packages.is_zip(data):
        raise rules.UnsupportedFormat
    return rules.Document.of_text(texts.read(data))
