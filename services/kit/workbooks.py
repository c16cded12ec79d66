"""Workbooks (.xlsx) and CSV files, in and out, as rows of text. Bytes are looked at here, but unpacked in a child process only.

What comes in passes these gates in this order: its size (`bodies`), its kind by content, the directory of the zip archive
read before anything is unpacked (`sheet_gates`), and then a child process with bounds of its own (`sheet_reader`), whose rows are
counted while they stream. What goes out is written by a child as well (`sheet_writer`), so that no answer of others waits for it.
"""

from __future__ import annotations

import asyncio
import json
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from services.kit import errors
from services.kit.sheet_gates import Kind, Unreadable

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
