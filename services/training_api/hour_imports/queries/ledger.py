"""Statements about the rows beside each other and beside the ledger, and their posting."""

from __future__ import annotations

from typing import Final

# The same row twice in one file: by its external id, else by all it says.
WITHIN: Final = """
    INSERT INTO import_faults
    SELECT row_no, CASE WHEN same = first_same THEN 'external_id:import.repeated_in_file'
                        ELSE 'external_id:import.external_id_taken_in_file' END, 130 FROM (
        SELECT row_no, row_number() OVER w AS n, same, first_value(same) OVER w AS first_same
        FROM (SELECT *, row(officer_id, occurred_on, category, hundredths, source, starts_at, ends_at)::text AS same
              FROM import_clean WHERE external_id IS NOT NULL) c
        WINDOW w AS (PARTITION BY external_system, external_id ORDER BY row_no)) a WHERE n > 1
    UNION ALL
    SELECT row_no, 'import.repeated_in_file', 130 FROM (
        SELECT row_no, row_number() OVER (PARTITION BY officer_id, occurred_on, category, hundredths, source, starts_at, ends_at,
                                                       course, note ORDER BY row_no) AS n
        FROM import_clean WHERE external_id IS NULL) b WHERE n > 1
"""
# The same row in the ledger already, whether it still counts or was undone: nothing comes back by sending a file again.
# Under an external id, what must agree is what rules.Wanted.told of the postings names.
RECORDED: Final = """
    INSERT INTO import_faults
    SELECT c.row_no, CASE
        WHEN (e.officer_id, e.occurred_on, e.hundredths, e.category, e.source, e.starts_at, e.ends_at, e.class_id)
            IS NOT DISTINCT FROM
            (c.officer_id, c.occurred_on, c.hundredths, c.category, c.source, c.starts_at, c.ends_at, NULL::uuid)
        THEN 'external_id:hours.duplicate_external_id' ELSE 'external_id:hours.external_id_differs' END, 131
    FROM import_clean c JOIN training.hour_entries e
        ON e.district_id = $1 AND e.external_system = c.external_system AND e.external_id = c.external_id
    WHERE c.external_id IS NOT NULL
    UNION ALL
    SELECT c.row_no, CASE WHEN bool_or(r.id IS NULL AND d.decision IS DISTINCT FROM 'refused') THEN 'import.recorded'
                          ELSE 'import.recorded_and_undone' END, 131
    FROM import_clean c JOIN training.hour_entries e
        ON e.officer_id = c.officer_id AND e.occurred_on = c.occurred_on AND e.category = c.category
        AND e.hundredths = c.hundredths AND e.source = c.source AND e.reverses_id IS NULL AND e.class_id IS NULL
        AND (e.starts_at, e.ends_at, e.course, e.note) IS NOT DISTINCT FROM (c.starts_at, c.ends_at, c.course, c.note)
    LEFT JOIN training.hour_entries r ON r.reverses_id = e.id
    LEFT JOIN training.hour_decisions d ON d.entry_id = e.id
    WHERE c.external_id IS NULL
    GROUP BY c.row_no
"""
# Standing claims of officers on or near days the file claims: posted, not reversed, no reversals.
STANDING: Final = """
    CREATE TEMP TABLE import_standing ON COMMIT DROP AS
    SELECT e.officer_id, e.occurred_on, e.days, e.hundredths, e.starts_at, e.ends_at
    FROM (SELECT officer_id, min(occurred_on) - 1 AS first_on, max(occurred_on) + 1 AS last_on FROM import_clean
          WHERE counts GROUP BY officer_id) c
    JOIN training.hour_entries e ON e.officer_id = c.officer_id AND e.occurred_on >= c.first_on
        AND e.occurred_on <= c.last_on + 366 AND e.occurred_on - e.days < c.last_on
    LEFT JOIN training.hour_decisions d ON d.entry_id = e.id
    WHERE (e.entered_as = 'posted' OR d.decision = 'posted') AND e.reverses_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM training.hour_entries r WHERE r.reverses_id = e.id)
"""
# Officers of whom a day could be too full, times could overlap, an online course could be there twice, or a source could
# pass its cap: most imports have none, and the rules look at the rest, row by row.
DOUBTFUL: Final = """
    CREATE TEMP TABLE import_doubtful ON COMMIT DROP AS
    WITH taken AS (
        SELECT officer_id, occurred_on, 1 AS days, hundredths, starts_at, ends_at, true AS new
        FROM import_clean c WHERE counts AND NOT EXISTS (SELECT 1 FROM import_faults f WHERE f.row_no = c.row_no)
        UNION ALL SELECT officer_id, occurred_on, days, hundredths, starts_at, ends_at, false FROM import_standing
    ), daily AS (
        SELECT officer_id, occurred_on AS day, hundredths, new FROM taken WHERE days = 1
        UNION ALL
        SELECT officer_id, occurred_on - n, (hundredths + days - 1) / days, new
        FROM taken CROSS JOIN LATERAL generate_series(0, days - 1) n WHERE days > 1
    )
    SELECT officer_id FROM daily GROUP BY officer_id, day HAVING sum(hundredths) > 2400 AND bool_or(new)
    UNION
    SELECT officer_id FROM (
        SELECT officer_id, starts_at, max(ends_at) OVER (PARTITION BY officer_id ORDER BY starts_at, ends_at
                                                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until
        FROM taken WHERE starts_at IS NOT NULL) t WHERE busy_until > starts_at
    UNION
    SELECT officer_id FROM import_clean WHERE counts AND course IS NOT NULL
    GROUP BY officer_id, extract(year FROM occurred_on), course_key HAVING count(*) > 1
    UNION
    SELECT c.officer_id FROM import_clean c JOIN training.hour_entries e ON e.officer_id = c.officer_id
        AND extract(year FROM e.occurred_on) = extract(year FROM c.occurred_on) AND e.course IS NOT NULL
    WHERE c.counts AND c.course IS NOT NULL
    UNION
    SELECT t.officer_id FROM (
        SELECT officer_id, source, extract(year FROM occurred_on)::integer AS year, sum(hundredths) AS total, min(cap) AS cap
        FROM import_clean WHERE counts GROUP BY 1, 2, 3 HAVING min(cap) IS NOT NULL) t
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(e.hundredths), 0) AS total
        FROM training.hour_entries e LEFT JOIN training.hour_decisions d ON d.entry_id = e.id
        WHERE e.officer_id = t.officer_id AND e.source = t.source AND (e.entered_as = 'posted' OR d.decision = 'posted')
          AND e.occurred_on BETWEEN make_date(t.year, 1, 1) AND make_date(t.year, 12, 31)) before
    WHERE before.total + t.total > t.cap
"""
SOME_DOUBTFUL: Final = (
    "SELECT officer_id FROM import_doubtful WHERE $1::uuid IS NULL OR officer_id > $1 ORDER BY officer_id LIMIT 500"
)
THEIR_ROWS: Final = """
    SELECT row_no, officer_id, hundredths, occurred_on, starts_at, ends_at, source, course FROM import_clean c
    WHERE counts AND officer_id = ANY ($1) AND NOT EXISTS (SELECT 1 FROM import_faults f WHERE f.row_no = c.row_no)
    ORDER BY row_no
"""
REFUSE: Final = "INSERT INTO import_faults SELECT * FROM unnest($1::integer[], $2::text[], $3::integer[])"
SLICES: Final = "SELECT min(row_no) AS first, max(row_no) AS last FROM import_clean"
POST: Final = """
    INSERT INTO training.hour_entries (id, district_id, unit_id, officer_id, category, hundredths, occurred_on, days,
        starts_at, ends_at, source, course, entered_as, hour_rule_id, late_reason, note, external_system, external_id, entered_by,
        created_at)
    SELECT c.entry_id, o.district_id, o.unit_id, c.officer_id, c.category, c.hundredths, c.occurred_on, 1, c.starts_at,
           c.ends_at, c.source, c.course, CASE WHEN c.counts THEN 'posted' ELSE 'pending' END, c.rule_id,
           CASE WHEN c.late THEN $5::text END, c.note, c.external_system, c.external_id, $3, $4
    FROM import_clean c JOIN training.officers o ON o.id = c.officer_id
    WHERE c.row_no BETWEEN $1 AND $2 AND NOT EXISTS (SELECT 1 FROM import_faults f WHERE f.row_no = c.row_no)
    ORDER BY c.row_no
    ON CONFLICT (district_id, external_system, external_id) DO NOTHING
"""
# After all locks were had, as every audit row and message is written.
RECORD: Final = """
    SELECT kit.record_alike($3::text::jsonb, $4::text::jsonb, array_agg(e.id ORDER BY e.id),
        array_agg(e.district_id ORDER BY e.id), array_agg(e.unit_id ORDER BY e.id),
        array_agg(jsonb_build_object('officer_id', e.officer_id, 'category', e.category, 'hundredths', e.hundredths,
            'occurred_on', e.occurred_on, 'state', e.entered_as, 'import_id', $5::uuid) ORDER BY e.id))
    FROM import_clean c JOIN training.hour_entries e ON e.id = c.entry_id
    WHERE c.row_no BETWEEN $1 AND $2 AND NOT EXISTS (SELECT 1 FROM import_faults f WHERE f.row_no = c.row_no)
    HAVING count(*) > 0
"""
# Somebody else wrote the same external id a moment ago.
OVERTAKEN: Final = """
    INSERT INTO import_faults SELECT c.row_no, 'external_id:hours.duplicate_external_id', 140 FROM import_clean c
    WHERE c.external_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_faults f WHERE f.row_no = c.row_no)
      AND NOT EXISTS (SELECT 1 FROM training.hour_entries e WHERE e.id = c.entry_id)
"""
