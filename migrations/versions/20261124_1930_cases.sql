-- Tables of schema cases: numbers, case files and what belongs to them, and the rights of the service role.

------------------------------------------------------------------------------------------------ numbers
CREATE TABLE cases.number_patterns (
    id uuid CONSTRAINT pk_number_patterns PRIMARY KEY,
    district_id uuid CONSTRAINT fk_number_patterns_district_id REFERENCES directory.units (id),
    unit_id uuid CONSTRAINT fk_number_patterns_unit_id REFERENCES directory.units (id),
    series text NOT NULL,
    kind text,
    document_type text,
    year integer,
    pattern text NOT NULL,
    assumed boolean NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_number_patterns_scope UNIQUE NULLS NOT DISTINCT
        (district_id, unit_id, series, kind, document_type, year),
    CONSTRAINT ck_number_patterns_unit CHECK (unit_id IS NULL OR district_id IS NOT NULL),
    CONSTRAINT ck_number_patterns_series CHECK (series = 'case' AND document_type IS NULL OR series = 'document' AND kind IS NULL)
);
-- Holds wherever nothing more special is laid down. No public text of the official rule was found, so it is marked as assumed.
INSERT INTO cases.number_patterns (id, series, pattern, assumed, version, created_at) VALUES
    ('01900000-0000-7000-8000-000000000001', 'case', '{unit_code}-{year}-{kind}-{sequence:05}', true, 1, '2024-01-01T00:00:00Z'),
    -- As documents of organs are numbered (GB/T 9704-2012); the unit's code stands where its letters (机关代字) are not laid down.
    ('01900000-0000-7000-8000-000000000002', 'document', '{unit_code}{kind}〔{year}〕{sequence}号', true, 1, '2024-01-01T00:00:00Z');

CREATE TABLE cases.number_counters (
    unit_id uuid NOT NULL CONSTRAINT fk_number_counters_unit_id REFERENCES directory.units (id),
    kind text NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL,
    ahead integer[] NOT NULL DEFAULT '{}',
    CONSTRAINT pk_number_counters PRIMARY KEY (unit_id, kind, year)
);

CREATE TABLE cases.case_numbers (
    id uuid CONSTRAINT pk_case_numbers PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_case_numbers_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_case_numbers_unit_id REFERENCES directory.units (id),
    kind text NOT NULL,
    year integer NOT NULL,
    sequence integer NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    void_reason text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_case_numbers_state CHECK (state IN ('reserved', 'used', 'void')),
    CONSTRAINT ck_case_numbers_void CHECK ((state = 'void') = (void_reason IS NOT NULL)),
    CONSTRAINT uq_case_numbers_unit_id_kind_year_sequence UNIQUE (unit_id, kind, year, sequence),
    CONSTRAINT uq_case_numbers_district_id_number UNIQUE (district_id, number)
);
CREATE INDEX ix_case_numbers_district_id_created_at ON cases.case_numbers (district_id, created_at, id);
CREATE INDEX ix_case_numbers_unit_id_created_at ON cases.case_numbers (unit_id, created_at, id);

GRANT SELECT, INSERT, UPDATE ON cases.number_patterns, cases.number_counters, cases.case_numbers TO zhifa_cases;

------------------------------------------------------------------------------------------------ case files
CREATE TABLE cases.case_files (
    id uuid CONSTRAINT pk_case_files PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_case_files_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_case_files_unit_id REFERENCES directory.units (id),
    case_number_id uuid NOT NULL CONSTRAINT uq_case_files_case_number_id UNIQUE
        CONSTRAINT fk_case_files_case_number_id REFERENCES cases.case_numbers (id),
    -- What figures ask of all files stands before what is long: rows are read from the front.
    filed_on date NOT NULL,
    decided_on date,
    closed_on date,
    archived_on date,
    state text NOT NULL,
    kind text NOT NULL,
    procedure text NOT NULL,
    offline_reason text,
    case_no text NOT NULL,
    item text NOT NULL,
    item_code text,
    legal_bases text[] NOT NULL,
    officers uuid[] NOT NULL,
    joint_basis text,
    party_kind text NOT NULL,
    party_name_shown text NOT NULL,
    party_name_sealed bytea,
    party_id_type text,
    party_id_number_masked text,
    party_id_number_sealed bytea,
    party_phone_sealed bytea,
    party_address_sealed bytea,
    party_digest bytea NOT NULL,
    party_signs integer[] NOT NULL DEFAULT '{}',
    words integer[] NOT NULL DEFAULT '{}',
    decision text,
    amount_fen bigint,
    sector text,
    act_ended_on date,
    discovered_on date,
    grave_harm boolean,
    obstacle_ended_on date,
    keyed_in_on date,
    external_system text,
    external_id text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_case_files_state CHECK (state IN ('open', 'decided', 'closed', 'archived', 'void')),
    CONSTRAINT ck_case_files_officers CHECK (cardinality(officers) >= 1),
    CONSTRAINT ck_case_files_decided CHECK (state <> 'decided' OR decided_on IS NOT NULL),
    CONSTRAINT ck_case_files_closed CHECK ((state IN ('closed', 'archived')) = (closed_on IS NOT NULL)),
    CONSTRAINT ck_case_files_archived CHECK ((state = 'archived') = (archived_on IS NOT NULL)),
    CONSTRAINT ck_case_files_external CHECK ((external_id IS NULL) = (external_system IS NULL)),
    CONSTRAINT uq_case_files_district_id_case_no UNIQUE (district_id, case_no),
    CONSTRAINT uq_case_files_district_id_external_system_external_id UNIQUE (district_id, external_system, external_id)
);
CREATE INDEX ix_case_files_district_id_filed_on ON cases.case_files (district_id, filed_on, id);
CREATE INDEX ix_case_files_unit_id_filed_on ON cases.case_files (unit_id, filed_on, id);
CREATE INDEX ix_case_files_district_id_closed_on ON cases.case_files (district_id, closed_on, id);
CREATE INDEX ix_case_files_unit_id_item_code ON cases.case_files (unit_id, item_code, filed_on);
CREATE INDEX ix_case_files_officers ON cases.case_files USING gin (officers);

