-- Records of every kind that needs no workflow. A kind is declared in the code alone; its facts are JSON that the service
-- has validated.
CREATE TABLE tasks.records (
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
CREATE INDEX ix_records_district_id_kind_occurred_on_id ON tasks.records (district_id, kind, occurred_on, id);
CREATE INDEX ix_records_unit_id_kind_occurred_on_id ON tasks.records (unit_id, kind, occurred_on, id);
CREATE INDEX ix_records_subject_id_kind ON tasks.records (subject_id, kind) WHERE subject_id IS NOT NULL;
CREATE UNIQUE INDEX uq_records_external_id ON tasks.records (district_id, kind, external_system, external_id)
    WHERE external_id IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON tasks.records TO zhifa_tasks;
