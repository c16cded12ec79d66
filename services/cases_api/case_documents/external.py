"""The door of documents to uploaded files: whether one is the caller's, and what it proves."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, MetaData, Table, Text, Uuid, exists, insert, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.kit import outbox, references
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.rights import Right

LINKS = Table(
    "attachment_links",
    MetaData(),
    Column("attachment_id", Uuid),
    Column("object_type", Text),
    Column("object_id", Uuid),
    Column("district_id", Uuid),
    Column("unit_id", Uuid),
    Column("account_ids", ARRAY(Uuid)),
    Column("audience", JSONB),
    schema="kit",
)


async def is_own_upload(session: Session, who: Principal, attachment_id: UUID) -> bool:
    """Whether the caller or somebody of the caller's unit uploaded this file."""
    files = references.attachments.c
    own = or_(files.uploaded_by == who.account_id, files.unit_id == who.unit_id)
    return bool((await session.execute(select(exists().where(files.id == attachment_id, own)))).scalar_one())


async def link(
    session: Session, attachment_id: UUID, right: Right, object_type: str, object_id: UUID, district_id: UUID, unit_id: UUID
) -> None:
    """Lets all who may read the object download the file."""
    row = {
        "attachment_id": attachment_id,
        "object_type": object_type,
        "object_id": object_id,
        "district_id": district_id,
        "unit_id": unit_id,
        "account_ids": [],
        "audience": outbox.audience_of(right),
    }
    await session.execute(insert(LINKS).values(row))
