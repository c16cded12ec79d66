"""Handles on outbox and feed in schema `kit`; rows are written by the kit alone."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

KIT = MetaData(schema="kit")

outbox = Table(
    "outbox",
    KIT,
    Column("id", Uuid, primary_key=True),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("service", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("object_type", Text, nullable=False),
    Column("object_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("district_id", Uuid),
    Column("unit_id", Uuid),
    Column("account_ids", ARRAY(Uuid), nullable=False),
    Column("audience", JSONB, nullable=False),
    Column("data", JSONB, nullable=False),
)
feed = Table(
    "feed",
    KIT,
    Column("sequence", BigInteger, primary_key=True),
    Column("message_id", Uuid, nullable=False),
)
