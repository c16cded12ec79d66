"""Field types of requests and answers: strict where Pydantic is lax, documented for client generators."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.kit import clock, identity

UUID_PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
DAY_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


class _Shown(BaseModel):
    """An example is of one model: those made from it have other fields and do not inherit it."""

    @classmethod
    def __pydantic_init_subclass__(cls, **settings: Any) -> None:
        super().__pydantic_init_subclass__(**settings)
        shown = cls.model_config.get("json_schema_extra")
        if shown and any(getattr(parent, "model_config", {}).get("json_schema_extra") is shown for parent in cls.__bases__):
            cls.model_config = ConfigDict(**{**cls.model_config, "json_schema_extra": None})


class In(_Shown):
    """A body the caller sends: unknown fields are refused."""

    # A complaint about a value tells nothing of it, in logs either.
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False, hide_input_in_errors=True)


class Out(_Shown):
    """An answer. Most are made by the database as JSON; the model documents them and tests parse them with it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def example(shown: dict[str, Any]) -> ConfigDict:
    """The settings of a model with an example of the whole for its readers; tests hold it to the model."""
    return ConfigDict(json_schema_extra={"examples": [shown]})


Item = TypeVar("Item")


class Page(Out, Generic[Item]):
    """A page of a list; `next_cursor` is null on the last one, `count` stands there only when asked for."""

    items: list[Item] = Field(max_length=200)
    next_cursor: str | None = Field(max_length=2000, pattern="^[A-Za-z0-9_-]+$")
    count: int | None = Field(default=None, ge=0, le=2_147_483_647, json_schema_extra={"format": "int32"})


def _wrong_format() -> PydanticCustomError:
    return PydanticCustomError("wrong_format", "wrong format")


def _day(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and len(value) == 10 and value.isascii():
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _wrong_format()


def _moment(value: Any) -> Any:
    parsed = value
    if isinstance(value, str) and 20 <= len(value) <= 35 and value.isascii():
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError:
            raise _wrong_format() from None
    if isinstance(parsed, datetime) and parsed.tzinfo is not None:
        return parsed
    raise _wrong_format()


def _id(value: Any) -> Any:
    if isinstance(value, UUID):
        return value
    if isinstance(value, str) and len(value) == 36:
        try:
            return UUID(value)
        except ValueError:
            pass
    raise _wrong_format()


def _printable(value: str) -> str:
    if any(sign < " " and sign not in "\n\t" for sign in value) or not value.strip():
        raise _wrong_format()
    return value.strip()


def _one_line(value: str) -> str:
    if "\n" in value or "\t" in value:
        raise _wrong_format()
    return _printable(value)


def _impersonal(value: str) -> str:
    """Free text is kept in clear, shown, searched, exported and audited: an identity number has no place in it."""
    if identity.stands_in(value, clock.local_day(clock.now())):
        raise PydanticCustomError("identity_misplaced", "holds an identity number")
    return value


def _hidden(value: str) -> str:
    """Words of people whom nobody can ask to leave out their number: it is hidden before anything is kept."""
    return identity.hidden(value, clock.local_day(clock.now()))


def _hundredths(value: Any) -> Any:
    """Class hours as sent (a JSON number with at most two decimals) into whole hundredths."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("wrong_type", "wrong type")
    # repr of a float is its shortest decimal form, so no binary fraction enters the sum.
    scaled = Decimal(repr(value)) * 100
    if scaled != scaled.to_integral_value():
        raise _wrong_format()
    return int(scaled)


def _points(value: Any) -> Any:
    """Points of a rubric as sent (a JSON number from 0 to 10,000 with at most two decimals) into whole hundredths."""
    scaled = _hundredths(value)
    if scaled < 0:
        raise PydanticCustomError("greater_than_equal", "too small", {"ge": 0})
    if scaled > 1_000_000:
        raise PydanticCustomError("less_than_equal", "too great", {"le": 10_000})
    return scaled


def points_shown(hundredths: int) -> int | float:
    """Hundredths as the number of the contract: 3 for 300, 2.5 for 250."""
    whole, rest = divmod(hundredths, 100)
    return hundredths / 100 if rest else whole


Id = Annotated[
    UUID, BeforeValidator(_id), WithJsonSchema({"type": "string", "format": "uuid", "maxLength": 36, "pattern": UUID_PATTERN})
]
Day = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "maxLength": 10, "pattern": DAY_PATTERN})
]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "maxLength": 35, "pattern": "^[0-9T:.Z+-]+$"}),
]
Flag = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True, ge=0, le=2_147_483_647, json_schema_extra={"format": "int32"})]
Year = Annotated[int, Field(strict=True, ge=2000, le=2100, json_schema_extra={"format": "int32"})]
QueryYear = Annotated[int, Field(ge=2000, le=2100, json_schema_extra={"format": "int32"})]
Fen = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000_000, json_schema_extra={"format": "int64"})]
_AnyLine = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$"), AfterValidator(_one_line)]
_AnyProse = Annotated[str, Field(min_length=1, max_length=10_000, pattern=r"^[^\x00]+$"), AfterValidator(_printable)]
# Free text: refused with an identity number in it.
IMPERSONAL = AfterValidator(_impersonal)
Line = Annotated[_AnyLine, IMPERSONAL]
Prose = Annotated[_AnyProse, IMPERSONAL]
# What others said, taken in as it comes: identity numbers in it are hidden.
HeardLine = Annotated[_AnyLine, AfterValidator(_hidden)]
HeardProse = Annotated[_AnyProse, AfterValidator(_hidden)]
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]*$")]
# Class hours (学时): outside a number with at most two decimals, inside whole hundredths.
Hours = Annotated[
    int,
    BeforeValidator(_hundredths),
    PlainSerializer(lambda value: value / 100, return_type=float),
    WithJsonSchema(
        {"type": "number", "minimum": 0, "maximum": 10_000, "multipleOf": 0.01, "format": "double", "examples": [1.5]}
    ),
]
# Class hours of a ledger row, negative where it undoes another.
SignedHours = Annotated[
    int,
    BeforeValidator(_hundredths),
    PlainSerializer(lambda value: value / 100, return_type=float),
    WithJsonSchema(
        {"type": "number", "minimum": -10_000, "maximum": 10_000, "multipleOf": 0.01, "format": "double", "examples": [-1.5]}
    ),
]
# Points (分) of a rubric: outside a number with at most two decimals, inside whole hundredths.
Points = Annotated[
    int,
    BeforeValidator(_points),
    PlainSerializer(points_shown, return_type=int | float),
    WithJsonSchema(
        {"type": "number", "minimum": 0, "maximum": 10_000, "multipleOf": 0.01, "format": "double", "examples": [2.5]}
    ),
]
Hash = Annotated[str, Field(min_length=64, max_length=64, pattern="^[0-9a-f]{64}$")]
Signature = Annotated[
    str, Field(max_length=4096, pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$", description="JWS（ES256）。")
]
KeyWord = Annotated[str, Field(max_length=64, pattern="^[A-Za-z0-9_-]+$")]


class KeyOut(Out):
    """A public key."""

    crv: KeyWord
    kty: KeyWord
    x: KeyWord
    y: KeyWord
    alg: KeyWord
    use: KeyWord
    kid: KeyWord


class KeysOut(Out):
    """The published set."""

    keys: list[KeyOut] = Field(max_length=100)
