-- Guidance of township cases by the departments that granted the powers (跟案指导): settings, rounds of drawing, cases guided.
CREATE TABLE cases.guidance_settings (
    id uuid CONSTRAINT pk_guidance_settings PRIMARY KEY,
    district_id uuid CONSTRAINT fk_guidance_settings_district_id REFERENCES directory.units (id),
    valid_from date NOT NULL,
    assumed boolean NOT NULL,
    share_per_10000 integer NOT NULL,
    basis text NOT NULL,
    counted text NOT NULL,
    source text,
    created_by uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_guidance_settings_district_id_valid_from UNIQUE NULLS NOT DISTINCT (district_id, valid_from),
    CONSTRAINT ck_guidance_settings_share CHECK (share_per_10000 BETWEEN 0 AND 10000),
    CONSTRAINT ck_guidance_settings_basis CHECK (basis IN ('filed', 'decided', 'closed')),
    CONSTRAINT ck_guidance_settings_counted CHECK (counted IN ('picked', 'begun', 'finished'))
);
SELECT kit.make_append_only('cases.guidance_settings');
-- The share is the plan's; of what it is a share, and what counts as guided, the plan leaves open.
INSERT INTO cases.guidance_settings (id, valid_from, assumed, share_per_10000, basis, counted, source, created_at)
VALUES ('01900000-0000-7000-8000-000000000111', '2023-01-01', true, 3000, 'filed', 'begun',
    '三年行动方案任务11：每年选取不少于30%的案件；按当年立案的赋权事项案件计，已开展指导的计入，待区司法局核定', '2024-01-01T00:00:00Z');

CREATE TABLE cases.guidance_rounds (
    id uuid CONSTRAINT pk_guidance_rounds PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_guidance_rounds_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_guidance_rounds_unit_id REFERENCES directory.units (id),
    year integer NOT NULL,
    state text NOT NULL,
    basis text NOT NULL,
    quota jsonb NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    void_reason text,
    version integer NOT NULL,
    CONSTRAINT ck_guidance_rounds_state CHECK (state IN ('draft', 'frozen', 'drawn', 'void')),
    CONSTRAINT ck_guidance_rounds_basis CHECK (basis IN ('filed', 'decided', 'closed')),
    CONSTRAINT ck_guidance_rounds_void CHECK ((state = 'void') = (void_reason IS NOT NULL))
);
-- One at a time, so that no case stands in two frames at once.
CREATE UNIQUE INDEX uq_guidance_rounds_open ON cases.guidance_rounds (unit_id, year) WHERE state IN ('draft', 'frozen');
CREATE INDEX ix_guidance_rounds_district_id_created_at ON cases.guidance_rounds (district_id, created_at, id);
CREATE INDEX ix_guidance_rounds_unit_id_created_at ON cases.guidance_rounds (unit_id, created_at, id);

CREATE TABLE cases.guidances (
    id uuid CONSTRAINT pk_guidances PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_guidances_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_guidances_unit_id REFERENCES directory.units (id),
    case_unit_id uuid NOT NULL CONSTRAINT fk_guidances_case_unit_id REFERENCES directory.units (id),
    round_id uuid CONSTRAINT fk_guidances_round_id REFERENCES cases.guidance_rounds (id),
    case_file_id uuid NOT NULL CONSTRAINT fk_guidances_case_file_id REFERENCES cases.case_files (id),
    year integer NOT NULL,
    how text NOT NULL,
    reason text,
    state text NOT NULL,
    guides uuid[] NOT NULL,
    outcome text,
    summary text,
    finished_on date,
    void_reason text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_guidances_how CHECK (how IN ('draw', 'growth', 'substitute', 'chosen')),
    CONSTRAINT ck_guidances_chosen CHECK ((how = 'chosen') = (round_id IS NULL) AND (how = 'chosen') = (reason IS NOT NULL)),
    CONSTRAINT ck_guidances_state CHECK (state IN ('picked', 'under_way', 'finished', 'void')),
    CONSTRAINT ck_guidances_finished CHECK ((state = 'finished') = (finished_on IS NOT NULL)
        AND (state = 'finished') = (outcome IS NOT NULL)),
    CONSTRAINT ck_guidances_void CHECK ((state = 'void') = (void_reason IS NOT NULL))
);
CREATE UNIQUE INDEX uq_guidances_live ON cases.guidances (unit_id, case_file_id) WHERE state <> 'void';
CREATE INDEX ix_guidances_district_id_created_at ON cases.guidances (district_id, created_at, id);
CREATE INDEX ix_guidances_unit_id_created_at ON cases.guidances (unit_id, created_at, id);
CREATE INDEX ix_guidances_case_unit_id_created_at ON cases.guidances (case_unit_id, created_at, id);
CREATE INDEX ix_guidances_case_file_id ON cases.guidances (case_file_id);
CREATE INDEX ix_guidances_round_id ON cases.guidances (round_id);

