"""What a file sent in is, by its content, and whether it may be read at all: looked at from outside, nothing is unpacked."""

from __future__ import annotations

import codecs
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from services.kit import errors

MOST_ENTRIES: Final = 200
MOST_UNPACKED: Final = 50_000_000
MOST_RATIO: Final = 100
MOST_DIRECTORY: Final = 256_000
BLOCK: Final = 1 << 20


class UnknownKind(errors.UnsupportedMediaType):
    code = "sheet.kind_not_allowed"
    zh = "只接受 .xlsx 工作簿和 .csv 文本（UTF-8 或 GB18030）；以内容为准。旧版 .xls 或加密的工作簿请另存为 .xlsx。"
    en = "Only .xlsx workbooks and .csv text (UTF-8 or GB18030) are taken; the content decides. Save old or locked ones as .xlsx."


class Unsafe(errors.BadInput):
    code = "sheet.unsafe"
    zh = "工作簿含宏、外部链接、内嵌文件或异常的压缩内容，不予读取。"
    en = "The workbook holds macros, external links, embedded files or odd packing, and is not read."


class Unreadable(errors.BadInput):
    code = "sheet.unreadable"
    zh, en = "文件无法读取，见 errors 各项。", "The file cannot be read; see errors."


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is: its form, `xlsx` or `csv`, the latter in the encoding named."""

    form: str
    encoding: str = ""

    @property
    def told(self) -> str:
        """As the child is told."""
        return self.encoding or self.form

    @classmethod
    def of(cls, told: str) -> Kind:
        """The kind that was told so."""
        return cls("xlsx") if told == "xlsx" else cls("csv", told)


def inspect(file: BinaryIO) -> Kind:
    """The kind of a file by its content; blocking, so it runs in a thread. Raises UnknownKind, Unsafe, Unreadable."""
    file.seek(0)
    start = file.read(8)
    if not start:
        raise Unreadable(errors.Fault("/body/file", "sheet.empty"))
    if start.startswith(b"PK\x03\x04"):
        _demand_harmless(file)
        return Kind("xlsx")
    for encoding in ("utf-8-sig", "gb18030"):
        if _is_text(file, encoding):
            return Kind("csv", encoding)
    raise UnknownKind(errors.Fault("/body/file", "not_allowed"))


def _is_text(file: BinaryIO, encoding: str) -> bool:
    """Whether all of it is text of this encoding, without control signs, and no markup under a borrowed name."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    first = True
    while True:
        block = file.read(BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError:
            return False
        # In both encodings a byte below 32 is a control sign and never a part of another.
        if len(block.translate(None, CONTROLS)) < len(block) or (
            first and text.lstrip().startswith(("<", "%PDF", "{\\rtf", "#!"))
        ):
            return False
        first = False
        if not block:
            return True


CONTROLS: Final = bytes(sorted(set(range(32)) - set(b"\t\r\n\f")))


def _demand_harmless(file: BinaryIO) -> None:
    """Looks at the directory of the archive alone. Raises UnknownKind, Unsafe."""
    _demand_small_directory(file)
    try:
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
        raise UnknownKind(errors.Fault("/body/file", "not_allowed")) from None
    names = [entry.filename for entry in entries]
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= set(names):
        raise UnknownKind(errors.Fault("/body/file", "not_allowed"))
    faults = [code for code, is_so in HARMS.items() if is_so(entries)]
    if faults:
        raise Unsafe(*(errors.Fault("/body/file", code) for code in faults))


def _demand_small_directory(file: BinaryIO) -> None:
    """The directory's own size and count, as told at the archive's end, before anybody reads it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    end = file.read()
    place = end.rfind(b"PK\x05\x06")
    if place < 0 or len(end) < place + 22:
        raise UnknownKind(errors.Fault("/body/file", "not_allowed"))
    disk, _, here, total, length, _ = struct.unpack("<HHHHII", end[place + 4 : place + 20])
    if disk or here != total or total > MOST_ENTRIES or length > MOST_DIRECTORY:
        raise Unsafe(errors.Fault("/body/file", "sheet.too_much_inside"))


Entries = Sequence[zipfile.ZipInfo]


def _is_too_much(entries: Entries) -> bool:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    return len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(packed, 1)


def _leaves_its_folder(entries: Entries) -> bool:
    parts = [entry.filename.replace("\\", "/").split("/") for entry in entries]
    odd = any(".." in part or part[0] == "" or ":" in part[0] for part in parts)
    # A link (the file type of its Unix mode) would lead out as well.
    return odd or any((entry.external_attr >> 16) & 0o170000 == 0o120000 for entry in entries)


def _holds_code(entries: Entries) -> bool:
    names = [entry.filename.lower() for entry in entries]
    ends = ("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".ps1", ".jar")
    return any(name.endswith(ends) or name.startswith(("xl/macrosheets/", "xl/activex/", "xl/dialogsheets/")) for name in names)


def _points_outside(entries: Entries) -> bool:
    outside = ("xl/externallinks/", "xl/querytables/", "xl/connections.xml", "xl/webextensions/")
    return any(entry.filename.lower().startswith(outside) for entry in entries)


def _holds_files(entries: Entries) -> bool:
    packed = (".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".docm", ".doc", ".7z", ".rar", ".gz", ".ole")
    return any(entry.filename.lower().endswith(packed) or "/embeddings/" in entry.filename.lower() for entry in entries)


def _is_odd(entries: Entries) -> bool:
    """Two entries of one name (readers differ in which they take), a locked one, or an unknown way of packing."""
    names = [entry.filename.lower() for entry in entries]
    ways = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    return len(set(names)) < len(names) or any(entry.flag_bits & 1 or entry.compress_type not in ways for entry in entries)


HARMS: Final[dict[str, Callable[[Entries], bool]]] = {
    "sheet.too_much_inside": _is_too_much,
    "sheet.bent_names": _leaves_its_folder,
    "sheet.macros": _holds_code,
    "sheet.external_links": _points_outside,
    "sheet.embedded_files": _holds_files,
    "sheet.odd_packing": _is_odd,
}
