"""Files as an attacker, a careless colleague or a broken scanner sends them; made here, none taken from anywhere."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping

TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def archive(entries: Mapping[str, bytes], *, compressed: bool = True) -> bytes:
    """A zip archive with these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return buffer.getvalue()


def docx(**more: bytes) -> bytes:
    """The least that is a Word document; further entries by name, `__` for a slash."""
    extra = {name.replace("__", "/"): content for name, content in more.items()}
    return archive({"[Content_Types].xml": TYPES, "word/document.xml": b"<w:document/>"} | extra)


def xlsx() -> bytes:
    """The least that is a workbook."""
    return archive({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<workbook/>"})


def png(width: int = 1, height: int = 1) -> bytes:
    """A picture; its head may claim any size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

# What is taken, and as what.
GOOD: Mapping[str, tuple[bytes, str]] = {
    "pdf": (PDF, "application/pdf"),
    "png": (png(), "image/png"),
    "jpeg": (JPEG, "image/jpeg"),
    "docx": (docx(), WORD),
    "xlsx": (xlsx(), SHEET),
    "text": ("签到表：示例甲\n".encode(), "text/plain"),
    "text with a byte mark": ("\ufeff签到表".encode(), "text/plain"),
    "text in gb18030": ("签到表：示例甲\r\n".encode("gb18030"), "text/plain"),
    # Two files in one: taken as what it begins with, served so that nothing in it runs.
    "pdf with html behind": (PDF + b"<script>alert(1)</script>", "application/pdf"),
    "pdf with an archive behind": (PDF + archive({"a.txt": b"a"}), "application/pdf"),
    "png with html behind": (png() + b"<html><script>alert(1)</script></html>", "image/png"),
    "jpeg with an archive behind": (JPEG + archive({"x.class": b"\xca\xfe\xba\xbe"}), "image/jpeg"),
    "png of huge pixels": (png(2**31 - 1, 2**31 - 1), "image/png"),
    "text that speaks of markup": (b"a note about <script>alert(1)</script>\n", "text/plain"),
}


def forged_size() -> bytes:
    """A document whose directory claims sizes it does not have: four gigabytes out of a few bytes."""
    content = bytearray(docx())
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 0xFFFF_FFF0)
    return bytes(content)


def many_entries(count: int = 30_000) -> bytes:
    """A document with very many empty entries: every one is an object to whoever lists it."""
    return archive(
        {"[Content_Types].xml": TYPES, "word/document.xml": b""} | {f"e{n}": b"" for n in range(count)}, compressed=False
    )


def nested() -> bytes:
    """An archive in an archive in an archive, of zeros."""
    inner = archive({"zeros": b"\0" * 3_000_000})
    for _ in range(3):
        inner = archive({"inner.zip": inner})
    return inner


def _bad() -> Iterator[tuple[str, bytes]]:
    yield "program for Windows", b"MZ\x90\x00" + b"\0" * 60
    yield "program for Linux", b"\x7fELF\x02\x01\x01" + b"\0" * 60
    yield "java class", b"\xca\xfe\xba\xbe\x00\x00\x00\x34"
    yield "old Word file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    yield "rar", b"Rar!\x1a\x07\x01\x00" + b"\0" * 20
    yield "gzip", b"\x1f\x8b\x08\x00" + b"\0" * 20
    yield "7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 20
    yield "gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
    yield "pdf magic not at the start", b"\0\0\0\0" + PDF
    yield "png magic cut short", b"\x89PNG\r\n\x1a"
    yield "bytes without sense", bytes(range(256)) * 4
    yield "one zero byte", b"\0"
    yield "text with a zero byte", b"text\0text"
    yield "text with control characters", b"\x1b]0;title\x07"
    yield "utf-16", "签到表".encode("utf-16")
    yield "utf-16 svg", SVG.decode().encode("utf-16")
    yield "broken utf-8 and no gb18030", b"abc \xff\xfe\xff"
    yield "svg with script", SVG
    yield "svg behind a declaration", b'<?xml version="1.0"?>' + SVG
    yield "svg behind blanks", b" \t\r\n\x0c" + SVG
    yield "svg behind a byte mark", b"\xef\xbb\xbf" + SVG
    yield "html", b"<!DOCTYPE html><script>alert(1)</script>"
    yield "shell script", b"#!/bin/sh\nrm -rf /\n"
    yield "rtf", b"{\\rtf1\\ansi hello}"
    yield "plain archive", archive({"a.txt": b"a"})
    yield "archive without end", docx()[:-30]
    yield "archive cut in the middle", docx()[: len(docx()) // 2]
    yield "document without content types", archive({"word/document.xml": b"<w:document/>"})
    yield "word and workbook in one", docx(xl__workbook_xml=b"", **{"xl/workbook.xml": b""})
    yield "document with macros", docx(**{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    yield "document with macros, named otherwise", docx(**{"word/VBAPROJECT.BIN": b"\xd0\xcf\x11\xe0"})
    yield "document with a program", docx(**{"word/embeddings/setup.EXE": b"MZ"})
    yield "zip slip", docx(**{"../../x": b"x"})
    yield "zip slip by backslash", docx(**{"..\\..\\x": b"x"})
    yield "zip with an absolute name", docx(**{"/etc/x": b"x"})
    yield "zip with a drive letter", docx(**{"C:x": b"x"})
    yield "zip bomb", docx(**{"word/media/zeros.bin": b"\0" * 30_000_000})
    yield "zip bomb, sizes forged", forged_size()
    yield "zip with very many entries", many_entries()
    yield "zip in zip in zip", nested()


BAD: Mapping[str, bytes] = dict(_bad())

# File names as sent → as kept, for a content that is a PDF.
NAMES: Mapping[str, str] = {
    "执法培训签到表.pdf": "执法培训签到表.pdf",
    "示例350111190001010011.pdf": "示例350111＊＊＊＊＊＊＊＊0011.pdf",
    "../../x": "x.pdf",
    "..\\..\\windows\\x.pdf": "x.pdf",
    "/etc/passwd": "passwd.pdf",
    "C:\\签到表.PDF": "签到表.PDF",
    "..": "file.pdf",
    "...pdf": "pdf.pdf",
    ".htaccess": "htaccess.pdf",
    "invoice\u202efdp.exe": "invoicefdp.exe.pdf",
    "a\u200b\u2066b.pdf": "ab.pdf",
    "\u2028\u2029.pdf": "pdf.pdf",
    "x.hta": "x.hta.pdf",
    "x.pdf.": "x.pdf",
    "x.pdf ": "x.pdf",
    "名" * 300 + ".pdf": "名" * 196 + ".pdf",
    "名" * 300: "名" * 196 + ".pdf",
    "𠮷野家.pdf": "𠮷野家.pdf",
    'quote".pdf': 'quote".pdf',
    "semi;colon=.pdf": "semi;colon=.pdf",
    "100%25.pdf": "100%25.pdf",
}
