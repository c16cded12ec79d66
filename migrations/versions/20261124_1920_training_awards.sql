-- Awards (表彰奖励) of officers and units, passes of the national legal examination among them (plan task 5).
CREATE TABLE training.awards (
    id uuid CONSTRAINT pk_awards PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_awards_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_awards_unit_id REFERENCES directory.units (id),
    officer_id uuid CONSTRAINT fk_awards_officer_id REFERENCES training.officers (id),
    kind text NOT NULL,
    level text NOT NULL,
    title text NOT NULL,
    awarded_on date NOT NULL,
    awarded_by text,
    document_no text,
    attachment_ids uuid[] NOT NULL,
    state text NOT NULL,
    void_reason text,
    external_system text,
    external_id text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT uq_awards_district_id_external_system_external_id UNIQUE (district_id, external_system, external_id),
    CONSTRAINT ck_awards_kind CHECK (kind IN ('commendation', 'merit', 'prize', 'legal_examination', 'other')),
    CONSTRAINT ck_awards_level CHECK (level IN ('unit', 'district', 'city', 'province', 'national')),
    CONSTRAINT ck_awards_state CHECK (state IN ('recorded', 'void')),
    CONSTRAINT ck_awards_void CHECK ((void_reason IS NULL) = (state = 'recorded')),
    CONSTRAINT ck_awards_external CHECK ((external_system IS NULL) = (external_id IS NULL))
);
CREATE INDEX ix_awards_district_id_awarded_on_id ON training.awards (district_id, awarded_on, id);
CREATE INDEX ix_awards_officer_id ON training.awards (officer_id);
CREATE INDEX ix_awards_unit_id_awarded_on ON training.awards (unit_id, awarded_on);

CREATE VIEW published.awards AS
SELECT id, district_id, unit_id, officer_id, kind, level, awarded_on FROM training.awards WHERE state = 'recorded';

GRANT SELECT ON published.awards TO zhifa_training, zhifa_cases, zhifa_tasks;
GRANT SELECT, INSERT, UPDATE ON training.awards TO zhifa_training;
