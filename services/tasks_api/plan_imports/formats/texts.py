"""The text of a .txt, whatever of the usual encodings it is in."""

from __future__ import annotations

import codecs
from typing import Final

from services.tasks_api.plan_imports import rules

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS: Final = frozenset(map(chr, range(32))) - set("\t\n\r\v\f\x1c\x1d\x1e")


def read(data: bytes) -> str:
    """UTF-8 or UTF-16 by its BOM, else UTF-8, else GB18030.

    Raises rules.Unreadable for another encoding, UnsupportedFormat for bytes that are no text.
    """
    encodings = [name for bom, name in _BOMS if data.startswith(bom)]
    if not encodings and b"\x00" in data:
        raise rules.UnsupportedFormat
    for encoding in encodings or ["utf-8", "gb18030"]:
        text = _decoded(data, encoding)
        if text is not None:
            return _checked(text)
    raise rules.Unreadable


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _checked(text: str) -> str:
    if not _CONTROLS.isdisjoint(text):
        raise rules.UnsupportedFormat
    return text
