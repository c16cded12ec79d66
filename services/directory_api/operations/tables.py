"""Handle on the operations in schema `kit`; rows are written by the kit."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Float, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

KIT = MetaData(schema="kit")

operations = Table(
    "operations",
    KIT,
    Column("id", Uuid, primary_key=True),
    Column("service", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("progress", Float, nullable=False),
    Column("result_url", Text),
    Column("problem", JSONB),
    Column("cancel_asked", Boolean, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False),
)
