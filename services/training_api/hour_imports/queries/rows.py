"""Statements about each row by itself: whom it means, and whether it could be an entry."""

from __future__ import annotations

from typing import Final

REACH: Final = (
    "CREATE TEMP TABLE import_reach (officer_id uuid, id_index bytea, external_system text, external_id text, name text)"
    " ON COMMIT DROP"
)
FOUND: Final = """
    CREATE TEMP TABLE import_found ON COMMIT DROP AS
    SELECT s.row_no, 1 AS key, r.officer_id
    FROM import_stage s CROSS JOIN LATERAL unnest(s.id_indexes) AS i (id_index) JOIN import_reach r ON r.id_index = i.id_index
    UNION ALL
    SELECT s.row_no, 2, r.officer_id FROM import_stage s JOIN import_reach r ON r.external_id = s.officer_external_id
        AND (s.officer_external_system IS NULL OR r.external_system = s.officer_external_system)
    UNION ALL
    SELECT s.row_no, 3, c.officer_id FROM import_stage s
    JOIN (SELECT DISTINCT c.number, c.officer_id FROM training.certificates c
          JOIN import_reach r ON r.officer_id = c.officer_id) c ON c.number = s.certificate_number
"""
# In the order of their ids, as every writer of hours locks them.
LOCK: Final = """
    SELECT count(*) FROM (SELECT id FROM training.officers WHERE id IN (SELECT officer_id FROM import_found)
                          ORDER BY id FOR NO KEY UPDATE) locked
"""
UNKNOWN: Final = """
    INSERT INTO import_faults SELECT s.row_no, k.reason, 100
    FROM import_stage s CROSS JOIN LATERAL (VALUES
        (1, 'id_number:not_found', s.id_indexes IS NOT NULL),
        (2, 'officer_external_id:not_found', s.officer_external_id IS NOT NULL),
        (3, 'certificate_number:not_found', s.certificate_number IS NOT NULL)) AS k (key, reason, given)
    WHERE k.given AND NOT EXISTS (SELECT 1 FROM import_found f WHERE f.row_no = s.row_no AND f.key = k.key)
"""
# Whoever all the numbers of a row mean; of several (left and come back under a new entry) the one who served on the day.
MATCH: Final = """
    CREATE TEMP TABLE import_match ON COMMIT DROP AS
    SELECT a.row_no, (array_agg(a.officer_id ORDER BY a.serving DESC, a.officer_id))[1] AS officer_id,
           count(*) FILTER (WHERE a.serving) AS serving,
           count(*) FILTER (WHERE a.serving) > 1 OR (count(*) > 1 AND NOT bool_or(a.serving)) AS ambiguous
    FROM (
        SELECT f.row_no, f.officer_id, EXISTS (
                   SELECT 1 FROM training.officer_units u
                   WHERE u.officer_id = f.officer_id AND u.superseded_at IS NULL
                     AND s.occurred_on BETWEEN u.from_on AND coalesce(u.to_on, 'infinity')) AS serving
        FROM import_found f JOIN import_stage s ON s.row_no = f.row_no
        GROUP BY f.row_no, f.officer_id, s.occurred_on, s.id_indexes, s.officer_external_id, s.certificate_number
        HAVING count(*) = num_nonnulls(s.id_indexes, s.officer_external_id, s.certificate_number)
    ) a GROUP BY a.row_no
"""
PEOPLE: Final = (
    # The numbers of a row mean people, but not one and the same.
    "INSERT INTO import_faults SELECT DISTINCT f.row_no, 'hours.officer_mismatch', 110 FROM import_found f"
    " WHERE NOT EXISTS (SELECT 1 FROM import_match m WHERE m.row_no = f.row_no)"
    " AND NOT EXISTS (SELECT 1 FROM import_faults x WHERE x.row_no = f.row_no AND x.place = 100)",
    "INSERT INTO import_faults SELECT m.row_no, 'hours.officer_ambiguous', 110 FROM import_match m WHERE m.ambiguous",
    "INSERT INTO import_faults SELECT m.row_no, 'occurred_on:hours.not_in_service', 120 FROM import_match m"
    " JOIN import_stage s ON s.row_no = m.row_no WHERE m.serving = 0 AND NOT m.ambiguous AND s.occurred_on IS NOT NULL",
)
# For sheets of one day, whose rows name none.
ON_DAY: Final = "UPDATE import_stage SET occurred_on = $1"
REPEATED: Final = """
    INSERT INTO import_faults
    SELECT m.row_no, 'import.repeated_in_file', 130 FROM import_match m
    JOIN (SELECT g.officer_id, min(g.row_no) AS row_no FROM import_match g
          WHERE NOT EXISTS (SELECT 1 FROM import_faults f WHERE f.row_no = g.row_no) GROUP BY g.officer_id) first
        ON first.officer_id = m.officer_id AND first.row_no < m.row_no
    WHERE NOT m.ambiguous
"""
NAMES: Final = """
    INSERT INTO import_faults SELECT s.row_no, 'name:hours.name_mismatch', 115
    FROM import_stage s JOIN import_match m ON m.row_no = s.row_no JOIN training.officers o ON o.id = m.officer_id
    WHERE NOT m.ambiguous AND replace(s.name, ' ', '') <> replace(o.name, ' ', '')
"""
FUTURE: Final = """
    INSERT INTO import_faults SELECT row_no, 'occurred_on:hours.in_future', 121 FROM import_stage WHERE occurred_on > $1
"""
# As in hour_entries.rules: faults_of_claim and fault_of_times, of a claim of one day.
AMOUNTS: Final = """
    INSERT INTO import_faults SELECT s.row_no, v.reason, 122
    FROM import_stage s CROSS JOIN LATERAL (SELECT CASE
        WHEN s.hundredths <= 0 THEN 'hours:hours.not_positive'
        WHEN s.hundredths > 2400 THEN 'hours:too_great:24' END) AS v (reason)
    WHERE v.reason IS NOT NULL
"""
TIMES: Final = """
    INSERT INTO import_faults SELECT s.row_no, v.reason, 123
    FROM import_stage s CROSS JOIN LATERAL (SELECT CASE
        WHEN s.starts_at IS NULL AND s.ends_at IS NULL THEN NULL
        WHEN s.starts_at IS NULL THEN 'starts_at:missing'
        WHEN s.ends_at IS NULL THEN 'ends_at:missing'
        WHEN s.starts_at < s.ends_at AND s.ends_at <= s.starts_at + interval '24 hours'
            AND (s.starts_at AT TIME ZONE 'Asia/Shanghai')::date = s.occurred_on THEN NULL
        ELSE 'ends_at:hours.times' END) AS v (reason)
    WHERE v.reason IS NOT NULL AND s.occurred_on IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM import_faults f WHERE f.row_no = s.row_no AND f.reason LIKE ANY ('{starts_at:%,ends_at:%}'))
"""
DAYS: Final = "SELECT DISTINCT occurred_on FROM import_stage WHERE occurred_on IS NOT NULL"
SETTINGS: Final = (
    "CREATE TEMP TABLE import_settings (day date, source text, rule_id uuid, pending boolean, late boolean, cap integer)"
    " ON COMMIT DROP"
)
FILL_SETTINGS: Final = (
    "INSERT INTO import_settings SELECT * FROM unnest($1::date[], $2::text[], $3::uuid[], $4::boolean[], $5::boolean[],"
    " $6::integer[])"
)
LATE: Final = """
    INSERT INTO import_faults
    SELECT s.row_no, CASE WHEN d.day IS NULL THEN 'occurred_on:hour_rule.none' ELSE 'occurred_on:hours.reason_needed' END, 124
    FROM import_stage s LEFT JOIN import_settings d ON d.day = s.occurred_on AND d.source = s.source
    WHERE s.occurred_on IS NOT NULL AND s.source IS NOT NULL AND (d.day IS NULL OR (d.late AND $1::text IS NULL))
"""
COURSES: Final = """
    INSERT INTO import_faults SELECT row_no, 'course:hours.course_not_online', 125 FROM import_stage
    WHERE course IS NOT NULL AND source <> 'online'
"""
CLEAN: Final = """
    CREATE TEMP TABLE import_clean ON COMMIT DROP AS
    SELECT s.row_no, kit.id_of(b.base, s.row_no) AS entry_id, m.officer_id, s.category, s.hundredths, s.occurred_on, s.source,
           s.starts_at, s.ends_at, s.course, s.course_key, s.note,
           CASE WHEN s.external_id IS NOT NULL THEN coalesce(s.external_system, $2) END AS external_system, s.external_id,
           d.rule_id, d.late, d.cap, NOT d.pending AS counts
    FROM (SELECT kit.id_base($1) AS base OFFSET 0) b, import_stage s JOIN import_match m ON m.row_no = s.row_no
    JOIN import_settings d ON d.day = s.occurred_on AND d.source = s.source
    WHERE NOT EXISTS (SELECT 1 FROM import_faults f WHERE f.row_no = s.row_no)
"""