CREATE TABLE cases.case_steps (
    id uuid CONSTRAINT pk_case_steps PRIMARY KEY,
    case_file_id uuid NOT NULL CONSTRAINT fk_case_steps_case_file_id REFERENCES cases.case_files (id),
    step text NOT NULL,
    happened_on date NOT NULL,
    note text,
    fields jsonb NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_case_steps_case_file_id_happened_on ON cases.case_steps (case_file_id, happened_on, id);

CREATE TABLE cases.case_moves (
    id uuid CONSTRAINT pk_case_moves PRIMARY KEY,
    case_file_id uuid NOT NULL CONSTRAINT fk_case_moves_case_file_id REFERENCES cases.case_files (id),
    action text NOT NULL,
    from_state text,
    to_state text NOT NULL,
    effective_on date NOT NULL,
    reason text,
    account_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX ix_case_moves_case_file_id_recorded_at ON cases.case_moves (case_file_id, recorded_at, id);
SELECT kit.make_append_only('cases.case_moves');

CREATE TABLE cases.case_documents (
    id uuid CONSTRAINT pk_case_documents PRIMARY KEY,
    case_file_id uuid NOT NULL CONSTRAINT fk_case_documents_case_file_id REFERENCES cases.case_files (id),
    type text NOT NULL,
    title text NOT NULL,
    number text,
    number_id uuid,
    made_on date,
    elements text[],
    version integer NOT NULL,
    attachment_id uuid,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_case_documents_case_file_id_type_title_version UNIQUE (case_file_id, type, title, version)
);
CREATE INDEX ix_case_documents_case_file_id_created_at ON cases.case_documents (case_file_id, created_at, id);
SELECT kit.make_append_only('cases.case_documents');

-- Numbers of documents: a row each for ever, also when void; a unit's row of a type and year has no gap.
CREATE TABLE cases.document_numbers (
    id uuid CONSTRAINT pk_document_numbers PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_document_numbers_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_document_numbers_unit_id REFERENCES directory.units (id),
    type text NOT NULL,
    year integer NOT NULL,
    sequence integer NOT NULL,
    number text NOT NULL,
    state text NOT NULL,
    case_file_id uuid CONSTRAINT fk_document_numbers_case_file_id REFERENCES cases.case_files (id),
    void_reason text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_document_numbers_state CHECK (state IN ('reserved', 'used', 'void')),
    CONSTRAINT ck_document_numbers_used CHECK (state <> 'used' OR case_file_id IS NOT NULL),
    CONSTRAINT ck_document_numbers_void CHECK ((state = 'void') = (void_reason IS NOT NULL)),
    CONSTRAINT uq_document_numbers_unit_id_type_year_sequence UNIQUE (unit_id, type, year, sequence),
    CONSTRAINT uq_document_numbers_district_id_number UNIQUE (district_id, number)
);
CREATE INDEX ix_document_numbers_district_id_created_at ON cases.document_numbers (district_id, created_at, id);
CREATE INDEX ix_document_numbers_unit_id_created_at ON cases.document_numbers (unit_id, created_at, id);
CREATE INDEX ix_document_numbers_case_file_id ON cases.document_numbers (case_file_id) WHERE case_file_id IS NOT NULL;
ALTER TABLE cases.case_documents
    ADD CONSTRAINT fk_case_documents_number_id FOREIGN KEY (number_id) REFERENCES cases.document_numbers (id);
GRANT SELECT, INSERT, UPDATE ON cases.document_numbers TO zhifa_cases;

GRANT SELECT, INSERT, UPDATE ON cases.case_files TO zhifa_cases;
GRANT SELECT, INSERT, UPDATE, DELETE ON cases.case_steps TO zhifa_cases;
GRANT SELECT, INSERT ON cases.case_moves, cases.case_documents TO zhifa_cases;
