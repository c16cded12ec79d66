"""The doors of conflict checks to others' data: where officers served, as the training service publishes it."""

from __future__ import annotations

from sqlalchemy import Date, Uuid, column, table

OFFICER_UNITS = table(
    "officer_units",
    column("officer_id", Uuid),
    column("district_id", Uuid),
    column("unit_id", Uuid),
    column("from_on", Date),
    column("to_on", Date),
    schema="published",
)
