-- Objections to results, and rectifications of what reviews found.
CREATE TABLE cases.objections (
    id uuid CONSTRAINT pk_objections PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_objections_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_objections_unit_id REFERENCES directory.units (id),
    result_id uuid NOT NULL CONSTRAINT fk_objections_result_id REFERENCES cases.results (id),
    case_file_id uuid NOT NULL CONSTRAINT fk_objections_case_file_id REFERENCES cases.case_files (id),
    text text NOT NULL,
    state text NOT NULL,
    filed_by uuid NOT NULL,
    filed_at timestamptz NOT NULL,
    decide_by date NOT NULL,
    decider_id uuid,
    decision text,
    content jsonb,
    total_before integer,
    grade_before text NOT NULL,
    decided_at timestamptz,
    version integer NOT NULL,
    -- One round: a result is objected to once.
    CONSTRAINT uq_objections_result_id UNIQUE (result_id),
    CONSTRAINT ck_objections_state CHECK (state IN ('filed', 'assigned', 'upheld', 'rejected', 'withdrawn')),
    CONSTRAINT ck_objections_decided CHECK ((state IN ('upheld', 'rejected')) = (decided_at IS NOT NULL)),
    CONSTRAINT ck_objections_decision CHECK ((decided_at IS NULL) = (decision IS NULL)),
    CONSTRAINT ck_objections_content CHECK ((state = 'upheld') = (content IS NOT NULL))
);
CREATE INDEX ix_objections_district_id_filed_at ON cases.objections (district_id, filed_at, id);
CREATE INDEX ix_objections_unit_id_filed_at ON cases.objections (unit_id, filed_at, id);
CREATE INDEX ix_objections_decider_id ON cases.objections (decider_id);
CREATE INDEX ix_objections_case_file_id ON cases.objections (case_file_id);

CREATE TABLE cases.rectifications (
    id uuid CONSTRAINT pk_rectifications PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_rectifications_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_rectifications_unit_id REFERENCES directory.units (id),
    case_file_id uuid NOT NULL CONSTRAINT fk_rectifications_case_file_id REFERENCES cases.case_files (id),
    result_id uuid CONSTRAINT fk_rectifications_result_id REFERENCES cases.results (id),
    year integer NOT NULL,
    items jsonb NOT NULL,
    keys text[] NOT NULL,
    priority text NOT NULL,
    repeated_keys text[] NOT NULL,
    due_on date NOT NULL,
    state text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    report text,
    reported_by uuid,
    reported_at timestamptz,
    check_note text,
    checked_by uuid,
    checked_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT uq_rectifications_result_id UNIQUE (result_id),
    CONSTRAINT ck_rectifications_state CHECK (state IN ('open', 'reported', 'closed')),
    CONSTRAINT ck_rectifications_priority CHECK (priority IN ('normal', 'high')),
    CONSTRAINT ck_rectifications_items CHECK (jsonb_array_length(items) >= 1),
    CONSTRAINT ck_rectifications_reported CHECK (state = 'open' OR reported_at IS NOT NULL),
    CONSTRAINT ck_rectifications_closed CHECK (state <> 'closed' OR checked_by IS NOT NULL AND checked_by <> reported_by)
);
CREATE INDEX ix_rectifications_district_id_due_on ON cases.rectifications (district_id, due_on, id);
CREATE INDEX ix_rectifications_unit_id_due_on ON cases.rectifications (unit_id, due_on, id);
CREATE INDEX ix_rectifications_case_file_id ON cases.rectifications (case_file_id);

-- What is still owed: who supervises asks for what is past its day.
CREATE VIEW published.open_rectifications AS
SELECT r.id, r.district_id, r.unit_id, f.case_no, r.priority, r.due_on, r.state, jsonb_array_length(r.items) AS items
FROM cases.rectifications r JOIN cases.case_files f ON f.id = r.case_file_id WHERE r.state <> 'closed';

GRANT SELECT ON published.open_rectifications TO zhifa_cases, zhifa_tasks;
GRANT SELECT, INSERT, UPDATE ON cases.objections, cases.rectifications TO zhifa_cases;
