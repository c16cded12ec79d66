-- Reviews of qualifications (资格清理): what is proposed to be cancelled, what units say to it, and what was done.
CREATE TABLE training.qualification_reviews (
    id uuid CONSTRAINT pk_qualification_reviews PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_qualification_reviews_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_qualification_reviews_unit_id REFERENCES directory.units (id),
    title text NOT NULL,
    as_of date NOT NULL,
    state text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    checked_at timestamptz,
    applied_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT ck_qualification_reviews_state CHECK (state IN ('proposed', 'checked', 'applied', 'void'))
);
CREATE INDEX ix_qualification_reviews_district_id_created_at_id ON training.qualification_reviews (district_id, created_at, id);

-- One certificate each. reason: left | auxiliary | expired | exam_missing | other (added by hand). outcome stands once applied:
-- cancelled | kept | skipped (it had ended meanwhile).
CREATE TABLE training.qualification_review_items (
    review_id uuid NOT NULL CONSTRAINT fk_qualification_review_items_review_id REFERENCES training.qualification_reviews (id),
    certificate_id uuid NOT NULL CONSTRAINT fk_qualification_review_items_certificate_id REFERENCES training.certificates (id),
    reason text NOT NULL,
    cancel_on date NOT NULL,
    decision text,
    note text,
    decided_by uuid,
    decided_at timestamptz,
    outcome text,
    CONSTRAINT pk_qualification_review_items PRIMARY KEY (review_id, certificate_id),
    CONSTRAINT ck_qualification_review_items_reason CHECK (reason IN ('left', 'auxiliary', 'expired', 'exam_missing', 'other')),
    CONSTRAINT ck_qualification_review_items_decision CHECK (decision IN ('cancel', 'keep')),
    CONSTRAINT ck_qualification_review_items_keep CHECK (decision IS DISTINCT FROM 'keep' OR note IS NOT NULL),
    CONSTRAINT ck_qualification_review_items_outcome CHECK (outcome IN ('cancelled', 'kept', 'skipped'))
);
CREATE INDEX ix_qualification_review_items_certificate_id ON training.qualification_review_items (certificate_id);

GRANT SELECT, INSERT, UPDATE ON training.qualification_reviews TO zhifa_training;
GRANT SELECT, INSERT, UPDATE ON training.qualification_review_items TO zhifa_training;
