-- Results: what stands of each file of a published round, which of a campaign's is the final one, and how that came about.
CREATE TABLE cases.results (
    id uuid CONSTRAINT pk_results PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_results_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_results_unit_id REFERENCES directory.units (id),
    campaign_id uuid NOT NULL CONSTRAINT fk_results_campaign_id REFERENCES cases.review_campaigns (id),
    round_id uuid NOT NULL CONSTRAINT fk_results_round_id REFERENCES cases.review_rounds (id),
    case_file_id uuid NOT NULL CONSTRAINT fk_results_case_file_id REFERENCES cases.case_files (id),
    mode text NOT NULL,
    basis text NOT NULL,
    rank integer NOT NULL,
    is_final boolean NOT NULL,
    total_hundredths integer,
    grade text NOT NULL,
    vetoes text[] NOT NULL,
    content_hash text NOT NULL,
    structure_hash text NOT NULL,
    review_ids uuid[] NOT NULL,
    arbitration_id uuid CONSTRAINT fk_results_arbitration_id REFERENCES cases.arbitrations (id),
    objection_id uuid,
    published_at timestamptz NOT NULL,
    voided_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT uq_results_round_id_case_file_id UNIQUE (round_id, case_file_id),
    CONSTRAINT ck_results_mode CHECK (mode IN ('self', 'cross', 'sample')),
    CONSTRAINT ck_results_basis CHECK (basis IN ('reviews', 'arbitration', 'objection')),
    CONSTRAINT ck_results_arbitration CHECK (basis <> 'arbitration' OR arbitration_id IS NOT NULL),
    CONSTRAINT ck_results_objection CHECK ((basis = 'objection') = (objection_id IS NOT NULL)),
    CONSTRAINT ck_results_total CHECK ((grade = 'not_reviewable') = (total_hundredths IS NULL)),
    CONSTRAINT ck_results_final CHECK (NOT is_final OR voided_at IS NULL)
);
-- A file has one final result in a campaign, whatever rounds it went through.
CREATE UNIQUE INDEX uq_results_final ON cases.results (campaign_id, case_file_id) WHERE is_final;
CREATE INDEX ix_results_campaign_id_case_file_id ON cases.results (campaign_id, case_file_id);
CREATE INDEX ix_results_district_id_published_at ON cases.results (district_id, published_at, id);
CREATE INDEX ix_results_unit_id_published_at ON cases.results (unit_id, published_at, id);
CREATE INDEX ix_results_case_file_id ON cases.results (case_file_id);

CREATE TABLE cases.result_versions (
    result_id uuid NOT NULL CONSTRAINT fk_result_versions_result_id REFERENCES cases.results (id),
    number integer NOT NULL,
    cause text NOT NULL,
    basis text NOT NULL,
    is_final boolean NOT NULL,
    total_hundredths integer,
    grade text NOT NULL,
    vetoes text[] NOT NULL,
    reason text,
    account_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_result_versions PRIMARY KEY (result_id, number),
    CONSTRAINT ck_result_versions_cause CHECK (cause IN ('published', 'precedence', 'objection', 'voided'))
);
SELECT kit.make_append_only('cases.result_versions');

GRANT SELECT, INSERT, UPDATE ON cases.results TO zhifa_cases;
GRANT SELECT, INSERT ON cases.result_versions TO zhifa_cases;
