-- Assignment by lot and by rule: each run with all it was given, and who stands in when somebody falls out.
CREATE TABLE cases.assignment_runs (
    id uuid CONSTRAINT pk_assignment_runs PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_assignment_runs_district_id REFERENCES directory.units (id),
    round_id uuid NOT NULL CONSTRAINT fk_assignment_runs_round_id REFERENCES cases.review_rounds (id),
    number integer NOT NULL,
    seed text NOT NULL,
    solver text NOT NULL,
    problem text NOT NULL,
    problem_sha256 text NOT NULL,
    solution text NOT NULL,
    solution_sha256 text NOT NULL,
    cost bigint NOT NULL,
    files integer NOT NULL,
    pairs integer NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT uq_assignment_runs_round_id_number UNIQUE (round_id, number),
    CONSTRAINT ck_assignment_runs_problem CHECK (problem_sha256 = encode(sha256(convert_to(problem, 'UTF8')), 'hex')),
    CONSTRAINT ck_assignment_runs_solution CHECK (solution_sha256 = encode(sha256(convert_to(solution, 'UTF8')), 'hex'))
);
CREATE INDEX ix_assignment_runs_district_id_made_at ON cases.assignment_runs (district_id, made_at, id);
SELECT kit.make_append_only('cases.assignment_runs');

CREATE TABLE cases.assignment_stand_ins (
    run_id uuid NOT NULL CONSTRAINT fk_assignment_stand_ins_run_id REFERENCES cases.assignment_runs (id),
    case_file_id uuid NOT NULL CONSTRAINT fk_assignment_stand_ins_case_file_id REFERENCES cases.case_files (id),
    account_ids uuid[] NOT NULL,
    CONSTRAINT pk_assignment_stand_ins PRIMARY KEY (run_id, case_file_id)
);
CREATE INDEX ix_assignment_stand_ins_case_file_id ON cases.assignment_stand_ins (case_file_id);
SELECT kit.make_append_only('cases.assignment_stand_ins');

GRANT SELECT, INSERT ON cases.assignment_runs, cases.assignment_stand_ins TO zhifa_cases;
