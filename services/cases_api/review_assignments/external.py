"""The door of assignments to arbitrations, which stand on assignments and so are reached by name."""

from __future__ import annotations

from sqlalchemy import Text, Uuid, column, table

ARBITRATIONS = table(
    "arbitrations",
    column("id", Uuid),
    column("round_id", Uuid),
    column("case_file_id", Uuid),
    column("account_id", Uuid),
    column("state", Text),
    schema="cases",
)
