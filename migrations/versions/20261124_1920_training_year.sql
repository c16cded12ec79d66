------------------------------------------------------------------------------------------------ compliance
-- The one sum behind every figure: officers in service in the year as known at a moment, what each owes (a twelfth for
-- each month begun, rounded up to a hundredth) and what is valid. An officer counts for the unit served last in the year.
CREATE FUNCTION training.officer_year(wanted integer, at timestamptz)
RETURNS TABLE (
    officer_id uuid, district_id uuid, unit_id uuid, first_on date, last_on date, base integer, months integer, reason text,
    required integer, valid integer, public_law integer, business integer, skills integer, political integer, categories text[]
) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT s.officer_id, s.district_id, s.unit_id, s.first_on, s.last_on, s.base, s.months, s.reason,
           (s.base * s.months + 11) / 12,
           h.valid, h.public_law, h.business, h.skills, h.political, s.categories
    FROM (
        SELECT b.officer_id, b.district_id, b.unit_id, b.first_on, b.last_on, r.hundredths AS base, r.categories,
               (extract(month FROM b.last_on) - extract(month FROM b.first_on) + 1)::integer AS months,
               nullif(concat_ws('_and_', CASE WHEN b.first_on > make_date(wanted, 1, 1) THEN 'joined' END,
                                CASE WHEN b.last_on < make_date(wanted, 12, 31) THEN 'left' END), '') AS reason
        FROM (
            SELECT u.officer_id, (array_agg(u.district_id))[1] AS district_id,
                   (array_agg(u.unit_id ORDER BY u.from_on DESC))[1] AS unit_id,
                   greatest(min(u.from_on), make_date(wanted, 1, 1)) AS first_on,
                   least(max(coalesce(u.to_on, 'infinity')), make_date(wanted, 12, 31)) AS last_on
            FROM training.officer_units u
            WHERE u.kind = 'officer' AND u.recorded_at <= at AND coalesce(u.superseded_at, 'infinity') > at
              AND u.from_on <= make_date(wanted, 12, 31) AND coalesce(u.to_on, 'infinity') >= make_date(wanted, 1, 1)
            GROUP BY u.officer_id
        ) b
        CROSS JOIN LATERAL (
            SELECT q.required_hundredths AS hundredths, q.categories
            FROM training.settings_in_force(b.district_id, make_date(wanted, 1, 1), at) q
        ) r
    ) s
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(e.hundredths) FILTER (WHERE e.category = ANY (s.categories)), 0)::integer AS valid,
               coalesce(sum(e.hundredths) FILTER (WHERE e.category = 'public_law'), 0)::integer AS public_law,
               coalesce(sum(e.hundredths) FILTER (WHERE e.category = 'business'), 0)::integer AS business,
               coalesce(sum(e.hundredths) FILTER (WHERE e.category = 'skills'), 0)::integer AS skills,
               coalesce(sum(e.hundredths) FILTER (WHERE e.category = 'political'), 0)::integer AS political
        FROM training.hour_entries e
        WHERE e.officer_id = s.officer_id AND e.occurred_on BETWEEN make_date(wanted, 1, 1) AND make_date(wanted, 12, 31)
          AND e.created_at <= at
          AND (e.entered_as = 'posted' OR EXISTS (
              SELECT 1 FROM training.hour_decisions d
              WHERE d.entry_id = e.id AND d.decision = 'posted' AND d.decided_at <= at))
    ) h
$$;

-- A unit's figures from the same sum. forecast_short: who stays short if hours go on to come in as evenly as so far.
CREATE FUNCTION training.unit_year(wanted integer, at timestamptz)
RETURNS TABLE (district_id uuid, unit_id uuid, officers integer, met integer, forecast_short integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT o.district_id, o.unit_id, count(*)::integer, (count(*) FILTER (WHERE o.valid >= o.required))::integer,
           (count(*) FILTER (WHERE o.valid::bigint * (o.last_on - o.first_on + 1) < o.required::bigint
               * (least(o.last_on, (at AT TIME ZONE 'Asia/Shanghai')::date) - o.first_on + 1)))::integer
    FROM training.officer_year(wanted, at) o
    GROUP BY o.district_id, o.unit_id
$$;

CREATE VIEW published.unit_training_hours AS
SELECT u.district_id, u.unit_id, y.year, u.officers, u.met
FROM generate_series(2023, extract(year FROM now() AT TIME ZONE 'Asia/Shanghai')::integer + 1) AS y (year)
CROSS JOIN LATERAL training.unit_year(y.year, now()) u;

GRANT SELECT ON published.unit_training_hours TO zhifa_training, zhifa_cases, zhifa_tasks;
REVOKE ALL ON FUNCTION training.unit_year(integer, timestamptz) FROM PUBLIC;
-- A function behind a view runs with the rights of whoever reads the view.
GRANT EXECUTE ON FUNCTION training.unit_year(integer, timestamptz) TO zhifa_training, zhifa_cases, zhifa_tasks;
