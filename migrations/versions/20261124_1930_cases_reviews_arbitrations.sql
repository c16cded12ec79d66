-- Arbitrations: a third person decides on a file whose reviews disagree, knowing what was found and not by whom.
CREATE TABLE cases.arbitrations (
    id uuid CONSTRAINT pk_arbitrations PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_arbitrations_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_arbitrations_unit_id REFERENCES directory.units (id),
    round_id uuid NOT NULL CONSTRAINT fk_arbitrations_round_id REFERENCES cases.review_rounds (id),
    case_file_id uuid NOT NULL CONSTRAINT fk_arbitrations_case_file_id REFERENCES cases.case_files (id),
    hide_unit boolean NOT NULL,
    number integer NOT NULL,
    grounds text[] NOT NULL,
    spread_hundredths integer NOT NULL,
    review_ids uuid[] NOT NULL,
    seed text NOT NULL,
    candidates jsonb NOT NULL,
    account_id uuid,
    state text NOT NULL,
    content jsonb,
    total_hundredths integer,
    got_hundredths integer,
    applicable_hundredths integer,
    grade text,
    content_hash text,
    structure_hash text,
    created_at timestamptz NOT NULL,
    opened_at timestamptz,
    saved_at timestamptz,
    submitted_at timestamptz,
    ended_how text,
    ended_reason text,
    ended_at timestamptz,
    saves integer NOT NULL,
    version integer NOT NULL,
    CONSTRAINT uq_arbitrations_round_id_case_file_id_number UNIQUE (round_id, case_file_id, number),
    CONSTRAINT ck_arbitrations_state CHECK (state IN ('waiting', 'assigned', 'opened', 'draft', 'submitted', 'void')),
    CONSTRAINT ck_arbitrations_waiting CHECK (state = 'void' OR (state = 'waiting') = (account_id IS NULL)),
    CONSTRAINT ck_arbitrations_grounds CHECK (cardinality(grounds) >= 1),
    CONSTRAINT ck_arbitrations_ended CHECK (
        ended_how IN ('declined', 'recused', 'conflict', 'overtaken', 'replaced', 'withdrawn')),
    CONSTRAINT ck_arbitrations_void CHECK ((state = 'void') = (ended_at IS NOT NULL)),
    CONSTRAINT ck_arbitrations_submitted CHECK ((grade IS NULL) = (submitted_at IS NULL)),
    CONSTRAINT ck_arbitrations_total CHECK ((grade IS NULL OR grade = 'not_reviewable') = (total_hundredths IS NULL))
);
CREATE UNIQUE INDEX uq_arbitrations_live ON cases.arbitrations (round_id, case_file_id) WHERE state <> 'void';
CREATE INDEX ix_arbitrations_district_id_created_at ON cases.arbitrations (district_id, created_at, id);
CREATE INDEX ix_arbitrations_account_id_created_at ON cases.arbitrations (account_id, created_at, id);
CREATE INDEX ix_arbitrations_unit_id_created_at ON cases.arbitrations (unit_id, created_at, id);
CREATE INDEX ix_arbitrations_case_file_id ON cases.arbitrations (case_file_id);

CREATE TABLE cases.arbitration_versions (
    arbitration_id uuid NOT NULL CONSTRAINT fk_arbitration_versions_arbitration_id REFERENCES cases.arbitrations (id),
    number integer NOT NULL,
    state text NOT NULL,
    content jsonb NOT NULL,
    total_hundredths integer,
    grade text,
    account_id uuid NOT NULL,
    saved_at timestamptz NOT NULL,
    CONSTRAINT pk_arbitration_versions PRIMARY KEY (arbitration_id, number)
);
SELECT kit.make_append_only('cases.arbitration_versions');

GRANT SELECT, INSERT, UPDATE ON cases.arbitrations TO zhifa_cases;
GRANT SELECT, INSERT ON cases.arbitration_versions TO zhifa_cases;
