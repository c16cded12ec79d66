"""Papers into files, off the event loop: each by a child process that is bounded, knows no secret and loads nothing of ours."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from services.kit import errors
from services.kit.documents import papers

Form = Literal["pdf", "docx"]
PDF_TYPE: Final = "application/pdf"
DOCX_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA_TYPES: Final[Mapping[Form, str]] = {"pdf": PDF_TYPE, "docx": DOCX_TYPE}
FOLDER: Final = Path(__file__).parent
GOVERNMENT: Final = FOLDER / "government.typ"
CHARTS: Final = FOLDER / "charts.typ"
TYPESETTER: Final = FOLDER / "typesetter.py"
WRITER: Final = FOLDER / "word_writer.py"
PATIENCE_SECONDS: Final = 60.0
MOST_AT_ONCE: Final = 2
CHART_PPI: Final = 220.0
# Nothing of our environment reaches a child; threads and their heaps are few, so that its bound on memory fits any machine.
ENVIRONMENT: Final = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONUTF8": "1",
    "RAYON_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
TURNS: Final = asyncio.Semaphore(MOST_AT_ONCE)


class TooSlow(errors.Unavailable):
    code = "documents.too_slow"
    zh, en = "文件生成超时，请稍后重试。", "The document took too long to make; try again later."


async def render(paper: papers.Paper, form: Form, at: datetime) -> bytes:
    """The paper as a file; `at` is the time written into it, so that the same paper at the same time is the same bytes.

    Raises TooSlow.
    """
    data = papers.plain(paper)
    if form == "pdf":
        return (await typeset(GOVERNMENT, data, "pdf", at))[0]
    drawings = [block["svg"] for block in data["blocks"] if block["kind"] == "figure"]
    pictures = await typeset(CHARTS, {"drawings": drawings}, "png", at, CHART_PPI) if drawings else []
    shown = [base64.b64encode(picture).decode() for picture in pictures]
    (made,) = await _asked(WRITER, {"paper": data, "pictures": shown, "at": at.isoformat()})
    return made


async def typeset(
    template: Path,
    data: Mapping[str, Any],
    form: Literal["pdf", "png"],
    at: datetime,
    ppi: float = 96,
    codes: Sequence[str] = (),
) -> Sequence[bytes]:
    """What a typst template of ours makes of the data (`json(bytes(sys.inputs.data))`): one PDF, or a picture of each page.

    Texts of `codes` reach it as QR codes, drawings in the data's `codes`.
    """
    request = {"template": str(template), "data": dict(data), "form": form, "at": int(at.timestamp()), "ppi": ppi}
    request["codes"] = list(codes)
    return await _asked(TYPESETTER, request)


async def _asked(script: Path, request: Mapping[str, Any]) -> Sequence[bytes]:
    body = await asyncio.to_thread(lambda: json.dumps(request, ensure_ascii=False).encode())
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), TURNS:
            answer = await _told(script, body)
    except TimeoutError:
        raise TooSlow from None
    return await asyncio.to_thread(lambda: [base64.b64decode(each) for each in json.loads(answer)])


async def _told(script: Path, body: bytes) -> bytes:
    """What a child says to this; it is gone when we leave, whatever happened."""
    command = [sys.executable, "-I", str(script)]
    child = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=ENVIRONMENT)
    try:
        answer, _ = await child.communicate(body)
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    if child.returncode != 0:
        raise RuntimeError(f"{script.stem} failed with {child.returncode}")
    return answer
