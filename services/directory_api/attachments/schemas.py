"""Answers of attachments."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery

FileName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^/\\\x00-\x1f]+$", examples=["执法培训签到表.pdf"])]
MediaType = Annotated[str, Field(max_length=100, pattern="^[a-z]+/[a-z0-9.+-]+$", examples=["application/pdf"])]


class AttachmentOut(fields.Out):
    """A file's description; the content lies at `/v1/attachments/{id}/content`."""

    id: fields.Id
    unit_id: fields.Id | None = None
    uploaded_by: fields.Id | None = None
    file_name: FileName
    media_type: MediaType
    size: fields.Whole
    sha256: fields.Hash
    created_at: fields.Moment
    version: fields.Whole


class AttachmentPage(fields.Page[AttachmentOut]):
    """A page of files."""


class AttachmentFilter(PageQuery):
    """Named filters of the list."""

    sha256: fields.Hash | None = None
    uploaded_by: fields.Id | None = None
    sort: Literal["-created_at"] = "-created_at"
