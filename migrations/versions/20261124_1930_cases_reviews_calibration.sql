-- Calibration: files with known scores, and what each reviewer found in them. Neither is ever changed.
CREATE TABLE cases.calibration_files (
    id uuid CONSTRAINT pk_calibration_files PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_calibration_files_district_id REFERENCES directory.units (id),
    campaign_id uuid NOT NULL CONSTRAINT fk_calibration_files_campaign_id REFERENCES cases.review_campaigns (id),
    case_file_id uuid NOT NULL CONSTRAINT fk_calibration_files_case_file_id REFERENCES cases.case_files (id),
    content jsonb NOT NULL,
    total_hundredths integer NOT NULL,
    grade text NOT NULL,
    content_hash text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_calibration_files_campaign_id_case_file_id UNIQUE (campaign_id, case_file_id),
    CONSTRAINT ck_calibration_files_total CHECK (total_hundredths BETWEEN 0 AND 10000)
);
CREATE INDEX ix_calibration_files_district_id_created_at ON cases.calibration_files (district_id, created_at, id);
CREATE INDEX ix_calibration_files_case_file_id ON cases.calibration_files (case_file_id);
SELECT kit.make_append_only('cases.calibration_files');

CREATE TABLE cases.calibration_reviews (
    id uuid CONSTRAINT pk_calibration_reviews PRIMARY KEY,
    calibration_file_id uuid NOT NULL
        CONSTRAINT fk_calibration_reviews_calibration_file_id REFERENCES cases.calibration_files (id),
    account_id uuid NOT NULL,
    content jsonb NOT NULL,
    total_hundredths integer,
    grade text NOT NULL,
    submitted_at timestamptz NOT NULL,
    CONSTRAINT uq_calibration_reviews_calibration_file_id_account_id UNIQUE (calibration_file_id, account_id),
    CONSTRAINT ck_calibration_reviews_total CHECK ((grade = 'not_reviewable') = (total_hundredths IS NULL))
);
SELECT kit.make_append_only('cases.calibration_reviews');

GRANT SELECT, INSERT ON cases.calibration_files, cases.calibration_reviews TO zhifa_cases;
