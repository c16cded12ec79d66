"""A JSON reader that refuses what lenient readers let pass: duplicate names, NaN, NUL, lone surrogates, deep nesting."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from services.kit import errors

MAX_DEPTH = 64
MAX_NUMBER = 40


class BadJson(errors.BadInput):
    code = "invalid_json"
    zh, en = "请求体不是合法的 JSON。", "The body is not valid JSON."


def read(data: bytes) -> dict[str, Any]:
    """The object these bytes hold; raises `BadJson` naming the fault, never echoing the input."""
    if not data.strip():
        _refuse("json.empty")
    text = _decoded(data)
    if _depth(text) > MAX_DEPTH:
        _refuse("json.too_deep")
    value = _parsed(text)
    if not isinstance(value, dict):
        _refuse("json.not_an_object")
    _check_texts(value)
    return value


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("json.bad_text")


def _depth(text: str) -> int:
    """Greatest nesting, counted without recursion before the parser sees the text."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return 0
    depth = deepest = 0
    quoted = escaped = False
    for sign in text:
        if quoted:
            quoted = escaped or sign != '"'
            escaped = sign == "\\" and not escaped
        elif sign == '"':
            quoted = True
        elif sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=lambda _: _refuse("json.not_a_number"),
            parse_int=_integer,
            parse_float=_fraction,
        )
    except (ValueError, RecursionError):
        _refuse("json.syntax")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        _refuse("json.duplicate_name")
    return result


def _integer(text: str) -> int:
    if len(text) > MAX_NUMBER:
        _refuse("json.number_too_long")
    return int(text)


def _fraction(text: str) -> float:
    if len(text) > MAX_NUMBER:
        _refuse("json.number_too_long")
    value = float(text)
    if value in (float("inf"), float("-inf")):
        _refuse("json.not_a_number")
    return value


def _check_texts(value: Any) -> None:
    stack: list[Any] = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, dict):
            stack.extend(_items(item))
        elif isinstance(item, list):
            stack.extend(item)


def _items(value: dict[str, Any]) -> Iterable[Any]:
    yield from value.keys()
    yield from value.values()


def _check_text(text: str) -> None:
    # PostgreSQL stores neither NUL nor lone surrogates.
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text if sign > "\ud7ff"):
        _refuse("json.bad_text")


def _refuse(code: str) -> NoReturn:
    raise BadJson(errors.Fault("/body", code))