CREATE TABLE cases.guidance_visits (
    id uuid CONSTRAINT pk_guidance_visits PRIMARY KEY,
    guidance_id uuid NOT NULL CONSTRAINT fk_guidance_visits_guidance_id REFERENCES cases.guidances (id),
    visited_on date NOT NULL,
    form text NOT NULL,
    advice text NOT NULL,
    response text,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT ck_guidance_visits_form CHECK (form IN ('on_site', 'papers', 'online', 'meeting'))
);
CREATE INDEX ix_guidance_visits_guidance_id_visited_on ON cases.guidance_visits (guidance_id, visited_on, id);

------------------------------------------------------------------------------------------------ what the share is of
-- Cases of townships on items granted to them, by the department that granted them: told by the item's code, or by its very
-- name where a case gives no code; the grant must hold on the day of filing. Teams below a township act for it.
-- Two branches, since each of them finds its files in the index by unit, item code and day. Grants of one item to one township
-- are put together first, so that no case comes twice.
CREATE VIEW cases.granted_cases AS
SELECT f.id AS case_file_id, g.district_id, g.department_id, g.unit_id AS township_id, f.filed_on, f.decided_on, f.closed_on
FROM (
    SELECT i.district_id, i.department_id, i.unit_id, i.item_code, min(i.granted_on) AS first_on,
           range_agg(daterange(i.granted_on, i.ends_on, '[]')) AS days
    FROM published.granted_items i WHERE coalesce(i.ends_on, 'infinity') >= i.granted_on
    GROUP BY i.district_id, i.department_id, i.unit_id, i.item_code
) g
JOIN published.units u ON g.unit_id = ANY (u.path)
JOIN cases.case_files f ON f.unit_id = u.id AND f.state <> 'void' AND f.item_code = g.item_code
    AND f.filed_on >= g.first_on AND g.days @> f.filed_on
UNION ALL
SELECT f.id, g.district_id, g.department_id, g.unit_id, f.filed_on, f.decided_on, f.closed_on
FROM (
    SELECT i.district_id, i.department_id, i.unit_id, i.item, min(i.granted_on) AS first_on,
           range_agg(daterange(i.granted_on, i.ends_on, '[]')) AS days
    FROM published.granted_items i WHERE coalesce(i.ends_on, 'infinity') >= i.granted_on
    GROUP BY i.district_id, i.department_id, i.unit_id, i.item
) g
JOIN published.units u ON g.unit_id = ANY (u.path)
JOIN cases.case_files f ON f.unit_id = u.id AND f.state <> 'void' AND f.item_code IS NULL AND f.item = g.item
    AND f.filed_on >= g.first_on AND g.days @> f.filed_on;

-- For each department and year in which a grant of it holds: cases, those that must be guided, those that are. A year is
-- measured by the newest settings that begin by its end.
CREATE VIEW published.guidance_shares AS
SELECT y.district_id, y.unit_id, y.year, y.basis, y.counted, y.share_per_10000, n.cases, n.need, n.picked, n.drawn, n.begun,
    n.finished, n.guided,
    CASE WHEN n.cases = 0 THEN 'not_applicable' WHEN n.guided >= n.need THEN 'met' ELSE 'short' END AS status
