"""Workbooks (.xlsx) and CSV files, in and out, as rows of text. Bytes are looked at here, but unpacked in a child process only.

What comes in passes these gates in this order: its size (`bodies`), its kind by content, the directory of the zip archive
read before anything is unpacked, and then a child process with bounds of its own (`sheet_reader`), whose rows are counted
while they stream. What goes out is written by a child as well (`sheet_writer`), so that no answer of others waits for it.
"""

from __future__ import annotations

import asyncio
import codecs
import json
import struct
import sys
import zipfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from services.kit import errors

MOST_ENTRIES: Final = 200
MOST_UNPACKED: Final = 50_000_000
MOST_RATIO: Final = 100
MOST_DIRECTORY: Final = 256_000
MOST_FRAME: Final = 64_000_000
# Seconds spent waiting for the child, not those it waits for us.
PATIENCE_SECONDS: Final = 90.0
BLOCK: Final = 1 << 20
READER: Final = Path(__file__).with_name("sheet_reader.py")
WRITER: Final = Path(__file__).with_name("sheet_writer.py")
# Nothing of our environment (addresses, names of secret files) reaches a child.
ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE: Final = "text/csv; charset=utf-8"
MEDIA_TYPES: Final = {"xlsx": XLSX_TYPE, "csv": CSV_TYPE}

# The number of a row in its sheet, and its cells; cells at the end that hold nothing are left out.
Row = list[Any]


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


async def rows(
    source: BinaryIO | AsyncIterator[bytes], kind: Kind, most: int, patience: float = PATIENCE_SECONDS
) -> AsyncGenerator[list[Row], None]:
    """Rows that hold anything, many at a time, read by a child process from an open file (which needs a descriptor), or from
    the pieces of a text, of which no more is held than is under way.

    Raises Unreadable: for what the child says, or because it died of the file, or took too long; and what the pieces raise.
    """
    pieces = source if isinstance(source, AsyncIterator) else None
    if not isinstance(source, AsyncIterator):
        source.seek(0)
    stdin = PIPE if pieces is not None else source
    async with _child(READER, kind.told, str(most), stdin=stdin, stdout=PIPE) as child, _fed(child, pieces):
        assert child.stdout is not None
        while isinstance(found := await _frame(child, child.stdout, patience), tuple):
            batch, patience = found
            yield batch
        if (code := found.get("fault")) is not None:
            raise Unreadable(errors.Fault("/body/file", code, {"limit": most}))


@asynccontextmanager
async def _fed(child: Process, pieces: AsyncIterator[bytes] | None) -> AsyncIterator[None]:
    """A child that is given these pieces while the context is open. When they fail it ends at once, and their error is raised:
    a file that ends before its end must not be taken for a whole one."""
    if pieces is None:
        yield
        return
    feeding = asyncio.create_task(_give(child, pieces))
    try:
        yield
    except Unreadable:
        if feeding.done() and (error := feeding.exception()) is not None:
            raise error from None
        raise
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)


async def _give(child: Process, pieces: AsyncIterator[bytes]) -> None:
    assert child.stdin is not None
    try:
        await _feed(child.stdin, pieces)
    except ConnectionError:
        # It wants no more: what it found is said already.
        return
    except Exception:
        with suppress(ProcessLookupError):
            child.kill()
        raise


async def _frame(child: Process, out: asyncio.StreamReader, patience: float) -> tuple[list[Row], float] | dict[str, Any]:
    """The next rows and the patience left, or what the child says at the end."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        async with asyncio.timeout(max(patience, 0)):
            (length,) = struct.unpack(">I", await out.readexactly(4))
            if length > MOST_FRAME:
                raise Unreadable(errors.Fault("/body/file", "sheet.unreadable"))
            body = await out.readexactly(length)
    except TimeoutError:
        raise Unreadable(errors.Fault("/body/file", "sheet.too_slow")) from None
    except asyncio.IncompleteReadError:
        # It died: of its bounds on memory or time, most likely.
        await child.wait()
        raise Unreadable(errors.Fault("/body/file", "sheet.too_much_inside")) from None
    found = await asyncio.to_thread(json.loads, body)
    return found if isinstance(found, dict) else (found, patience - (loop.time() - began))


@asynccontextmanager
async def _child(script: Path, *arguments: str, stdin: Any, stdout: Any) -> AsyncIterator[Process]:
    """A child that is gone when the context is left, whatever happened."""
    command = [sys.executable, "-I", str(script), *arguments]
    options: Any = {"stdin": stdin, "stdout": stdout, "stderr": DEVNULL, "env": ENVIRONMENT, "limit": BLOCK}
    child = await asyncio.create_subprocess_exec(*command, **options)
    try:
        yield child
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def written(lines: AsyncIterator[bytes], form: str, sheet_name: str) -> AsyncGenerator[bytes, None]:
    """A file of these rows (lines of JSON arrays), as a child process writes it: `xlsx`, or `csv`."""
    async with _child(WRITER, form, sheet_name, stdin=PIPE, stdout=PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        feeding = asyncio.create_task(_feed(child.stdin, lines))
        try:
            while block := await child.stdout.read(1 << 16):
                yield block
            await feeding
            if await child.wait() != 0:
                raise RuntimeError("the writer of a sheet failed")
        finally:
            feeding.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await feeding


async def _feed(pipe: asyncio.StreamWriter, lines: AsyncIterator[bytes]) -> None:
    async for line in lines:
        pipe.write(line)
        await pipe.drain()
    pipe.close()
