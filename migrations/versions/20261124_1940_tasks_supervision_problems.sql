-- The list of problems.

INSERT INTO tasks.supervision_settings (id, key, valid_from, value, reading, recorded_by_name, recorded_at)
VALUES ('01890000-0000-7000-8000-000000000301', 'problem_limit', '2020-01-01', '{"days": 30, "kind": "calendar"}',
        '方案未规定整改期限；预置自列入之日起 30 日', '系统预置', '2020-01-01T00:00:00Z');

CREATE TABLE tasks.problems (
    id uuid CONSTRAINT pk_problems PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_problems_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_problems_unit_id REFERENCES directory.units (id),
    plan_id uuid CONSTRAINT fk_problems_plan_id REFERENCES tasks.plans (id),
    kind text NOT NULL,
    source text NOT NULL,
    origin_type text,
    origin_id uuid,
    title text NOT NULL,
    description text NOT NULL,
    measures text,
    responsible text,
    found_on date NOT NULL,
    limit_days integer NOT NULL,
    day_kind text NOT NULL,
    due_on date NOT NULL,
    held_since date NOT NULL,
    state text NOT NULL,
    stopped_on date,
    attachment_ids uuid[] NOT NULL,
    result text,
    result_attachment_ids uuid[] NOT NULL,
    submitted_by uuid,
    submitted_by_name text,
    submitted_at timestamptz,
    checked_by uuid,
    checked_by_name text,
    checked_at timestamptz,
    check_note text,
    closed_on date,
    reopened integer NOT NULL,
    void_reason text,
    watch_on date,
    ladder integer NOT NULL,
    created_by uuid NOT NULL,
    created_by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_problems_state CHECK (state IN ('listed', 'rectifying', 'submitted', 'closed', 'void')),
    CONSTRAINT ck_problems_stopped_on CHECK ((state IN ('listed', 'rectifying')) = (stopped_on IS NULL)),
    CONSTRAINT ck_problems_day_kind CHECK (day_kind IN ('working', 'calendar')),
    CONSTRAINT ck_problems_origin CHECK ((origin_type IS NULL) = (origin_id IS NULL)),
    CONSTRAINT ck_problems_checked CHECK (state <> 'closed' OR (checked_by IS NOT NULL AND checked_by <> submitted_by))
);
CREATE INDEX ix_problems_district_id_created_at ON tasks.problems (district_id, created_at, id);
CREATE INDEX ix_problems_district_id_due_on ON tasks.problems (district_id, due_on, id);
CREATE INDEX ix_problems_unit_id_created_at ON tasks.problems (unit_id, created_at, id);
CREATE INDEX ix_problems_unit_id_found_on ON tasks.problems (unit_id, found_on);
CREATE INDEX ix_problems_origin_id ON tasks.problems (origin_id) WHERE origin_id IS NOT NULL;
CREATE UNIQUE INDEX uq_problems_rectification ON tasks.problems (origin_id)
    WHERE origin_type = 'rectification' AND state <> 'void';
CREATE INDEX ix_problems_watch_on ON tasks.problems (watch_on, id) WHERE watch_on IS NOT NULL;

CREATE TABLE tasks.problem_moves (
    problem_id uuid NOT NULL CONSTRAINT fk_problem_moves_problem_id REFERENCES tasks.problems (id),
    version integer NOT NULL,
    verb text NOT NULL,
    state_before text,
    state_after text NOT NULL,
    due_on date NOT NULL,
    note text,
    actor_id uuid NOT NULL,
    actor_name text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_problem_moves PRIMARY KEY (problem_id, version)
);
SELECT kit.make_append_only('tasks.problem_moves');
GRANT SELECT, INSERT, UPDATE ON tasks.problems TO zhifa_tasks;
GRANT SELECT, INSERT ON tasks.problem_moves TO zhifa_tasks;

------------------------------------------------------------------------------------------------ summaries
CREATE TABLE tasks.problem_summaries (
    id uuid CONSTRAINT pk_problem_summaries PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_problem_summaries_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_problem_summaries_unit_id REFERENCES directory.units (id),
    plan_id uuid CONSTRAINT fk_problem_summaries_plan_id REFERENCES tasks.plans (id),
    scope text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    attachment_ids uuid[] NOT NULL,
    state text NOT NULL,
    counted jsonb,
    submitted_by uuid,
    submitted_by_name text,
    submitted_on date,
    submitted_at timestamptz,
    decided_by_name text,
    decided_at timestamptz,
    decision_note text,
    approved_on date,
    created_by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_problem_summaries_scope CHECK (scope IN ('unit', 'district')),
    CONSTRAINT ck_problem_summaries_state CHECK (state IN ('draft', 'submitted', 'approved')),
    CONSTRAINT ck_problem_summaries_counted CHECK ((state = 'draft') = (counted IS NULL)),
    CONSTRAINT ck_problem_summaries_period CHECK (period_end >= period_start)
);
CREATE UNIQUE INDEX uq_problem_summaries_once ON tasks.problem_summaries (district_id, scope, unit_id, period_start, period_end);
CREATE INDEX ix_problem_summaries_district_id ON tasks.problem_summaries (district_id, created_at, id);
CREATE INDEX ix_problem_summaries_unit_id ON tasks.problem_summaries (unit_id, created_at, id);
GRANT SELECT, INSERT, UPDATE ON tasks.problem_summaries TO zhifa_tasks;
