"""The door of rounds to what was written in their reviews, which stand on rounds and so are reached by name."""

from __future__ import annotations

from sqlalchemy import Integer, Text, Uuid, column, table
from sqlalchemy.dialects.postgresql import JSONB

REVIEWS = table(
    "reviews",
    column("id", Uuid),
    column("content", JSONB),
    column("grade", Text),
    column("total_hundredths", Integer),
    schema="cases",
)
