------------------------------------------------------------------------------------------------ running sums
-- Hours of each officer and year by category, kept beside the ledger as rows are added to it, so that a district's figures
-- need not read millions of entries. Nobody but the triggers writes here; training.astray_hours() compares both.
CREATE TABLE training.hour_sums (
    officer_id uuid NOT NULL,
    year integer NOT NULL,
    public_law integer NOT NULL,
    business integer NOT NULL,
    skills integer NOT NULL,
    political integer NOT NULL,
    CONSTRAINT pk_hour_sums PRIMARY KEY (officer_id, year)
) WITH (fillfactor = 70);

-- In the order of the officers, as everybody who locks several.
CREATE FUNCTION training.add_to_sums(officers uuid[], years integer[], categories text[], hundredths integer[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO training.hour_sums AS s (officer_id, year, public_law, business, skills, political)
    SELECT a.officer, a.year, coalesce(sum(a.amount) FILTER (WHERE a.category = 'public_law'), 0),
           coalesce(sum(a.amount) FILTER (WHERE a.category = 'business'), 0),
           coalesce(sum(a.amount) FILTER (WHERE a.category = 'skills'), 0),
           coalesce(sum(a.amount) FILTER (WHERE a.category = 'political'), 0)
    FROM unnest(officers, years, categories, hundredths) AS a (officer, year, category, amount)
    GROUP BY a.officer, a.year ORDER BY a.officer, a.year
    ON CONFLICT (officer_id, year) DO UPDATE SET
        public_law = s.public_law + excluded.public_law, business = s.business + excluded.business,
        skills = s.skills + excluded.skills, political = s.political + excluded.political
$$;

CREATE FUNCTION training.sum_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM training.add_to_sums(
        array_agg(a.officer_id), array_agg(extract(year FROM a.occurred_on)::integer), array_agg(a.category),
        array_agg(a.hundredths))
    FROM added a WHERE a.entered_as = 'posted' HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER sums AFTER INSERT ON training.hour_entries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION training.sum_entries();

CREATE FUNCTION training.sum_decisions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM training.add_to_sums(
        array_agg(e.officer_id), array_agg(extract(year FROM e.occurred_on)::integer), array_agg(e.category),
        array_agg(e.hundredths))
    FROM added d JOIN training.hour_entries e ON e.id = d.entry_id WHERE d.decision = 'posted' HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER sums AFTER INSERT ON training.hour_decisions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION training.sum_decisions();

------------------------------------------------------------------------------------------------ what a year owes
CREATE FUNCTION training.length_in_days(spans datemultirange) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(sum(upper(s) - lower(s)), 0)::integer FROM unnest(spans) s $$;

-- Months of a year with a day of service, and those of them in which every day of service is exempt.
CREATE FUNCTION training.months_served(wanted integer, served datemultirange, free datemultirange)
RETURNS TABLE (served integer, exempt integer) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT count(*)::integer, (count(*) FILTER (WHERE (served * m.days) <@ free))::integer
    FROM (SELECT datemultirange(daterange(make_date(wanted, n, 1), (make_date(wanted, n, 1) + interval '1 month')::date)) AS days
          FROM generate_series(1, 12) AS n) m
    WHERE served && m.days
$$;

-- Exemptions of an officer that touch a year, as known at a moment (null: now): their days and reasons. One that waives the
-- year reaches over every year it touches.
CREATE FUNCTION training.exempt_days(whose uuid, wanted integer, at timestamptz)
RETURNS TABLE (days datemultirange, reasons text[]) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT range_agg(daterange(x.starts_on, x.ends_on, '[]')), array_agg(x.reason ORDER BY x.from_on, x.reason)
    FROM (
        SELECT s.reason, s.from_on,
               CASE s.waives WHEN 'year' THEN make_date(extract(year FROM s.from_on)::integer, 1, 1) ELSE s.from_on END AS starts_on,
               CASE s.waives WHEN 'year' THEN make_date(extract(year FROM s.to_on)::integer, 12, 31) ELSE s.to_on END AS ends_on
        FROM training.exempt_spells s
        WHERE s.officer_id = whose AND (CASE WHEN at IS NULL THEN s.superseded_at IS NULL
              ELSE s.recorded_at <= at AND coalesce(s.superseded_at, 'infinity') > at END)
    ) x
    WHERE x.starts_on <= make_date(wanted, 12, 31) AND coalesce(x.ends_on, 'infinity') >= make_date(wanted, 1, 1)
$$;

-- What the settings of each district ask of a whole year, as recorded at a moment (null: now).
CREATE FUNCTION training.asked_of_year(wanted integer, at timestamptz)
RETURNS TABLE (district_id uuid, base integer, categories text[], carry_over integer) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT d.id, s.required_hundredths, s.categories, c.carry_over
    FROM published.units d
    CROSS JOIN LATERAL training.settings_in_force(d.id, make_date(wanted, 1, 1), coalesce(at, 'infinity')) s
    CROSS JOIN LATERAL (
        SELECT h.carry_over FROM training.hour_rules h
        WHERE (h.district_id = d.id OR h.district_id IS NULL) AND h.valid_from <= make_date(wanted, 1, 1)
          AND h.recorded_at <= coalesce(at, 'infinity')
        ORDER BY h.valid_from DESC, h.district_id IS NOT NULL DESC, h.recorded_at DESC, h.id DESC LIMIT 1
    ) c
    WHERE d.id = d.district_id
$$;

-- Who served as an officer in a year, as known at a moment (null: now), and what each owes of it: a twelfth for each month
-- begun in service and not wholly exempt, rounded up to a hundredth. An officer counts for the unit served last in the year.
-- days: of service without exemption, in the year and until today, for the pace.
CREATE FUNCTION training.owed_year(wanted integer, at timestamptz, today date)
RETURNS TABLE (
    officer_id uuid, district_id uuid, unit_id uuid, first_on date, last_on date, base integer, categories text[], carry_over integer,
    served integer, exempt integer, months integer, reasons text[], required integer, days integer, days_so_far integer
) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT b.officer_id, b.district_id, b.unit_id, b.first_on, b.last_on, r.base, r.categories, r.carry_over,
           m.served, m.exempt, m.served - m.exempt,
           array_remove(ARRAY[
               CASE WHEN b.first_on > make_date(wanted, 1, 1) THEN 'joined' END,
               CASE WHEN b.last_on < make_date(wanted, 12, 31) THEN 'left' END,
               CASE WHEN NOT b.whole THEN 'interrupted' END], NULL) || CASE WHEN m.exempt > 0 THEN x.reasons ELSE '{}' END,
           (r.base * (m.served - m.exempt) + 11) / 12, m.days, m.days_so_far
    FROM (
        SELECT g.*, g.spans = datemultirange(daterange(g.first_on, g.last_on, '[]')) AS whole
        FROM (
            SELECT u.officer_id, u.district_id, (array_agg(u.unit_id ORDER BY u.from_on DESC))[1] AS unit_id,
                   greatest(min(u.from_on), make_date(wanted, 1, 1)) AS first_on,
                   least(max(coalesce(u.to_on, 'infinity')), make_date(wanted, 12, 31)) AS last_on,
                   range_agg(daterange(greatest(u.from_on, make_date(wanted, 1, 1)),
                                       least(coalesce(u.to_on, 'infinity'), make_date(wanted, 12, 31)), '[]')) AS spans
            FROM training.officer_units u
            WHERE u.kind = 'officer' AND (CASE WHEN at IS NULL THEN u.superseded_at IS NULL
                  ELSE u.recorded_at <= at AND coalesce(u.superseded_at, 'infinity') > at END)
              AND u.from_on <= make_date(wanted, 12, 31) AND coalesce(u.to_on, 'infinity') >= make_date(wanted, 1, 1)
            GROUP BY u.officer_id, u.district_id
        ) g
    ) b
    JOIN training.asked_of_year(wanted, at) r ON r.district_id = b.district_id
    CROSS JOIN LATERAL training.exempt_days(b.officer_id, wanted, at) x
    CROSS JOIN LATERAL (
        -- Most serve without a gap and without an exemption; they are spared the reckoning month by month.
        SELECT (extract(month FROM b.last_on) - extract(month FROM b.first_on) + 1)::integer AS served, 0 AS exempt,
               b.last_on - b.first_on + 1 AS days, greatest(least(b.last_on, today) - b.first_on + 1, 0) AS days_so_far
        WHERE b.whole AND x.days IS NULL
        UNION ALL
        SELECT c.served, c.exempt, training.length_in_days(b.spans - f.free),
               training.length_in_days((b.spans - f.free) * datemultirange(daterange(NULL, today, '[]')))
        FROM (SELECT coalesce(x.days, '{}'::datemultirange) AS free) f
        CROSS JOIN LATERAL training.months_served(wanted, b.spans, f.free) c
        WHERE NOT b.whole OR x.days IS NOT NULL
    ) m
$$;

-- Hours of an officer that count in a year: from the running sums, or from the entries as recorded at a moment.
CREATE FUNCTION training.hours_of_year(whose uuid, wanted integer, at timestamptz)
RETURNS TABLE (public_law integer, business integer, skills integer, political integer) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(sum(h.public_law), 0)::integer, coalesce(sum(h.business), 0)::integer, coalesce(sum(h.skills), 0)::integer,
           coalesce(sum(h.political), 0)::integer
    FROM (
        SELECT s.public_law, s.business, s.skills, s.political FROM training.hour_sums s
        WHERE at IS NULL AND s.officer_id = whose AND s.year = wanted
        UNION ALL
        SELECT CASE e.category WHEN 'public_law' THEN e.hundredths END, CASE e.category WHEN 'business' THEN e.hundredths END,
               CASE e.category WHEN 'skills' THEN e.hundredths END, CASE e.category WHEN 'political' THEN e.hundredths END
        FROM training.hour_entries e
        WHERE at IS NOT NULL AND e.officer_id = whose
          AND e.occurred_on BETWEEN make_date(wanted, 1, 1) AND make_date(wanted, 12, 31) AND e.created_at <= at
          AND (e.entered_as = 'posted' OR EXISTS (
              SELECT 1 FROM training.hour_decisions d
              WHERE d.entry_id = e.id AND d.decision = 'posted' AND d.decided_at <= at))
    ) h
$$;

-- Hours by category, as far as their category counts.
CREATE FUNCTION training.counted(categories text[], public_law integer, business integer, skills integer, political integer)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN 'public_law' = ANY (categories) THEN public_law ELSE 0 END
         + CASE WHEN 'business' = ANY (categories) THEN business ELSE 0 END
         + CASE WHEN 'skills' = ANY (categories) THEN skills ELSE 0 END
         + CASE WHEN 'political' = ANY (categories) THEN political ELSE 0 END
$$;

-- What an officer had beyond the hours owed in a year, at most so much.
CREATE FUNCTION training.left_over(whose uuid, wanted integer, at timestamptz, most integer) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((
        SELECT least(most, greatest(
            training.counted(o.categories, h.public_law, h.business, h.skills, h.political) - o.required, 0))
        FROM training.owed_year(wanted, at, make_date(wanted, 12, 31)) o
        CROSS JOIN LATERAL training.hours_of_year(whose, wanted, at) h
        WHERE o.officer_id = whose), 0)
$$;

-- The one sum behind every figure. carried: what was left over of the year before, as far as the rules of the ledger let it
-- count. forecast: the hours at the end of the year when they go on to come in as evenly as so far.
CREATE FUNCTION training.officer_year(wanted integer, at timestamptz, today date)
RETURNS TABLE (
    officer_id uuid, district_id uuid, unit_id uuid, base integer, served integer, exempt integer, months integer, reasons text[],
    last_on date, required integer, valid integer, carried integer, public_law integer, business integer, skills integer, political integer,
    categories text[], forecast integer
) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT o.officer_id, o.district_id, o.unit_id, o.base, o.served, o.exempt, o.months, o.reasons, o.last_on, o.required,
           c.own + c.carried, c.carried, h.public_law, h.business, h.skills, h.political, o.categories,
           c.carried + CASE WHEN o.days_so_far > 0 THEN (c.own::bigint * o.days / o.days_so_far)::integer ELSE c.own END
    FROM training.owed_year(wanted, at, today) o
    CROSS JOIN LATERAL training.hours_of_year(o.officer_id, wanted, at) h
    CROSS JOIN LATERAL (
        SELECT training.counted(o.categories, h.public_law, h.business, h.skills, h.political) AS own,
               CASE WHEN o.carry_over > 0 THEN training.left_over(o.officer_id, wanted - 1, at, o.carry_over) ELSE 0 END AS carried
    ) c
$$;

-- Code and both titles of exemptions as they stood in a year, as recorded at a moment; a district's own go first.
CREATE FUNCTION training.exemption_titles(district uuid, codes text[], wanted integer, at timestamptz) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(json_agg(json_build_array(t.code, t.title_zh, t.title_en)), '[]')
    FROM (
        SELECT DISTINCT ON (r.code) r.code, r.title_zh, r.title_en FROM training.exemption_reasons r
        WHERE (r.district_id = district OR r.district_id IS NULL) AND r.code = ANY (codes)
          AND r.valid_from <= make_date(wanted, 12, 31) AND r.recorded_at <= at
        ORDER BY r.code, r.district_id IS NULL, r.valid_from DESC, r.recorded_at DESC
    ) t
$$;

-- Officers of a year, as known now, whose year needs reckoning: not served whole in one unit, some exemption at any time, or a
-- district where hours are carried over. To all others the year asks just what the settings say.
CREATE FUNCTION training.uncommon_in(wanted integer) RETURNS TABLE (officer_id uuid) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT u.officer_id FROM training.officer_units u
    WHERE u.kind = 'officer' AND u.superseded_at IS NULL AND u.from_on <= make_date(wanted, 12, 31)
      AND (u.to_on IS NULL OR u.to_on >= make_date(wanted, 1, 1))
    GROUP BY u.officer_id
    HAVING count(*) > 1 OR min(u.from_on) > make_date(wanted, 1, 1) OR min(u.to_on) < make_date(wanted, 12, 31)
    UNION ALL
    SELECT s.officer_id FROM training.exempt_spells s WHERE s.superseded_at IS NULL
    UNION ALL
    SELECT u.officer_id
    -- OFFSET: districts first, so that nobody's spells are read where no hours are carried over.
    FROM (SELECT a.district_id FROM training.asked_of_year(wanted, NULL) a WHERE a.carry_over > 0 OFFSET 0) r
    JOIN training.officer_units u ON u.district_id = r.district_id
    WHERE u.superseded_at IS NULL
$$;

-- Officers with hours of a full rotation in a year that still stand, as known now.
CREATE FUNCTION training.rotated_in(wanted integer) RETURNS TABLE (officer_id uuid) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT e.officer_id FROM training.classes c JOIN training.hour_entries e ON e.class_id = c.id
    WHERE c.kind = 'rotation' AND e.reverses_id IS NULL
      AND e.occurred_on BETWEEN make_date(wanted, 1, 1) AND make_date(wanted, 12, 31)
      AND (e.entered_as = 'posted' OR EXISTS (
          SELECT 1 FROM training.hour_decisions d WHERE d.entry_id = e.id AND d.decision = 'posted'))
      AND NOT EXISTS (SELECT 1 FROM training.hour_entries r WHERE r.reverses_id = e.id)
$$;

-- Figures of units: of officers whose year needs no reckoning straight from the running sums, of all others, and of past
-- moments, from the one sum. rotating and rotated: officers who owe a full rotation (see rotations below), and those of them
-- who have it; told of the present alone.
CREATE FUNCTION training.unit_year(wanted integer, at timestamptz, today date)
RETURNS TABLE (
    district_id uuid, unit_id uuid, officers integer, met integer, forecast_short integer, required bigint, valid bigint,
    missing bigint, rotating integer, rotated integer
) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH asked AS MATERIALIZED (
        -- Which categories count is asked once a district, not once an officer.
        SELECT r.district_id, r.base, ('public_law' = ANY (r.categories))::integer AS public_law,
               ('business' = ANY (r.categories))::integer AS business, ('skills' = ANY (r.categories))::integer AS skills,
               ('political' = ANY (r.categories))::integer AS political
        FROM training.asked_of_year(wanted, NULL) r
    ),
    uncommon AS MATERIALIZED (SELECT c.officer_id FROM training.uncommon_in(wanted) c WHERE at IS NULL)
    SELECT o.district_id, o.unit_id, count(*)::integer, (count(*) FILTER (WHERE o.valid >= o.required))::integer,
           (count(*) FILTER (WHERE o.forecast < o.required))::integer, sum(o.required), sum(o.valid),
           sum(greatest(o.required - o.valid, 0)), (count(*) FILTER (WHERE o.rotating))::integer,
           (count(*) FILTER (WHERE o.rotating AND o.officer_id IN (SELECT t.officer_id FROM training.rotated_in(wanted) t)))::integer
    FROM (
        SELECT p.district_id, p.unit_id, p.officer_id, p.required, p.own AS valid,
               CASE WHEN p.so_far > 0 THEN (p.own::bigint * p.days / p.so_far)::integer ELSE p.own END AS forecast,
               true AS rotating
        FROM (
            SELECT u.district_id, u.unit_id, u.officer_id, r.base AS required,
                   coalesce(h.public_law * r.public_law + h.business * r.business + h.skills * r.skills
                       + h.political * r.political, 0) AS own,
                   make_date(wanted, 12, 31) - make_date(wanted, 1, 1) + 1 AS days,
                   greatest(least(make_date(wanted, 12, 31), today) - make_date(wanted, 1, 1) + 1, 0) AS so_far
            FROM training.officer_units u
            JOIN asked r ON r.district_id = u.district_id
            LEFT JOIN training.hour_sums h ON h.officer_id = u.officer_id AND h.year = wanted
            WHERE at IS NULL AND u.kind = 'officer' AND u.superseded_at IS NULL AND u.from_on <= make_date(wanted, 1, 1)
              AND (u.to_on IS NULL OR u.to_on >= make_date(wanted, 12, 31))
              AND u.officer_id NOT IN (SELECT c.officer_id FROM uncommon c)
        ) p
        UNION ALL
        SELECT y.district_id, y.unit_id, y.officer_id, y.required, y.valid, y.forecast,
               y.months > 0 AND y.last_on >= least(make_date(wanted, 12, 31), today)
        FROM training.officer_year(wanted, at, today) y
        WHERE at IS NULL AND y.officer_id = ANY (ARRAY(SELECT c.officer_id FROM uncommon c))
        UNION ALL
        SELECT y.district_id, y.unit_id, y.officer_id, y.required, y.valid, y.forecast, false
        FROM training.officer_year(wanted, at, today) y
        WHERE at IS NOT NULL
    ) o
    GROUP BY o.district_id, o.unit_id
$$;

-- Officers of a district whose running sums differ from their entries; none, unless somebody bent one of them. Officers are
-- looked at in the order of their ids, so many at once, behind one of them (null: from the beginning).
CREATE FUNCTION training.astray_hours(district uuid, behind uuid DEFAULT NULL, most integer DEFAULT NULL)
RETURNS TABLE (checked bigint, first_bad uuid, officers bigint, reached uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH part AS MATERIALIZED (
        SELECT o.id FROM training.officers o
        WHERE o.district_id = district AND o.id > coalesce(behind, '00000000-0000-0000-0000-000000000000')
        ORDER BY o.id LIMIT most
    ), found AS (
        SELECT e.officer_id, extract(year FROM e.occurred_on)::integer AS year,
               coalesce(sum(e.hundredths) FILTER (WHERE e.category = 'public_law'), 0) AS public_law,
               coalesce(sum(e.hundredths) FILTER (WHERE e.category = 'business'), 0) AS business,
               coalesce(sum(e.hundredths) FILTER (WHERE e.category = 'skills'), 0) AS skills,
               coalesce(sum(e.hundredths) FILTER (WHERE e.category = 'political'), 0) AS political
        FROM part p JOIN training.hour_entries e ON e.officer_id = p.id LEFT JOIN training.hour_decisions d ON d.entry_id = e.id
        WHERE e.district_id = district AND (e.entered_as = 'posted' OR d.decision = 'posted')
        GROUP BY 1, 2
    ), kept AS (
        SELECT s.* FROM part p JOIN training.hour_sums s ON s.officer_id = p.id
    )
    SELECT (SELECT count(*) FROM found),
           (SELECT min(coalesce(f.officer_id, k.officer_id)::text)::uuid
            FROM found f FULL JOIN kept k ON k.officer_id = f.officer_id AND k.year = f.year
            WHERE (f.public_law, f.business, f.skills, f.political) IS DISTINCT FROM (k.public_law, k.business, k.skills, k.political)),
           (SELECT count(*) FROM part), (SELECT p.id FROM part p ORDER BY p.id DESC LIMIT 1)
$$;

------------------------------------------------------------------------------------------------ rotations
-- Full rotation (全员轮训) of an organ: its officers in service on the last day of the year, or today while it lasts, who owe
-- anything of the year; covered is whoever has hours of a class of that kind that still stand.
CREATE FUNCTION training.rotation_year(wanted integer, at timestamptz, today date)
RETURNS TABLE (district_id uuid, unit_id uuid, officer_id uuid, covered boolean) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT o.district_id, o.unit_id, o.officer_id, EXISTS (
        SELECT 1 FROM training.hour_entries e JOIN training.classes c ON c.id = e.class_id AND c.kind = 'rotation'
        WHERE e.officer_id = o.officer_id AND e.reverses_id IS NULL
          AND e.occurred_on BETWEEN make_date(wanted, 1, 1) AND make_date(wanted, 12, 31)
          AND e.created_at <= coalesce(at, 'infinity')
          AND (e.entered_as = 'posted' OR EXISTS (
              SELECT 1 FROM training.hour_decisions d
              WHERE d.entry_id = e.id AND d.decision = 'posted' AND d.decided_at <= coalesce(at, 'infinity')))
          AND NOT EXISTS (
              SELECT 1 FROM training.hour_entries r WHERE r.reverses_id = e.id AND r.created_at <= coalesce(at, 'infinity')))
    FROM training.owed_year(wanted, at, today) o
    WHERE o.months > 0 AND o.last_on >= least(make_date(wanted, 12, 31), today)
$$;

-- Whom the plan asks for one: every department of the group.
CREATE FUNCTION training.rotation_organs(wanted integer) RETURNS TABLE (district_id uuid, unit_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT DISTINCT g.district_id, g.unit_id FROM training.owed_plans(wanted) g WHERE g.kind = 'professional' $$;

-- The same by organ; owed says whether the plan asks it of the organ (every department of the group), with or without officers.
CREATE FUNCTION training.rotation_units(wanted integer, at timestamptz, today date)
RETURNS TABLE (district_id uuid, unit_id uuid, officers integer, covered integer, owed boolean)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(r.district_id, m.district_id), coalesce(r.unit_id, m.unit_id), coalesce(r.officers, 0), coalesce(r.covered, 0),
           m.unit_id IS NOT NULL
    FROM (
        SELECT y.district_id, y.unit_id, y.rotating AS officers, y.rotated AS covered
        FROM training.unit_year(wanted, NULL, today) y WHERE at IS NULL AND y.rotating > 0
        UNION ALL
        SELECT y.district_id, y.unit_id, count(*)::integer, (count(*) FILTER (WHERE y.covered))::integer
        FROM training.rotation_year(wanted, at, today) y WHERE at IS NOT NULL GROUP BY y.district_id, y.unit_id
    ) r
    FULL JOIN training.rotation_organs(wanted) m ON m.unit_id = r.unit_id
$$;

------------------------------------------------------------------------------------------------ published
-- A function behind a view runs with the rights of whoever reads the view, so these run with their owner's.
-- Hours and rotations of units at once; no officers: an organ of the plan that has none.
CREATE FUNCTION training.published_units(wanted integer)
RETURNS TABLE (
    district_id uuid, unit_id uuid, officers integer, met integer, forecast_short integer, valid_hundredths bigint,
    rotating integer, rotated integer, rotation_owed boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(u.district_id, m.district_id), coalesce(u.unit_id, m.unit_id), u.officers, u.met, u.forecast_short, u.valid,
           coalesce(u.rotating, 0), coalesce(u.rotated, 0), m.unit_id IS NOT NULL
    FROM training.unit_year(wanted, NULL, (now() AT TIME ZONE 'Asia/Shanghai')::date) u
    FULL JOIN training.rotation_organs(wanted) m ON m.unit_id = u.unit_id
$$;

-- Joint classes of the year held by the coordinating unit; while no unit is set, those of anybody count for the district.
CREATE FUNCTION training.published_joint_classes(wanted integer)
RETURNS TABLE (district_id uuid, unit_id uuid, held integer, planned integer, needed integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT d.id, coalesce(s.coordinator_id, d.id), (count(c.id) FILTER (WHERE c.state = 'held'))::integer,
           (count(c.id) FILTER (WHERE c.state = 'planned'))::integer, s.joint_classes
    FROM published.units d
    CROSS JOIN LATERAL training.settings_in_force(
        d.id, greatest(least(make_date(wanted, 12, 31), (now() AT TIME ZONE 'Asia/Shanghai')::date), make_date(wanted, 1, 1)), 'infinity') s
    LEFT JOIN training.classes c ON c.district_id = d.id AND c.kind = 'joint_township'
        AND c.unit_id = coalesce(s.coordinator_id, c.unit_id)
        AND extract(year FROM c.ends_at AT TIME ZONE 'Asia/Shanghai')::integer = wanted
    WHERE d.id = d.district_id
    GROUP BY d.id, s.coordinator_id, s.joint_classes
$$;

CREATE VIEW published.unit_training_hours AS
SELECT u.district_id, u.unit_id, y.year, u.officers, u.met, u.valid_hundredths
FROM generate_series(2023, extract(year FROM now() AT TIME ZONE 'Asia/Shanghai')::integer + 1) AS y (year)
CROSS JOIN LATERAL training.published_units(y.year) u
WHERE u.officers IS NOT NULL;

-- Obligations O2a to O2e (plan task 2) of units and years: met when value reaches threshold. at_risk: O2a, how many will stay
-- short at the present pace. under_way: something is begun that would count.
-- O2a officers who have the hours, of all · O2b annual plan · O2c joint classes · O2d professional plan · O2e full rotation
CREATE VIEW published.training_obligations AS
SELECT o.obligation, o.district_id, o.unit_id, y.year, o.value, o.threshold, o.at_risk, o.under_way
FROM generate_series(2023, extract(year FROM now() AT TIME ZONE 'Asia/Shanghai')::integer + 1) AS y (year)
CROSS JOIN LATERAL (
    SELECT w.obligation, u.district_id, u.unit_id, w.value, w.threshold, w.at_risk, w.under_way
    FROM training.published_units(y.year) u
    CROSS JOIN LATERAL (VALUES
        ('O2a', u.met, u.officers, u.forecast_short, true),
        ('O2e', CASE WHEN u.rotation_owed THEN (u.rotating > 0 AND u.rotated = u.rotating)::integer END, least(u.rotating, 1),
         u.rotating - u.rotated, u.rotated > 0)) AS w (obligation, value, threshold, at_risk, under_way)
    WHERE w.value IS NOT NULL
    UNION ALL
    SELECT 'O2c', j.district_id, j.unit_id, j.held, j.needed, 0, j.planned > 0 FROM training.published_joint_classes(y.year) j
) o
UNION ALL
SELECT p.obligation, p.district_id, p.unit_id, p.year, p.value, p.threshold, 0, p.under_way
FROM published.training_plan_obligations p;

GRANT SELECT ON published.unit_training_hours, published.training_obligations TO zhifa_training, zhifa_cases, zhifa_tasks;
GRANT SELECT ON training.hour_sums TO zhifa_training;
REVOKE ALL ON FUNCTION training.add_to_sums(uuid[], integer[], text[], integer[]), training.astray_hours(uuid, uuid, integer),
    training.published_units(integer), training.published_joint_classes(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION training.astray_hours(uuid, uuid, integer) TO zhifa_training;
GRANT EXECUTE ON FUNCTION training.published_units(integer), training.published_joint_classes(integer)
    TO zhifa_training, zhifa_cases, zhifa_tasks;
