"""Words of a fact that has a fixed set of them: the code that programs exchange, and the Chinese word that sheets show."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Word(StrEnum):
    """A code with its Chinese word: `REGULAR = "regular", "定期会商"`. The value is the code."""

    _value_: str
    zh: str

    def __new__(cls, code: str, zh: str) -> Word:
        made = str.__new__(cls, code)
        made._value_, made.zh = code, zh
        return made

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> Any:
        """The words stand in the document beside their codes."""
        schema = handler(core)
        handler.resolve_ref_schema(schema)["x-enum-descriptions"] = [word.zh for word in cls]
        return schema
