"""What may be uploaded, and under which name it is kept. Pure: content decides, never the name or the header."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Final
from unicodedata import category

from services.kit import clock, errors, identity

MAX_NAME: Final = 200
MAX_ENTRIES: Final = 2_000
MAX_UNPACKED: Final = 200_000_000
MAX_RATIO: Final = 200


class NoFile(errors.BadInput):
    code = "attachment.empty"
    zh, en = "文件为空。", "The file is empty."


class UnknownKind(errors.UnsupportedMediaType):
    code = "attachment.kind_not_allowed"
    zh = "只接受 PDF、Word（docx）、Excel（xlsx）、PNG、JPEG 和文本文件；以内容为准。"
    en = "Only PDF, Word (docx), Excel (xlsx), PNG, JPEG and text files are taken; the content decides."


class ContentMissing(errors.NotFound):
    code = "attachment.content_missing"
    zh, en = "附件内容在存储中缺失，请联系管理员。", "The content is missing from the store; tell the administrator."


def clean_name(sent: str, media_type: str) -> str:
    """The name without folders, control and direction-changing characters, ending as its content does.

    Identity numbers in it are hidden. `file` stands where nothing is left. A foreign ending gets the right one behind it: what is
    named `.hta` or `.bat` would be run by a double click, whatever it is.
    """
    last = sent.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    kept = identity.hidden(kept, clock.local_day(clock.now())).replace("*", "＊")
    name = kept.strip().lstrip(".").rstrip(". ").strip() or "file"
    endings = ENDINGS[media_type]
    ending = "" if name.lower().endswith(endings) else endings[0]
    return name[-(MAX_NAME - len(ending)) :] + ending


def media_type_of(content: bytes) -> str:
    """The media type the content shows. Raises NoFile, UnknownKind (also for archives with macros, bombs, bent names)."""
    if not content:
        raise NoFile(errors.Fault("/body/file", "missing"))
    for start, media_type in MAGIC.items():
        if content.startswith(start):
            return media_type
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    if _is_text(content):
        return "text/plain"
    raise UnknownKind(errors.Fault("/body/file", "not_allowed"))


MAGIC: Final[Mapping[bytes, str]] = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
OFFICE: Final[Mapping[str, str]] = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    OFFICE["word/document.xml"]: (".docx",),
    OFFICE["xl/workbook.xml"]: (".xlsx",),
    "text/plain": (".txt", ".csv", ".md", ".log"),
}
# Each entry of an archive's directory begins with this; counted before anything is read into objects.
ENTRY: Final = b"PK\x01\x02"


def _office_type(content: bytes) -> str:
    if content.count(ENTRY) > MAX_ENTRIES:
        raise UnknownKind(errors.Fault("/body/file", "not_allowed"))
    try:
        entries = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnknownKind(errors.Fault("/body/file", "not_allowed")) from None
    names = {entry.filename for entry in entries}
    found = [media_type for name, media_type in OFFICE.items() if name in names and "[Content_Types].xml" in names]
    if len(found) != 1 or any(is_bent(entries) for is_bent in BENT):
        raise UnknownKind(errors.Fault("/body/file", "not_allowed"))
    return found[0]


def _too_large(entries: list[zipfile.ZipInfo]) -> bool:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    return len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1)


def _leaves_its_folder(entries: list[zipfile.ZipInfo]) -> bool:
    names = [entry.filename.replace("\\", "/") for entry in entries]
    return any(name.startswith("/") or ":" in name or ".." in name.split("/") for name in names)


def _holds_code(entries: list[zipfile.ZipInfo]) -> bool:
    return any(entry.filename.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for entry in entries)


BENT: Final[tuple[Callable[[list[zipfile.ZipInfo]], bool], ...]] = (_too_large, _leaves_its_folder, _holds_code)


def _is_text(content: bytes) -> bool:
    """Text in UTF-8 or GB18030 without control characters, and no markup a browser would run."""
    text = _decoded(content)
    if text is None or any(sign < " " and sign not in "\t\r\n\f" for sign in text):
        return False
    return not text.lstrip("\ufeff \t\r\n\f").startswith(("<", "#!", "{\\rtf"))


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
