-- Rubrics, campaigns, rounds, assignments and reviews of case files.

------------------------------------------------------------------------------------------------ rubrics
CREATE TABLE cases.rubrics (
    id uuid CONSTRAINT pk_rubrics PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_rubrics_district_id REFERENCES directory.units (id),
    replaces_id uuid CONSTRAINT fk_rubrics_replaces_id REFERENCES cases.rubrics (id),
    state text NOT NULL,
    content jsonb NOT NULL,
    content_hash text NOT NULL,
    structure_hash text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    published_at timestamptz,
    superseded_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT ck_rubrics_state CHECK (state IN ('draft', 'published', 'superseded')),
    CONSTRAINT ck_rubrics_published CHECK ((published_at IS NULL) = (state = 'draft')),
    CONSTRAINT ck_rubrics_superseded CHECK ((superseded_at IS NOT NULL) = (state = 'superseded'))
);
CREATE UNIQUE INDEX uq_rubrics_district_id_content_hash ON cases.rubrics (district_id, content_hash);
CREATE INDEX ix_rubrics_district_id_created_at ON cases.rubrics (district_id, created_at, id);
CREATE INDEX ix_rubrics_replaces_id ON cases.rubrics (replaces_id);

-- Scores are bound to the rubric they were given under: what was published stays to the letter, also for the owner.
CREATE FUNCTION cases.keep_published_rubric() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may_change text[] := ARRAY['state', 'superseded_at', 'version'];
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - may_change) IS DISTINCT FROM (to_jsonb(OLD) - may_change)
        OR OLD.state = 'superseded' OR NEW.state = 'draft' THEN
        RAISE EXCEPTION '% of a published rubric is refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_published BEFORE UPDATE OR DELETE ON cases.rubrics
    FOR EACH ROW EXECUTE FUNCTION cases.keep_published_rubric();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON cases.rubrics FOR EACH STATEMENT EXECUTE FUNCTION kit.refuse_change();
ALTER TABLE cases.rubrics ENABLE ALWAYS TRIGGER keep_published;
ALTER TABLE cases.rubrics ENABLE ALWAYS TRIGGER keep_table;

------------------------------------------------------------------------------------------------ campaigns and rounds
CREATE TABLE cases.review_campaigns (
    id uuid CONSTRAINT pk_review_campaigns PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_review_campaigns_district_id REFERENCES directory.units (id),
    title text NOT NULL,
    year integer NOT NULL,
    rubric_id uuid NOT NULL CONSTRAINT fk_review_campaigns_rubric_id REFERENCES cases.rubrics (id),
    online boolean NOT NULL,
    state text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    opened_at timestamptz,
    closed_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT ck_review_campaigns_state CHECK (state IN ('draft', 'open', 'closed'))
);
CREATE INDEX ix_review_campaigns_district_id_year ON cases.review_campaigns (district_id, year, id);
CREATE INDEX ix_review_campaigns_rubric_id ON cases.review_campaigns (rubric_id);

CREATE TABLE cases.review_rounds (
    id uuid CONSTRAINT pk_review_rounds PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_review_rounds_district_id REFERENCES directory.units (id),
    unit_id uuid CONSTRAINT fk_review_rounds_unit_id REFERENCES directory.units (id),
    campaign_id uuid NOT NULL CONSTRAINT fk_review_rounds_campaign_id REFERENCES cases.review_campaigns (id),
    mode text NOT NULL,
    state text NOT NULL,
    sampling jsonb,
    hide_units boolean NOT NULL,
    reviewers_per_file integer NOT NULL,
    legal_reviewers integer NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    assigned_at timestamptz,
    published_at timestamptz,
    closed_at timestamptz,
    voided_at timestamptz,
    void_reason text,
    version integer NOT NULL,
    CONSTRAINT ck_review_rounds_mode CHECK (mode IN ('self', 'cross', 'sample')),
    CONSTRAINT ck_review_rounds_sampling CHECK ((mode = 'self') = (sampling IS NULL)),
    CONSTRAINT ck_review_rounds_reviewers CHECK (reviewers_per_file BETWEEN 1 AND 5),
    CONSTRAINT ck_review_rounds_legal_reviewers CHECK (legal_reviewers BETWEEN 0 AND reviewers_per_file),
    CONSTRAINT ck_review_rounds_state CHECK (
        state IN ('draft', 'frozen', 'drawn', 'assigned', 'reviewing', 'arbitrating', 'published', 'closed', 'void')),
    CONSTRAINT ck_review_rounds_voided CHECK ((state = 'void') = (voided_at IS NOT NULL)),
    CONSTRAINT ck_review_rounds_void_reason CHECK ((state = 'void') = (void_reason IS NOT NULL)),
    CONSTRAINT ck_review_rounds_published CHECK (state NOT IN ('published', 'closed') OR published_at IS NOT NULL)
);
CREATE INDEX ix_review_rounds_district_id_created_at ON cases.review_rounds (district_id, created_at, id);
CREATE INDEX ix_review_rounds_unit_id_created_at ON cases.review_rounds (unit_id, created_at, id);
CREATE INDEX ix_review_rounds_campaign_id ON cases.review_rounds (campaign_id);

