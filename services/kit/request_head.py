"""Checks of a request's head before any application sees it. Pure.

llhttp, the parser below, already refuses what its grammar forbids (bare LF, folded lines, NUL, space before the
colon, two or bent lengths, a length beside a transfer coding). Here stands what it lets pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.kit import errors

Headers = Sequence[tuple[bytes, bytes]]

MAX_HEAD_BYTES = 32_768
MAX_HEAD_LINES = 100
# CR LF and the colon with its space, counted per header line.
LINE_FRAME = 4


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a request as parsed: names in lower case, the target as sent."""

    version: str
    target: bytes
    headers: Headers


def why_not_accept(head: Head, hosts: frozenset[str], max_body_bytes: int) -> errors.DomainError | None:
    """The first reason to refuse a head, or None: size 431, framing and host 400, length 413, coding 415."""
    return (
        why_too_large(head)
        or why_malformed(head)
        or why_not_host(head.headers, hosts)
        or why_not_body(head.headers, max_body_bytes)
    )


def why_too_large(head: Head) -> errors.DomainError | None:
    """431 above 32 kB or 100 header lines."""
    size = len(head.target) + sum(len(name) + len(value) + LINE_FRAME for name, value in head.headers)
    if size > MAX_HEAD_BYTES or len(head.headers) > MAX_HEAD_LINES:
        return errors.HeaderTooLarge()
    return None


def why_malformed(head: Head) -> errors.DomainError | None:
    """400 for another version than 1.0 and 1.1, a target that is not a path, and any coding but `chunked` alone."""
    codings = values_of(head.headers, b"transfer-encoding")
    lengths = values_of(head.headers, b"content-length")
    sound = (
        head.version in {"1.0", "1.1"}
        and head.target.startswith(b"/")
        and [coding.lower() for coding in codings] in ([], [b"chunked"])
        and (not codings or (head.version == "1.1" and not lengths))
        and (not lengths or (len(lengths) == 1 and lengths[0].isdigit()))
    )
    return None if sound else errors.MalformedRequest()


def why_not_host(headers: Headers, hosts: frozenset[str]) -> errors.DomainError | None:
    """400 unless exactly one Host is given and its name, the port aside, is one of ours."""
    given = values_of(headers, b"host")
    if len(given) != 1:
        return errors.MalformedRequest()
    return None if host_name(given[0]) in hosts else errors.UnknownHost()


def why_not_body(headers: Headers, max_body_bytes: int) -> errors.DomainError | None:
    """415 for a compressed body, 413 for a length above the limit; both before a byte of it is read."""
    if any(coding.lower() != b"identity" for coding in values_of(headers, b"content-encoding")):
        return errors.UnsupportedMediaType()
    if any(exceeds(length, max_body_bytes) for length in values_of(headers, b"content-length")):
        return errors.TooLarge()
    return None


def announces_body(headers: Headers) -> bool:
    """Whether the head says that a body of at least one byte, or of unknown length, follows."""
    lengths = values_of(headers, b"content-length")
    return bool(values_of(headers, b"transfer-encoding")) or any(length.strip(b"0") for length in lengths)


def values_of(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> list[bytes]:
    """All values of one header, outer blanks removed."""
    return [value.strip() for name, value in headers if name == wanted]


def host_name(value: bytes) -> str:
    """Name of a Host value in lower case, without port and brackets; empty when it is none."""
    name, colon, port = value.decode("latin-1").lower().rpartition(":")
    if not colon:
        return port
    if not port.isdecimal() or not port.isascii():
        return ""
    return name.removeprefix("[").removesuffix("]")


def exceeds(length: bytes, limit: int) -> bool:
    """Whether a decimal length is above the limit, without converting a number of any size."""
    digits = length.lstrip(b"0")
    return len(digits) > len(str(limit)) or int(digits or b"0") > limit
