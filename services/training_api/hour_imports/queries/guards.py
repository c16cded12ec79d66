"""Statements about the settings and years of the ledger: what waits, what is closed, and how much of a source counts."""

from __future__ import annotations

from typing import Final

# What holds on each day of the file (as hour_rules.rules.Settings.on), and whether its year is closed.
TERMS: Final = """
    CREATE TEMP TABLE import_terms ON COMMIT DROP AS
    SELECT d.occurred_on, r.id AS hour_rule_id, coalesce(r.pending_sources, '{}') AS pending_sources,
           coalesce(r.members_wait AND $3, false) AS all_wait, extract(year FROM d.occurred_on)::integer AS year,
           extract(year FROM d.occurred_on)::integer = ANY ($2::integer[]) AS closed,
           r.class_cap, r.online_cap, r.teaching_cap, r.self_study_cap
    FROM (SELECT DISTINCT occurred_on FROM import_stage WHERE occurred_on IS NOT NULL) d
    LEFT JOIN LATERAL (
        SELECT h.* FROM training.hour_rules h
        WHERE (h.district_id IS NULL OR h.district_id = $1) AND h.valid_from <= d.occurred_on
        ORDER BY h.valid_from DESC, (h.district_id IS NOT NULL) DESC, h.recorded_at DESC, h.id DESC LIMIT 1) r ON true
"""
# What a file brings is many rows without a reason of their own, so a closed year takes none of it.
CLOSED: Final = """
    INSERT INTO import_faults SELECT s.row_no, 'occurred_on:hours.year_closed', 121
    FROM import_stage s JOIN import_terms t ON t.occurred_on = s.occurred_on WHERE t.closed
"""
HAS_CAPS: Final = (
    "SELECT bool_or(num_nonnulls(class_cap, online_cap, teaching_cap, self_study_cap) > 0) AS capped FROM import_terms"
)
# In the order of the file: rows with which an officer's hours of the year and source would exceed the cap of their day.
OVER_CAP: Final = """
    INSERT INTO import_faults
    WITH rows AS (
        SELECT k.row_no, k.officer_id, k.source, k.hundredths, t.year, CASE k.source
            WHEN 'class' THEN t.class_cap WHEN 'online' THEN t.online_cap
            WHEN 'teaching' THEN t.teaching_cap ELSE t.self_study_cap END AS cap
        FROM import_clean k JOIN import_terms t ON t.occurred_on = k.occurred_on
        WHERE k.counts AND NOT EXISTS (SELECT 1 FROM import_faults f WHERE f.row_no = k.row_no)
    ), recorded AS (
        SELECT r.officer_id, r.year, r.source, sum(e.hundredths) AS hundredths
        FROM (SELECT DISTINCT officer_id, year, source FROM rows) r
        JOIN training.hour_entries e ON e.officer_id = r.officer_id AND e.source = r.source
            AND e.occurred_on BETWEEN make_date(r.year, 1, 1) AND make_date(r.year, 12, 31)
        LEFT JOIN training.hour_decisions d ON d.entry_id = e.id
        WHERE e.entered_as = 'posted' OR d.decision = 'posted'
        GROUP BY r.officer_id, r.year, r.source
    )
    SELECT row_no, 'hours:hours.source_cap:' || cap / 100, 133 FROM (
        SELECT r.row_no, r.cap, coalesce(h.hundredths, 0)
               + sum(r.hundredths) OVER (PARTITION BY r.officer_id, r.year, r.source ORDER BY r.row_no) AS total
        FROM rows r LEFT JOIN recorded h USING (officer_id, year, source)
    ) summed WHERE total > cap
"""
