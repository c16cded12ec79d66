"""Reading request bodies: bounded, strict, and hashed for Idempotency-Key, before any handler sees them."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile

from services.kit import errors, strict_json

FORM_TYPES = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})
JSON_TYPES = frozenset({"application/json", "application/merge-patch+json"})


class StrictRequest(Request):
    """A request whose JSON was read by the strict reader; what FastAPI asks for comes from there."""

    parsed: dict[str, Any] | None = None

    async def json(self) -> Any:
        """The object read beforehand."""
        return self.parsed


async def admit_json(request: StrictRequest, most: int, *, expected: bool, demanded: bool = True) -> bytes:
    """Reads the body as strict JSON. Without an expected body it must be empty or `{}`; one not demanded may be missing."""
    data = await _bounded(request, most)
    if not (expected and demanded) and not data.strip():
        return b""
    if data.strip() and _media_type(request) not in JSON_TYPES:
        raise errors.UnsupportedMediaType
    request.parsed = strict_json.read(data)
    if not expected and request.parsed:
        raise errors.BadInput(*(errors.Fault(f"/body/{name}", "unknown_field") for name in sorted(request.parsed)[:20]))
    return data


async def admit_form(request: StrictRequest, most: int, known: frozenset[str] | None = None) -> bytes:
    """Reads a form, multipart or urlencoded; the answer is a digest of its fields and files, whatever the boundary.

    `known` are the names the form may have, where no model refuses the others.
    """
    if _media_type(request) not in FORM_TYPES or _charset(request) not in {"", "utf-8"}:
        raise errors.UnsupportedMediaType
    _check_length(request, most)
    try:
        form = await request.form(max_files=5, max_fields=50, max_part_size=100_000)
    except errors.DomainError:
        raise
    except Exception as error:
        raise errors.BadInput(errors.Fault("/body", "invalid")) from error
    faults = [
        errors.Fault(f"/body/{name[:100]}", code)
        for name, count in Counter(name for name, _ in form.multi_items()).items()
        for code in _name_faults(name, count, known)
    ]
    if faults:
        raise errors.BadInput(*faults)
    return await _digest(form, most)


def _name_faults(name: str, count: int, known: frozenset[str] | None) -> list[str]:
    if known is not None and name not in known:
        return ["unknown_field"]
    return ["repeated"] if count > 1 else []


async def _digest(form: FormData, most: int) -> bytes:
    digest = hashlib.sha256()
    for name, value in sorted(form.multi_items(), key=lambda pair: pair[0]):
        digest.update(name.encode() + b"\0")
        if isinstance(value, UploadFile):
            digest.update((value.filename or "").encode("utf-8", "surrogatepass") + b"\0")
            digest.update(await _file_digest(value, most))
        else:
            digest.update(value.encode("utf-8", "surrogatepass"))
    return digest.digest()


async def _file_digest(upload: UploadFile, most: int) -> bytes:
    digest = hashlib.sha256()
    size = 0
    while chunk := await upload.read(1 << 20):
        size += len(chunk)
        if size > most:
            raise errors.TooLarge
        digest.update(chunk)
    await upload.seek(0)
    return digest.digest()


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


def _charset(request: Request) -> str:
    """The charset the form claims, read by the parser that would decode by it: some of Python's codecs are slow on purpose."""
    _, options = parse_options_header(request.headers.get("content-type"))
    return options.get(b"charset", b"").decode("latin-1").lower()


def _check_length(request: Request, most: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise errors.TooLarge


async def _bounded(request: StrictRequest, most: int) -> bytes:
    _check_length(request, most)
    size = 0
    chunks: list[bytes] = []
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise errors.TooLarge
        chunks.append(chunk)
    data = b"".join(chunks)
    # FastAPI asks for the body again; the stream is spent.
    request._body = data
    return data
