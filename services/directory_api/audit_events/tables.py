"""Handles on the trail in schema `kit`; rows are written by the kit alone."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

KIT = MetaData(schema="kit")

audit_events = Table(
    "audit_events",
    KIT,
    Column("id", Uuid, primary_key=True),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("service", Text, nullable=False),
    Column("actor_id", Uuid),
    Column("actor_name", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object_type", Text, nullable=False),
    Column("object_id", Uuid),
    Column("district_id", Uuid),
    Column("unit_id", Uuid),
    Column("result", Text, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
    Column("reason", Text),
    Column("trace_id", Text, nullable=False),
    Column("address", Text),
)
audit_seals = Table(
    "audit_seals",
    KIT,
    Column("sequence", BigInteger, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("chain_hash", LargeBinary, nullable=False),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
)
