------------------------------------------------------------------------------------------------ reports
CREATE TABLE tasks.reports (
    id uuid CONSTRAINT pk_reports PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_reports_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_reports_unit_id REFERENCES directory.units (id),
    kind text NOT NULL,
    title text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    sections jsonb NOT NULL,
    state text NOT NULL,
    as_of timestamptz,
    data jsonb,
    data_sha256 text,
    document_no text,
    approved_by_name text,
    approved_at timestamptz,
    sent_on date,
    sent_to text,
    void_reason text,
    created_by uuid NOT NULL,
    created_by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_reports_state CHECK (state IN ('gathering', 'draft', 'approved', 'sent', 'void')),
    CONSTRAINT ck_reports_period CHECK (period_end >= period_start),
    CONSTRAINT ck_reports_data CHECK (state IN ('gathering', 'void') OR data IS NOT NULL),
    CONSTRAINT ck_reports_sent CHECK ((state = 'sent') = (sent_on IS NOT NULL))
);
CREATE INDEX ix_reports_district_id_period_end ON tasks.reports (district_id, period_end, id);
GRANT SELECT, INSERT, UPDATE ON tasks.reports TO zhifa_tasks;
