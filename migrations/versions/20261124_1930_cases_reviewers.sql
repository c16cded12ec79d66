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

------------------------------------------------------------------------------------------------ what is known of a reviewer
-- What the training service knows of a member of its pool (法制审核人才库) is not typed in a second time: qualification and areas
-- come from there, and what stands here counts for those alone who are not in that pool. Absences of both sides count.
CREATE VIEW cases.reviewer_pool AS
SELECT r.account_id, r.district_id, r.is_active, coalesce(l.has_legal_qualification, r.legal_review) AS legal_review,
       r.kinds, l.areas, coalesce(r.officer_id, l.officer_id) AS officer_id, r.absent_from, r.absent_to, l.id AS legal_reviewer_id,
       l.unit_id AS pool_unit_id, l.qualification
FROM cases.reviewers r
LEFT JOIN LATERAL (
    SELECT * FROM published.legal_reviewers p
    WHERE p.district_id = r.district_id AND (p.account_id = r.account_id OR p.account_id IS NULL AND p.officer_id = r.officer_id)
    ORDER BY p.account_id NULLS LAST LIMIT 1
) l ON true
UNION ALL
SELECT l.account_id, l.district_id, true, l.has_legal_qualification, '{}', l.areas, l.officer_id, NULL, NULL, l.id, l.unit_id,
       l.qualification
FROM published.legal_reviewers l
WHERE l.account_id IS NOT NULL AND NOT EXISTS (SELECT FROM cases.reviewers r WHERE r.account_id = l.account_id);
GRANT SELECT ON cases.reviewer_pool TO zhifa_cases;
