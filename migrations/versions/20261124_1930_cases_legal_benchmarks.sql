------------------------------------------------------------------------------------------------ discretion benchmarks
CREATE TABLE cases.discretion_benchmarks (
    id uuid CONSTRAINT pk_discretion_benchmarks PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_discretion_benchmarks_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_discretion_benchmarks_unit_id REFERENCES directory.units (id),
    item text NOT NULL,
    title text NOT NULL,
    legal_bases text[] NOT NULL,
    zero_range boolean NOT NULL,
    bands jsonb NOT NULL,
    trigger text NOT NULL,
    trigger_note text,
    replaces_id uuid CONSTRAINT fk_discretion_benchmarks_replaces_id REFERENCES cases.discretion_benchmarks (id),
    in_force_from date NOT NULL,
    in_force_to date,
    state text NOT NULL,
    published_on date,
    public_address text,
    filed_on date,
    received_on date,
    filing_no text,
    opinion text,
    opinion_text text,
    attachment_ids uuid[] NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_discretion_benchmarks_state CHECK (state IN ('draft', 'published', 'superseded', 'repealed', 'dropped')),
    CONSTRAINT ck_discretion_benchmarks_days CHECK (in_force_to >= in_force_from),
    CONSTRAINT ck_discretion_benchmarks_published CHECK ((state IN ('draft', 'dropped')) = (published_on IS NULL))
);
CREATE INDEX ix_discretion_benchmarks_district_id_in_force_from_id ON cases.discretion_benchmarks (district_id, in_force_from, id);
CREATE INDEX ix_discretion_benchmarks_unit_id_item ON cases.discretion_benchmarks (unit_id, item);

CREATE TABLE cases.law_changes (
    id uuid CONSTRAINT pk_law_changes PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_law_changes_district_id REFERENCES directory.units (id),
    legal_basis text NOT NULL,
    changed_on date NOT NULL,
    note text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_law_changes_district_id_legal_basis ON cases.law_changes (district_id, legal_basis, changed_on);
SELECT kit.make_append_only('cases.law_changes');

-- Plan task 7: what was made public is filed with the bureau without delay. How long that is, is a dated setting in calendar
-- days (no public text names a number); a district's own goes before the one delivered.
INSERT INTO cases.legal_settings
    (id, topic, sector, case_kind, procedure, party_kind, result, value, measure, valid_from, source, assumed, version, created_at)
VALUES
    ('01900000-0000-7000-8000-000000005130', 'benchmark_filing', NULL, NULL, NULL, NULL, NULL, 15, 'calendar_days', '2020-01-01', '方案任务七“及时报备”，天数为推定值', true, 1, '2024-01-01T00:00:00Z');

-- With the rights of its owner: whoever reads the view below has none on the settings.
CREATE FUNCTION cases.filing_due_on(wanted_district uuid, published date) RETURNS date LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT published + value::integer FROM cases.legal_settings
    WHERE topic = 'benchmark_filing' AND num_nonnulls(sector, case_kind, procedure, party_kind, result) = 0
      AND (district_id = wanted_district OR district_id IS NULL)
      AND valid_from <= published AND coalesce(valid_to, 'infinity') >= published
    ORDER BY district_id IS NULL, valid_from DESC LIMIT 1
$$;

-- Obligation O7: each version made public and filed, and whether in time. The limit is looked up once for all of a day.
CREATE VIEW published.benchmark_filings AS
SELECT b.id AS benchmark_id, b.district_id, b.unit_id, extract(year FROM b.published_on)::integer AS year, b.published_on,
       b.filed_on, d.due_on
FROM cases.discretion_benchmarks b
JOIN (
    SELECT k.district_id, k.published_on, cases.filing_due_on(k.district_id, k.published_on) AS due_on
    FROM cases.discretion_benchmarks k WHERE k.published_on IS NOT NULL GROUP BY k.district_id, k.published_on
) d ON d.district_id = b.district_id AND d.published_on = b.published_on;

GRANT SELECT ON published.benchmark_filings TO zhifa_cases, zhifa_tasks;
GRANT SELECT, INSERT, UPDATE ON cases.discretion_benchmarks TO zhifa_cases;
GRANT SELECT, INSERT ON cases.law_changes TO zhifa_cases;

-- Decisions are checked against the versions they name, so their files are checked anew when one of those changes.
CREATE INDEX ix_case_steps_benchmark_id ON cases.case_steps ((fields ->> 'benchmark_id')) WHERE fields ->> 'benchmark_id' IS NOT NULL;
CREATE FUNCTION cases.queue_legal_check_of_benchmark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases.legal_check_queue (case_file_id, district_id, turn)
    SELECT f.id, f.district_id, gen_random_uuid() FROM cases.case_files f
    WHERE f.id IN (SELECT s.case_file_id FROM changed b JOIN cases.case_steps s ON s.fields ->> 'benchmark_id' = b.id::text)
    ORDER BY f.id
    ON CONFLICT (case_file_id) DO UPDATE SET turn = EXCLUDED.turn;
    RETURN NULL;
END $$;
CREATE TRIGGER queue_changed AFTER UPDATE ON cases.discretion_benchmarks REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases.queue_legal_check_of_benchmark();
