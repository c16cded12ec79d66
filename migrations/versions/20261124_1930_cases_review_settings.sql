-- What is set and not laid down by law about reviews of case files, dated: the newest that has begun is in force.
CREATE TABLE cases.review_settings (
    id uuid CONSTRAINT pk_review_settings PRIMARY KEY,
    district_id uuid CONSTRAINT fk_review_settings_district_id REFERENCES directory.units (id),
    valid_from date NOT NULL,
    assumed boolean NOT NULL,
    sample_share integer NOT NULL,
    sample_least integer NOT NULL,
    sample_most integer NOT NULL,
    reviewers_per_file integer NOT NULL,
    former_unit_years integer NOT NULL,
    repeat_years integer NOT NULL,
    most_load integer NOT NULL,
    lease_hours integer NOT NULL,
    spread_hundredths integer NOT NULL,
    objection_days integer NOT NULL,
    objection_decision_days integer NOT NULL,
    rectification_days integer NOT NULL,
    source text,
    created_by uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_review_settings_district_id_valid_from UNIQUE NULLS NOT DISTINCT (district_id, valid_from),
    CONSTRAINT ck_review_settings_sample_share CHECK (sample_share BETWEEN 0 AND 10000),
    CONSTRAINT ck_review_settings_sample CHECK (0 <= sample_least AND sample_least <= sample_most),
    CONSTRAINT ck_review_settings_reviewers CHECK (reviewers_per_file BETWEEN 1 AND 5),
    CONSTRAINT ck_review_settings_spread CHECK (spread_hundredths BETWEEN 0 AND 10000)
);
SELECT kit.make_append_only('cases.review_settings');
-- Usual practice, not law: 5 to 10 % and 2 to 10 files a unit; spread of more than 5 points to a third person; objection within
-- 5 working days, decided within 10; rectification within 30 days.
INSERT INTO cases.review_settings (id, valid_from, assumed, sample_share, sample_least, sample_most, reviewers_per_file,
    former_unit_years, repeat_years, most_load, lease_hours, spread_hundredths, objection_days, objection_decision_days, rectification_days,
    source, created_at)
VALUES ('01900000-0000-7000-8000-000000000101', '2023-01-01', true, 1000, 2, 10, 2, 3, 1, 50, 8, 500, 5, 10, 30,
    '各地案卷评查通行做法，待区司法局核定', '2024-01-01T00:00:00Z');
GRANT SELECT, INSERT ON cases.review_settings TO zhifa_cases;
