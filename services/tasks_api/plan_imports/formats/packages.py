"""A word package (a zip) looked at before anything is unpacked."""

from __future__ import annotations

from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from services.tasks_api.plan_imports import rules

MAX_ENTRIES: Final = 2_000
MAX_UNPACKED: Final = 50 * 1024 * 1024
MAX_RATIO: Final = 100
BODY: Final = "word/document.xml"


def is_zip(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def check(data: bytes) -> None:
    """Entries, sizes, ratio, names, macros and the word body, by the zip directory alone.

    Raises rules.Unreadable, or UnsupportedFormat for a zip that is no word document.
    """
    entries = _directory(data)
    names = [entry.filename for entry in entries]
    if not _fits(entries, len(data)) or len(set(names)) < len(names) or not all(map(_is_plain, entries)):
        raise rules.Unreadable
    if BODY not in names:
        raise rules.UnsupportedFormat


def _directory(data: bytes) -> list[ZipInfo]:
    if not is_zip(data):
        raise rules.Unreadable
    try:
        with ZipFile(BytesIO(data)) as package:
            return package.infolist()
    except (BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise rules.Unreadable from error


def _fits(entries: list[ZipInfo], size: int) -> bool:
    """Both as a whole and entry by entry, by the sizes declared; zipfile reads no more than these."""
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * size:
        return False
    return all(entry.file_size <= MAX_RATIO * max(entry.compress_size, 1) for entry in entries)


def _is_plain(entry: ZipInfo) -> bool:
    """An unencrypted entry with a relative name that stays inside, and no macro (宏)."""
    name = entry.orig_filename.lower()
    is_inside = not name.startswith("/") and not set(name) & set("\\:\x00") and ".." not in name.split("/")
    return is_inside and not entry.flag_bits & 0x1 and "vbaproject" not in name and "vbadata" not in name