FROM (
    SELECT d.district_id, d.department_id AS unit_id, t.year, s.share_per_10000, s.basis, s.counted
    FROM (SELECT g.district_id, g.department_id, min(g.granted_on) AS granted_on,
              max(coalesce(g.ends_on, 'infinity')) AS ends_on
          FROM published.granted_items g GROUP BY 1, 2) d
    JOIN generate_series(2000, 2100) AS t (year)
        ON d.granted_on <= make_date(t.year, 12, 31) AND d.ends_on >= make_date(t.year, 1, 1)
    CROSS JOIN LATERAL (
        SELECT * FROM cases.guidance_settings
        WHERE (district_id = d.district_id OR district_id IS NULL) AND valid_from <= make_date(t.year, 12, 31)
        ORDER BY district_id IS NULL, valid_from DESC LIMIT 1
    ) s
) AS y
CROSS JOIN LATERAL (
    -- Cases and guidances meet by grouping: nobody knows beforehand how many cases there are, so a join would look up each.
    SELECT coalesce(sum(m.cases), 0)::integer AS cases,
        ceil(coalesce(sum(m.cases), 0) * y.share_per_10000 / 10000.0)::integer AS need,
        coalesce(sum(m.cases) FILTER (WHERE m.state IS NOT NULL), 0)::integer AS picked,
        coalesce(sum(m.cases) FILTER (WHERE m.how <> 'chosen'), 0)::integer AS drawn,
        coalesce(sum(m.cases) FILTER (WHERE m.state IN ('under_way', 'finished')), 0)::integer AS begun,
        coalesce(sum(m.cases) FILTER (WHERE m.state = 'finished'), 0)::integer AS finished,
        coalesce(sum(m.cases) FILTER (WHERE m.state = 'finished' OR (y.counted = 'picked' AND m.state IS NOT NULL)
            OR (y.counted = 'begun' AND m.state = 'under_way')), 0)::integer AS guided
    FROM (
        SELECT e.case_file_id, count(e.township_id)::integer AS cases, max(e.how) AS how, max(e.state) AS state
        FROM (
            SELECT c.case_file_id, c.township_id, NULL AS how, NULL AS state FROM cases.granted_cases c
            WHERE c.department_id = y.unit_id
              AND CASE y.basis WHEN 'filed' THEN c.filed_on WHEN 'decided' THEN c.decided_on ELSE c.closed_on END
                  BETWEEN make_date(y.year, 1, 1) AND make_date(y.year, 12, 31)
            UNION ALL
            SELECT p.case_file_id, NULL, p.how, p.state FROM cases.guidances p WHERE p.unit_id = y.unit_id AND p.state <> 'void'
        ) e
        GROUP BY e.case_file_id
    ) m
) n;

-- States of guidances as they came, so that shares of a past moment come out again as they were recorded then.
CREATE TABLE cases.guidance_states (
    guidance_id uuid NOT NULL CONSTRAINT fk_guidance_states_guidance_id REFERENCES cases.guidances (id),
    recorded_at timestamptz NOT NULL,
    state text NOT NULL,
    CONSTRAINT pk_guidance_states PRIMARY KEY (guidance_id, recorded_at)
);
CREATE FUNCTION cases.keep_guidance_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases.guidance_states (guidance_id, recorded_at, state) VALUES (NEW.id, NEW.updated_at, NEW.state)
    ON CONFLICT (guidance_id, recorded_at) DO UPDATE SET state = EXCLUDED.state;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_state AFTER INSERT OR UPDATE OF state ON cases.guidances
    FOR EACH ROW EXECUTE FUNCTION cases.keep_guidance_state();
CREATE TRIGGER keep_rows BEFORE DELETE ON cases.guidance_states FOR EACH ROW EXECUTE FUNCTION kit.refuse_change();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON cases.guidance_states
    FOR EACH STATEMENT EXECUTE FUNCTION kit.refuse_change();

-- The shares of a year by what had been recorded at a moment: grants not yet void then, days and states of cases and guidances
-- as they stood, the settings laid down by then. What a case is about is taken as it stands now.
CREATE FUNCTION cases.guidance_shares_at(moment timestamptz, wanted integer) RETURNS TABLE (district_id uuid, unit_id uuid,
    year integer, basis text, counted text, share_per_10000 integer, cases integer, need integer, picked integer, drawn integer,
    begun integer, finished integer, guided integer, status text, townships json)
