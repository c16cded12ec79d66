"""Reads of attachments."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, and_, any_, case, exists, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from services.directory_api.attachments.tables import Attachment, links
from services.kit import answers, errors, pagination, reads, visibility
from services.kit.db import Reader
from services.kit.principal import Principal, Role

# Copies made for people who are not to know whose they are hang on objects of this name.
MASKED = "masked_case_file"


def is_masked(who: Principal) -> ColumnElement[bool]:
    """Whether the caller reaches the file as one of those copies; whoever uploaded it knows it anyhow."""
    reached = visibility.assigned(who, links.c.object_type, links.c.object_id)
    copy = exists().where(links.c.attachment_id == Attachment.id, links.c.object_type == MASKED, reached)
    return and_(copy, Attachment.uploaded_by != visibility.me(who))


def file_name(who: Principal) -> SQLColumnExpression[str]:
    """The name under which the caller gets the file; that of such a copy keeps its ending alone."""
    if Role.REVIEWER not in who.roles:
        return Attachment.file_name
    ending = func.coalesce(func.substring(Attachment.file_name, r"\.[A-Za-z0-9]{1,8}$"), "")
    return case((is_masked(who), literal("copy", Text) + ending), else_=Attachment.file_name)


def body(who: Principal) -> ColumnElement[Any]:
    """The file's description as the caller reads it."""
    shown = ~is_masked(who) if Role.REVIEWER in who.roles else true()
    return answers.json_object(
        {
            "id": Attachment.id,
            "unit_id": case((shown, Attachment.unit_id)),
            "uploaded_by": case((shown, Attachment.uploaded_by)),
            "file_name": file_name(who),
            "media_type": Attachment.media_type,
            "size": Attachment.size,
            "sha256": Attachment.sha256,
            "created_at": answers.moment(Attachment.created_at),
            "version": Attachment.version,
        }
    )


@dataclass(frozen=True, slots=True)
class Content:
    """What a download needs to know."""

    file_name: str
    media_type: str
    size: int
    sha256: str


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of files: whoever uploaded it; the uploader's unit until it proves something; then whoever may
    read what it proves."""
    linked = exists().where(links.c.attachment_id == Attachment.id)
    reached = visibility.audience_covers(
        who,
        audience=links.c.audience,
        district=links.c.district_id,
        unit=links.c.unit_id,
        accounts=links.c.account_ids,
        assigned=visibility.assigned(who, links.c.object_type, links.c.object_id),
    )
    parts = [Attachment.uploaded_by == visibility.me(who), linked.where(reached)]
    if who.unit_id is not None:
        parts.append((Attachment.unit_id == visibility.my_unit(who)) & ~linked)
    return or_(*parts)


ATTACHMENTS = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-created_at": pagination.Order((Attachment.created_at, Attachment.id))},
    filters={"sha256": reads.equals(Attachment.sha256), "uploaded_by": reads.equals(Attachment.uploaded_by)},
)
ATTACHMENT = reads.Single(body=body, version=Attachment.version, key=Attachment.id, visible_to=visible_to)


async def content(read: Reader, who: Principal, attachment_id: UUID) -> Content:
    """Where the content lies and how to send it; NotFound also when the caller may not have it."""
    columns = (file_name(who), Attachment.media_type, Attachment.size, Attachment.sha256)
    row: Any = (await read.execute(select(*columns).where(Attachment.id == attachment_id, visible_to(who)))).one_or_none()
    if row is None:
        raise errors.NotFound
    return Content(row[0], row[1], row[2], row[3])


async def known(read: Reader, digests: Collection[str]) -> set[str]:
    """Those of the digests that some row names."""
    return set(
        (
            await read.execute(select(Attachment.sha256).where(Attachment.sha256 == any_(literal(list(digests), ARRAY(Text)))))
        ).scalars()
    )
