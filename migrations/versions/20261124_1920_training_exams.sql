-- Exams (资格考试): general and professional ones of regular officers, and those of auxiliary staff; results count once published.
CREATE TABLE training.exams (
    id uuid CONSTRAINT pk_exams PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_exams_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_exams_unit_id REFERENCES directory.units (id),
    title text NOT NULL,
    kind text NOT NULL,
    subject text,
    held_on date NOT NULL,
    full_hundredths integer NOT NULL,
    pass_hundredths integer NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    published_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT ck_exams_kind CHECK (kind IN ('general', 'professional', 'auxiliary')),
    CONSTRAINT ck_exams_state CHECK (state IN ('open', 'published', 'void')),
    CONSTRAINT ck_exams_marks CHECK (pass_hundredths BETWEEN 1 AND full_hundredths)
);
CREATE INDEX ix_exams_district_id_held_on_id ON training.exams (district_id, held_on, id);

CREATE TABLE training.exam_results (
    exam_id uuid NOT NULL CONSTRAINT fk_exam_results_exam_id REFERENCES training.exams (id),
    officer_id uuid NOT NULL CONSTRAINT fk_exam_results_officer_id REFERENCES training.officers (id),
    points_hundredths integer,
    outcome text NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_exam_results PRIMARY KEY (exam_id, officer_id),
    CONSTRAINT ck_exam_results_outcome CHECK (outcome IN ('passed', 'failed', 'absent')),
    CONSTRAINT ck_exam_results_points CHECK ((points_hundredths IS NULL) = (outcome = 'absent') AND points_hundredths >= 0)
);
CREATE INDEX ix_exam_results_officer_id ON training.exam_results (officer_id);

CREATE VIEW published.exam_passes AS
SELECT r.officer_id, e.district_id, e.id AS exam_id, e.kind, e.subject, e.held_on
FROM training.exam_results r JOIN training.exams e ON e.id = r.exam_id
WHERE e.state = 'published' AND r.outcome = 'passed';

-- Auxiliary staff on the public list today, as the district's rule of the day has it.
CREATE VIEW published.public_auxiliaries AS
SELECT o.id AS officer_id, o.district_id, o.unit_id
FROM training.officers o
CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS today) t
CROSS JOIN LATERAL (
    SELECT r.public_list_needs_exam FROM training.personnel_rules r
    WHERE r.valid_from <= t.today AND (r.district_id IS NULL OR r.district_id = o.district_id)
    ORDER BY r.valid_from DESC, r.district_id IS NOT NULL DESC, r.recorded_at DESC, r.id DESC LIMIT 1
) r
WHERE o.kind = 'auxiliary' AND o.hired_on <= t.today AND coalesce(o.left_on, 'infinity') >= t.today
  AND (NOT r.public_list_needs_exam
       OR EXISTS (SELECT FROM published.exam_passes e WHERE e.officer_id = o.id AND e.kind = 'auxiliary'));

GRANT SELECT ON published.exam_passes, published.public_auxiliaries TO zhifa_training, zhifa_cases, zhifa_tasks;
GRANT SELECT, INSERT, UPDATE ON training.exams, training.exam_results TO zhifa_training;