LANGUAGE sql STABLE AS $$
    WITH items AS MATERIALIZED (
        SELECT r.id, r.district_id, r.unit_id, r.subject_id AS department_id, r.facts ->> 'item_code' AS item_code,
               r.facts ->> 'item' AS item, r.occurred_on AS granted_on,
               coalesce((r.facts ->> 'ends_on')::date, 'infinity') AS ends_on
        FROM cases.records r
        WHERE r.kind = 'granted-items' AND r.created_at <= moment AND (r.state = 'active' OR r.updated_at > moment)
    ), asked AS (
        SELECT d.district_id, d.department_id, s.share_per_10000, s.basis, s.counted
        FROM (SELECT i.district_id, i.department_id FROM items i
              GROUP BY 1, 2 HAVING min(i.granted_on) <= make_date(wanted, 12, 31) AND max(i.ends_on) >= make_date(wanted, 1, 1)) d
        CROSS JOIN LATERAL (
            SELECT * FROM cases.guidance_settings g
            WHERE (g.district_id = d.district_id OR g.district_id IS NULL) AND g.valid_from <= make_date(wanted, 12, 31)
              AND (g.created_at <= moment OR g.district_id IS NULL)
            ORDER BY g.district_id IS NULL, g.valid_from DESC LIMIT 1
        ) s
    ), files AS MATERIALIZED (
        SELECT DISTINCT ON (t.case_file_id) t.case_file_id, t.unit_id, t.state, t.filed_on, t.decided_on,
               CASE WHEN t.state IN ('closed', 'archived') THEN f.closed_on END AS closed_on, f.item, f.item_code
        FROM cases.case_tallies t JOIN cases.case_files f ON f.id = t.case_file_id
        WHERE t.recorded_at <= moment ORDER BY t.case_file_id, t.recorded_at DESC
    ), granted AS (
        SELECT DISTINCT f.case_file_id, i.department_id, i.unit_id AS township_id, f.filed_on, f.decided_on, f.closed_on
        FROM items i
        JOIN published.units u ON i.unit_id = ANY (u.path)
        JOIN files f ON f.unit_id = u.id AND f.state <> 'void' AND f.filed_on BETWEEN i.granted_on AND i.ends_on
            AND (f.item_code = i.item_code OR (f.item_code IS NULL AND f.item = i.item))
    ), chosen AS (
        SELECT g.id, g.case_file_id, g.unit_id, g.how, s.state FROM cases.guidances g
        CROSS JOIN LATERAL (SELECT k.state FROM cases.guidance_states k WHERE k.guidance_id = g.id AND k.recorded_at <= moment
                            ORDER BY k.recorded_at DESC LIMIT 1) s
        WHERE s.state <> 'void'
    ), met AS (
        SELECT a.*, c.case_file_id, c.township_id, p.id, p.how, p.state
        FROM asked a
        LEFT JOIN granted c ON c.department_id = a.department_id
            AND CASE a.basis WHEN 'filed' THEN c.filed_on WHEN 'decided' THEN c.decided_on ELSE c.closed_on END
                BETWEEN make_date(wanted, 1, 1) AND make_date(wanted, 12, 31)
        LEFT JOIN chosen p ON p.case_file_id = c.case_file_id AND p.unit_id = c.department_id
    ), towns AS (
        SELECT m.department_id, m.township_id, count(*) AS cases, count(m.id) AS picked FROM met m
        WHERE m.township_id IS NOT NULL GROUP BY 1, 2
    ), counts AS (
        SELECT m.district_id, m.department_id, m.share_per_10000, m.basis, m.counted, count(m.case_file_id)::integer AS cases,
            ceil(count(m.case_file_id) * m.share_per_10000 / 10000.0)::integer AS need, count(m.id)::integer AS picked,
            (count(m.id) FILTER (WHERE m.how <> 'chosen'))::integer AS drawn,
            (count(m.id) FILTER (WHERE m.state IN ('under_way', 'finished')))::integer AS begun,
            (count(m.id) FILTER (WHERE m.state = 'finished'))::integer AS finished,
            (count(m.id) FILTER (WHERE m.counted = 'picked' OR m.state = 'finished'
                OR (m.counted = 'begun' AND m.state = 'under_way')))::integer AS guided
        FROM met m GROUP BY 1, 2, 3, 4, 5
    )
    SELECT n.district_id, n.department_id, wanted, n.basis, n.counted, n.share_per_10000, n.cases, n.need, n.picked, n.drawn,
        n.begun, n.finished, n.guided,
        CASE WHEN n.cases = 0 THEN 'not_applicable' WHEN n.guided >= n.need THEN 'met' ELSE 'short' END,
        coalesce((SELECT json_agg(json_build_object('township_id', t.township_id, 'cases', t.cases, 'picked', t.picked)
                         ORDER BY t.township_id) FROM towns t WHERE t.department_id = n.department_id), '[]')
    FROM counts n
$$;

GRANT SELECT, INSERT, UPDATE ON cases.guidance_states TO zhifa_cases;
GRANT SELECT, INSERT ON cases.guidance_settings TO zhifa_cases;
GRANT SELECT, INSERT, UPDATE ON cases.guidance_rounds, cases.guidances, cases.guidance_visits TO zhifa_cases;
GRANT SELECT ON cases.granted_cases TO zhifa_cases;
GRANT SELECT ON published.guidance_shares TO zhifa_cases, zhifa_tasks;

-- How the plan's open words are read here, for whoever tells of the obligations that rest on it: of what 30 % are a share and
-- what counts as guided (O11b, by year), and within how many days 及时 is (O7, by the day made public).
CREATE VIEW published.plan_readings AS
SELECT 'guidance' AS key, id, district_id, valid_from, CAST(NULL AS date) AS valid_to, coalesce(source, '') AS reading,
       jsonb_build_object('share_per_10000', share_per_10000, 'basis', basis, 'counted', counted) AS value,
       created_at AS recorded_at
FROM cases.guidance_settings
UNION ALL
SELECT topic, id, district_id, valid_from, valid_to, source, jsonb_build_object('value', value, 'measure', measure), created_at
FROM cases.legal_settings
WHERE topic = 'benchmark_filing' AND num_nonnulls(sector, case_kind, procedure, party_kind, result) = 0;
GRANT SELECT ON published.plan_readings TO zhifa_cases, zhifa_tasks;
