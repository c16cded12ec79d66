------------------------------------------------------------------------------------------------ typed registers of cases
-- Records of every kind that needs no workflow: transfers, mediations, litigations and the like. A kind is declared in the
-- code alone; its facts are JSON that the service has validated.
CREATE TABLE cases.records (
    id uuid CONSTRAINT pk_records PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_records_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_records_unit_id REFERENCES directory.units (id),
    kind text NOT NULL,
    occurred_on date NOT NULL,
    subject_id uuid,
    facts jsonb NOT NULL,
    attachment_ids uuid[] NOT NULL,
    external_system text,
    external_id text,
    state text NOT NULL,
    void_reason text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_records_state CHECK (state IN ('active', 'void')),
    CONSTRAINT ck_records_void CHECK ((state = 'void') = (void_reason IS NOT NULL))
);
CREATE INDEX ix_records_district_id_kind_occurred_on_id ON cases.records (district_id, kind, occurred_on, id);
CREATE INDEX ix_records_unit_id_kind_occurred_on_id ON cases.records (unit_id, kind, occurred_on, id);
CREATE INDEX ix_records_subject_id_kind ON cases.records (subject_id, kind) WHERE subject_id IS NOT NULL;
CREATE UNIQUE INDEX uq_records_external_id ON cases.records (district_id, kind, external_system, external_id)
    WHERE external_id IS NOT NULL;

-- What obligations and reports count: records that are not void.
CREATE VIEW published.case_records AS
SELECT id, district_id, unit_id, kind, occurred_on, subject_id AS case_file_id, facts FROM cases.records
WHERE state = 'active' AND kind <> 'granted-items';

-- Powers given to townships by departments (赋权事项), from a day to another if one is given, both included.
CREATE VIEW published.granted_items AS
SELECT id, district_id, unit_id, subject_id AS department_id, facts ->> 'item_code' AS item_code, facts ->> 'item' AS item,
       occurred_on AS granted_on, (facts ->> 'ends_on')::date AS ends_on
FROM cases.records WHERE state = 'active' AND kind = 'granted-items';

-- Which case files there are: what records of other services refer to. Nothing of parties or contents.
CREATE VIEW published.case_files AS
SELECT id, district_id, unit_id, case_no, kind, state FROM cases.case_files WHERE state <> 'void';

GRANT SELECT ON published.case_records, published.granted_items, published.case_files TO zhifa_cases, zhifa_tasks;
GRANT SELECT, INSERT, UPDATE ON cases.records TO zhifa_cases;

-- The legal check reads reviews and publications from here, devices of monitoring and items of lists as well, so a file is
-- checked anew when one of them changes.
CREATE INDEX ix_case_steps_equipment_id ON cases.case_steps ((fields ->> 'equipment_id'))
    WHERE fields ->> 'equipment_id' IS NOT NULL;
CREATE INDEX ix_case_steps_lenient_item_id ON cases.case_steps ((fields ->> 'lenient_item_id'))
    WHERE fields ->> 'lenient_item_id' IS NOT NULL;
CREATE FUNCTION cases.queue_legal_check_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases.legal_check_queue (case_file_id, district_id, turn)
    SELECT f.id, f.district_id, gen_random_uuid() FROM cases.case_files f
    WHERE f.id IN (
        SELECT subject_id FROM changed WHERE kind IN ('legal-reviews', 'publicity-records')
        UNION ALL SELECT s.case_file_id FROM changed c JOIN cases.case_steps s ON s.fields ->> 'equipment_id' = c.id::text
        WHERE c.kind = 'monitoring-equipment'
        UNION ALL SELECT s.case_file_id FROM changed c JOIN cases.case_steps s ON s.fields ->> 'lenient_item_id' = c.id::text
        WHERE c.kind = 'lenient-items') ORDER BY f.id
    ON CONFLICT (case_file_id) DO UPDATE SET turn = EXCLUDED.turn;
    RETURN NULL;
END $$;
CREATE TRIGGER queue_new AFTER INSERT ON cases.records REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases.queue_legal_check_of_record();
CREATE TRIGGER queue_changed AFTER UPDATE ON cases.records REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases.queue_legal_check_of_record();
