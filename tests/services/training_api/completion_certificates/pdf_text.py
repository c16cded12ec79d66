"""Reads the text of a PDF as a reader of it would: glyphs through the fonts' own tables back to signs."""

from __future__ import annotations

import re
import zlib

PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
SHOWN = re.compile(rb"/(\w+)\s+[\d.]+\s+Tf|<([0-9A-Fa-f]+)>|\(((?:\\.|[^\\()]|\([^()]*\))*)\)", re.DOTALL)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(document: bytes) -> str:
    """All text, in the order it is drawn."""
    objects = {int(found[1]): found[2] for found in re.finditer(rb"(\d+) 0 obj(.*?)endobj", document, re.DOTALL)}
    fonts = {}
    for body in objects.values():
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", body):
            fonts[name] = _table(objects, int(number))
    drawn = [content for body in objects.values() if (content := _stream(body)) is not None and b" Tf" in content]
    return "".join(_shown(content, fonts) for content in drawn)


def _stream(body: bytes) -> bytes | None:
    found = re.search(rb"stream\r?\n(.*)\r?\nendstream", body, re.DOTALL)
    if found is None:
        return None
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _table(objects: dict[int, bytes], number: int) -> dict[int, str]:
    found = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
    cmap = (_stream(objects[int(found[1])]) if found else None) or b""
    table: dict[int, str] = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        table |= {int(glyph, 16): bytes.fromhex(signs.decode()).decode("utf-16-be") for glyph, signs in PAIR.findall(part)}
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, sign in RANGE.findall(part):
            table |= {int(first, 16) + step: chr(int(sign, 16) + step) for step in range(int(last, 16) - int(first, 16) + 1)}
    return table


def _shown(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    table: dict[int, str] = {}
    signs = []
    for font, digits, raw in SHOWN.findall(content):
        if font:
            table = fonts.get(font, {})
            continue
        code = bytes.fromhex(digits.decode()) if digits else _plain(raw)
        signs += [table.get(int.from_bytes(code[place : place + 2], "big"), "") for place in range(0, len(code), 2)]
    return "".join(signs)


def _plain(raw: bytes) -> bytes:
    octal = re.sub(rb"\\([0-7]{1,3})", lambda found: bytes([int(found[1], 8)]), raw)
    return re.sub(rb"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), octal, flags=re.DOTALL)