------------------------------------------------------------------------------------------------ assignments and reviews
CREATE TABLE cases.review_assignments (
    id uuid CONSTRAINT pk_review_assignments PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_review_assignments_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_review_assignments_unit_id REFERENCES directory.units (id),
    round_id uuid NOT NULL CONSTRAINT fk_review_assignments_round_id REFERENCES cases.review_rounds (id),
    mode text NOT NULL,
    case_file_id uuid NOT NULL CONSTRAINT fk_review_assignments_case_file_id REFERENCES cases.case_files (id),
    account_id uuid NOT NULL,
    reason text NOT NULL,
    hide_unit boolean NOT NULL,
    run_id uuid,
    cost bigint,
    explanation jsonb,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    accepted_at timestamptz,
    opened_at timestamptz,
    leased_until timestamptz,
    ended_how text,
    ended_reason text,
    ended_at timestamptz,
    saves integer NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_review_assignments_mode CHECK (mode IN ('self', 'cross', 'sample')),
    CONSTRAINT ck_review_assignments_reason CHECK (reason IN ('named', 'solved', 'stand_in')),
    CONSTRAINT ck_review_assignments_ended CHECK (
        ended_how IN ('declined', 'recused', 'conflict', 'reassigned', 'replaced', 'withdrawn')),
    CONSTRAINT ck_review_assignments_state CHECK (state IN ('assigned', 'opened', 'draft', 'submitted', 'void'))
);
CREATE UNIQUE INDEX uq_review_assignments_live ON cases.review_assignments (round_id, case_file_id, account_id)
    WHERE state <> 'void';
CREATE INDEX ix_review_assignments_round_id_case_file_id ON cases.review_assignments (round_id, case_file_id);
CREATE INDEX ix_review_assignments_account_id_created_at ON cases.review_assignments (account_id, created_at, id);
CREATE INDEX ix_review_assignments_district_id_created_at ON cases.review_assignments (district_id, created_at, id);
CREATE INDEX ix_review_assignments_unit_id_created_at ON cases.review_assignments (unit_id, created_at, id);
CREATE INDEX ix_review_assignments_case_file_id ON cases.review_assignments (case_file_id);

CREATE TABLE cases.reviews (
    id uuid CONSTRAINT pk_reviews PRIMARY KEY CONSTRAINT fk_reviews_id REFERENCES cases.review_assignments (id),
    content jsonb NOT NULL,
    total_hundredths integer,
    got_hundredths integer,
    applicable_hundredths integer,
    grade text,
    content_hash text,
    structure_hash text,
    saved_at timestamptz NOT NULL,
    submitted_at timestamptz,
    CONSTRAINT ck_reviews_submitted CHECK ((grade IS NULL) = (submitted_at IS NULL)),
    CONSTRAINT ck_reviews_content_hash CHECK ((grade IS NULL) = (content_hash IS NULL)),
    CONSTRAINT ck_reviews_structure_hash CHECK ((grade IS NULL) = (structure_hash IS NULL)),
    CONSTRAINT ck_reviews_total CHECK ((grade IS NULL OR grade = 'not_reviewable') = (total_hundredths IS NULL)),
    CONSTRAINT ck_reviews_total_hundredths CHECK (total_hundredths BETWEEN 0 AND 10000)
);
CREATE INDEX ix_reviews_submitted_at ON cases.reviews (submitted_at);

CREATE TABLE cases.review_versions (
    review_id uuid NOT NULL CONSTRAINT fk_review_versions_review_id REFERENCES cases.reviews (id),
    number integer NOT NULL,
    state text NOT NULL,
    content jsonb NOT NULL,
    total_hundredths integer,
    grade text,
    content_hash text,
    account_id uuid NOT NULL,
    saved_at timestamptz NOT NULL,
    CONSTRAINT pk_review_versions PRIMARY KEY (review_id, number)
);
SELECT kit.make_append_only('cases.review_versions');

------------------------------------------------------------------------------------------------ published views
-- Distinct case files with a submitted review, by mode and year of the campaign (plan task 16): the review of a year's files
-- counts for that year, also when it goes on into the next one.
CREATE VIEW published.unit_reviewed_files AS
SELECT district_id, unit_id, year, mode, count(*)::integer AS files
FROM (
    -- What differs most comes first: rows are told apart by it alone.
    SELECT DISTINCT a.case_file_id, a.unit_id, a.district_id, c.year, a.mode
    FROM cases.review_assignments a
    JOIN cases.review_rounds r ON r.id = a.round_id
    JOIN cases.review_campaigns c ON c.id = r.campaign_id
    WHERE a.state = 'submitted'
) reviewed
GROUP BY 1, 2, 3, 4;

-- Ways of reviewing in which a file was reviewed at all in a year: nothing has to be counted for it.
CREATE VIEW published.reviewed_modes AS
SELECT c.district_id, c.year, r.mode
FROM cases.review_rounds r JOIN cases.review_campaigns c ON c.id = r.campaign_id
WHERE EXISTS (SELECT FROM cases.review_assignments a WHERE a.round_id = r.id AND a.state = 'submitted');

-- Campaigns with a published round, and since when they have one; `online` is what plan task 21 asks for.
CREATE VIEW published.review_campaigns AS
SELECT c.id, c.district_id, c.year, c.online, (min(r.published_at) AT TIME ZONE 'Asia/Shanghai')::date AS first_published_on
FROM cases.review_campaigns c JOIN cases.review_rounds r ON r.campaign_id = c.id AND r.state IN ('published', 'closed')
GROUP BY c.id;

GRANT SELECT ON published.unit_reviewed_files, published.reviewed_modes, published.review_campaigns TO zhifa_cases, zhifa_tasks;
GRANT SELECT, INSERT, UPDATE ON cases.rubrics, cases.review_campaigns, cases.review_rounds, cases.review_assignments, cases.reviews
    TO zhifa_cases;
GRANT SELECT, INSERT ON cases.review_versions TO zhifa_cases;

------------------------------------------------------------------------------------------------ mappings of rubrics
CREATE TABLE cases.rubric_mappings (
    id uuid CONSTRAINT pk_rubric_mappings PRIMARY KEY CONSTRAINT fk_rubric_mappings_id REFERENCES cases.rubrics (id),
    content jsonb NOT NULL,
    changed_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    version integer NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON cases.rubric_mappings TO zhifa_cases;
