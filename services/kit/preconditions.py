"""Optimistic locking over HTTP (RFC 9110): strong ETags from the row's version, If-Match on every change."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Request

from services.kit import errors


def etag_of(version: int) -> str:
    """The strong ETag of a row at this version: `"v7"`."""
    return f'"v{version}"'


def version_in(tag: str) -> int | None:
    """The version a strong ETag of ours names, or None for anything else."""
    inner = tag.strip()
    if len(inner) > 3 and inner.startswith('"v') and inner.endswith('"') and inner[2:-1].isdecimal() and inner.isascii():
        return int(inner[2:-1])
    return None


async def _if_match(
    request: Request,
    if_match: Annotated[
        str | None,
        Header(max_length=200, description="所依据版本的 ETag；缺少则 428，已被他人修改则 412。", examples=['"v7"']),
    ] = None,
) -> int:
    if if_match is None:
        raise errors.PreconditionRequired
    version = version_in(if_match)
    if version is None:
        # A weak or foreign tag never matches a strong comparison.
        raise errors.Stale
    return version


async def _if_match_or_new(
    if_match: Annotated[
        str | None, Header(max_length=200, description="所替换版本的 ETag；尚不存在的不填。", examples=['"v7"'])
    ] = None,
) -> int | None:
    if if_match is None:
        return None
    version = version_in(if_match)
    if version is None:
        raise errors.Stale
    return version


IfMatch = Annotated[int, Depends(_if_match)]
# For PUT that makes or replaces: the action asks for the version when there is something to replace.
IfMatchOrNew = Annotated[int | None, Depends(_if_match_or_new)]


def not_modified(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` names this ETag (weak comparison, as the RFC asks of it)."""
    sent = request.headers.get("if-none-match")
    if sent is None:
        return False
    return any(part.strip().removeprefix("W/") in {tag, "*"} for part in sent.split(","))


def expect(found: int, wanted: int) -> None:
    """Raises Stale when the row has moved on."""
    if found != wanted:
        raise errors.Stale
