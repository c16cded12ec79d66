"""Pages to hand out, as PDF: set by a child process from a template, few at a time, never on the event loop."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from services.kit import errors, workbooks

MAKER: Final = Path(__file__).with_name("page_maker.py")
MEDIA_TYPE: Final = "application/pdf"
# Each child takes a processor for a moment and some memory; who comes when so many wait already is told to come again.
AT_ONCE: Final = 2
WAITING: Final = 6
PATIENCE_SECONDS: Final = 7.0
# Seconds after which to come again.
AGAIN: Final = 2


class Printer:
    """The press of a process; one for all that it prints."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._asked = 0

    async def pdf(self, template: Path, pages: Sequence[Mapping[str, Any]]) -> bytes:
        """These pages set with this template. Raises Unavailable when too many wait or it takes too long."""
        if self._asked >= AT_ONCE + WAITING:
            raise errors.Unavailable(retry_after=AGAIN)
        self._asked += 1
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._places:
                return await _set(template, json.dumps(list(pages)).encode())
        except TimeoutError:
            raise errors.Unavailable(retry_after=AGAIN) from None
        finally:
            self._asked -= 1


async def _set(template: Path, facts: bytes) -> bytes:
    async with workbooks.child_of(MAKER, str(template), stdin=PIPE, stdout=PIPE) as child:
        made, _ = await child.communicate(facts)
        if child.returncode != 0:
            raise RuntimeError(f"the page maker failed on {template.name}")
        return made
