"""Grants of powers and the cases that fall under them, as the database joins them from records and files."""

from __future__ import annotations

from sqlalchemy import Date, Uuid, column, table

GRANTED_ITEMS = table(
    "granted_items",
    column("id", Uuid),
    column("district_id", Uuid),
    column("unit_id", Uuid),
    column("department_id", Uuid),
    column("granted_on", Date),
    column("ends_on", Date),
    schema="published",
)
GRANTED_CASES = table(
    "granted_cases",
    column("case_file_id", Uuid),
    column("district_id", Uuid),
    column("department_id", Uuid),
    column("township_id", Uuid),
    column("filed_on", Date),
    column("decided_on", Date),
    column("closed_on", Date),
    schema="cases",
)
# By which of its days a case belongs to a year.
DAYS = {
    "filed": GRANTED_CASES.c.filed_on,
    "decided": GRANTED_CASES.c.decided_on,
    "closed": GRANTED_CASES.c.closed_on,
}
