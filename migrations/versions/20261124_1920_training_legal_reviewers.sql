-- The pool of legal reviewers (法制审核人才库): officers, public lawyers and counsel, with what they know and when they are away.
CREATE TABLE training.legal_reviewers (
    id uuid CONSTRAINT pk_legal_reviewers PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_legal_reviewers_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_legal_reviewers_unit_id REFERENCES directory.units (id),
    officer_id uuid CONSTRAINT fk_legal_reviewers_officer_id REFERENCES training.officers (id),
    account_id uuid,
    name text NOT NULL,
    qualification text NOT NULL,
    qualified_on date,
    areas text[] NOT NULL,
    state text NOT NULL,
    proposed_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    admitted_on date,
    removed_on date,
    removal_reason text,
    version integer NOT NULL,
    CONSTRAINT ck_legal_reviewers_state CHECK (state IN ('proposed', 'listed', 'removed')),
    CONSTRAINT ck_legal_reviewers_qualification CHECK (
        qualification IN ('legal_professional', 'public_lawyer', 'company_lawyer', 'counsel', 'none')),
    CONSTRAINT ck_legal_reviewers_removed CHECK ((removed_on IS NULL) = (state <> 'removed')),
    CONSTRAINT ck_legal_reviewers_areas CHECK (cardinality(areas) > 0)
);
CREATE UNIQUE INDEX uq_legal_reviewers_officer_id ON training.legal_reviewers (officer_id) WHERE state <> 'removed';
CREATE UNIQUE INDEX uq_legal_reviewers_account_id ON training.legal_reviewers (account_id) WHERE state <> 'removed';
CREATE INDEX ix_legal_reviewers_district_id_created_at_id ON training.legal_reviewers (district_id, created_at, id);

CREATE TABLE training.legal_reviewer_absences (
    id uuid CONSTRAINT pk_legal_reviewer_absences PRIMARY KEY,
    reviewer_id uuid NOT NULL CONSTRAINT fk_legal_reviewer_absences_reviewer_id REFERENCES training.legal_reviewers (id),
    from_on date NOT NULL,
    to_on date,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT ck_legal_reviewer_absences_period CHECK (to_on >= from_on)
);
CREATE INDEX ix_legal_reviewer_absences_reviewer_id_from_on ON training.legal_reviewer_absences (reviewer_id, from_on);

-- Who may be asked for a legal review, in which areas; art. 58 of the penalty act asks newcomers for the legal qualification.
-- On a day somebody is available who is listed, serves (if an officer) and is not away: see the absences.
CREATE VIEW published.legal_reviewers AS
SELECT r.id, r.district_id, r.unit_id, r.officer_id, r.account_id, training.masked_name(r.name) AS masked_name, r.qualification,
       r.qualification IN ('legal_professional', 'public_lawyer', 'company_lawyer') AS has_legal_qualification, r.areas,
       r.admitted_on
FROM training.legal_reviewers r LEFT JOIN training.officers o ON o.id = r.officer_id
WHERE r.state = 'listed' AND o.left_on IS NULL;

CREATE VIEW published.legal_reviewer_absences AS
SELECT a.reviewer_id, a.from_on, a.to_on FROM training.legal_reviewer_absences a;

GRANT SELECT ON published.legal_reviewers, published.legal_reviewer_absences TO zhifa_training, zhifa_cases, zhifa_tasks;
GRANT SELECT, INSERT, UPDATE ON training.legal_reviewers TO zhifa_training;
GRANT SELECT, INSERT, DELETE ON training.legal_reviewer_absences TO zhifa_training;
