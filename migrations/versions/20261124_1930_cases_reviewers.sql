-- Who reviews case files, and what keeps a person away from one.

------------------------------------------------------------------------------------------------ pool of reviewers
CREATE TABLE cases.reviewers (
    id uuid CONSTRAINT pk_reviewers PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_reviewers_district_id REFERENCES directory.units (id),
    account_id uuid NOT NULL,
    officer_id uuid,
    kinds text[] NOT NULL,
    legal_review boolean NOT NULL,
    former_units jsonb NOT NULL,
    absent_from date,
    absent_to date,
    is_active boolean NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT uq_reviewers_district_id_account_id UNIQUE (district_id, account_id),
    CONSTRAINT ck_reviewers_absence CHECK ((absent_from IS NULL) = (absent_to IS NULL) AND absent_from <= absent_to)
);
CREATE INDEX ix_reviewers_district_id_created_at ON cases.reviewers (district_id, created_at, id);

------------------------------------------------------------------------------------------------ declared conflicts
-- One person against one unit or one file. Pinned by the bureau, the person concerned cannot withdraw it; with `cleared` the
-- bureau has looked into a conflict found by the system and lets it pass.
CREATE TABLE cases.conflict_declarations (
    id uuid CONSTRAINT pk_conflict_declarations PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_conflict_declarations_district_id REFERENCES directory.units (id),
    account_id uuid NOT NULL,
    unit_id uuid CONSTRAINT fk_conflict_declarations_unit_id REFERENCES directory.units (id),
    case_file_id uuid CONSTRAINT fk_conflict_declarations_case_file_id REFERENCES cases.case_files (id),
    kind text NOT NULL,
    reason text NOT NULL,
    pinned boolean NOT NULL,
    state text NOT NULL,
    declared_by uuid NOT NULL,
    declared_at timestamptz NOT NULL,
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT ck_conflict_declarations_against CHECK ((unit_id IS NULL) <> (case_file_id IS NULL)),
    CONSTRAINT ck_conflict_declarations_kind CHECK (kind IN ('kin', 'interest', 'dispute', 'other', 'cleared')),
    CONSTRAINT ck_conflict_declarations_state CHECK (state IN ('declared', 'withdrawn')),
    CONSTRAINT ck_conflict_declarations_cleared CHECK (kind <> 'cleared' OR pinned),
    CONSTRAINT ck_conflict_declarations_withdrawn CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL))
);
CREATE INDEX ix_conflict_declarations_district_id_declared_at ON cases.conflict_declarations (district_id, declared_at, id);
CREATE INDEX ix_conflict_declarations_account_id ON cases.conflict_declarations (account_id, declared_at, id);
CREATE INDEX ix_conflict_declarations_case_file_id ON cases.conflict_declarations (case_file_id);
CREATE INDEX ix_conflict_declarations_unit_id ON cases.conflict_declarations (unit_id);

GRANT SELECT, INSERT, UPDATE ON cases.reviewers, cases.conflict_declarations TO zhifa_cases;
