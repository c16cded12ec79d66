-- Tables of schema tasks, their published views and the rights of the service roles.

------------------------------------------------------------------------------------------------ plans
CREATE TABLE tasks.plans (
    id uuid CONSTRAINT pk_plans PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_plans_district_id REFERENCES directory.units (id),
    title text NOT NULL,
    region_code text NOT NULL,
    region_name text,
    document_no text,
    issued_on date,
    goals text,
    period_start date NOT NULL,
    period_end date NOT NULL,
    state text NOT NULL,
    content_sha256 text,
    warnings jsonb NOT NULL,
    external_system text,
    external_id text,
    activated_at timestamptz,
    closed_at timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_plans_state CHECK (state IN ('draft', 'active', 'closed')),
    CONSTRAINT ck_plans_period CHECK (period_end >= period_start),
    CONSTRAINT ck_plans_activated CHECK ((state = 'draft') = (activated_at IS NULL))
);
CREATE INDEX ix_plans_district_id_created_at ON tasks.plans (district_id, created_at, id);
CREATE UNIQUE INDEX uq_plans_external ON tasks.plans (external_system, external_id);

CREATE TABLE tasks.plan_group_members (
    plan_id uuid NOT NULL CONSTRAINT fk_plan_group_members_plan_id REFERENCES tasks.plans (id),
    group_key text NOT NULL,
    unit_id uuid NOT NULL CONSTRAINT fk_plan_group_members_unit_id REFERENCES directory.units (id),
    CONSTRAINT pk_plan_group_members PRIMARY KEY (plan_id, group_key, unit_id)
);
CREATE INDEX ix_plan_group_members_unit_id ON tasks.plan_group_members (unit_id);
SELECT kit.make_append_only('tasks.plan_group_members');

GRANT SELECT, INSERT, UPDATE ON tasks.plans TO zhifa_tasks;
GRANT SELECT, INSERT ON tasks.plan_group_members TO zhifa_tasks;

------------------------------------------------------------------------------------------------ tasks
CREATE TABLE tasks.tasks (
    id uuid CONSTRAINT pk_tasks PRIMARY KEY,
    plan_id uuid NOT NULL CONSTRAINT fk_tasks_plan_id REFERENCES tasks.plans (id),
    district_id uuid NOT NULL CONSTRAINT fk_tasks_district_id REFERENCES directory.units (id),
    parent_id uuid CONSTRAINT fk_tasks_parent_id REFERENCES tasks.tasks (id),
    kind text NOT NULL,
    number integer NOT NULL,
    place integer[] NOT NULL,
    label text,
    chapter_number integer,
    chapter_title text,
    title text NOT NULL,
    summary text,
    quantities jsonb NOT NULL,
    time_words text[] NOT NULL,
    external_system text,
    external_id text,
    ended_at timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_tasks_kind CHECK (kind IN ('task', 'requirement', 'subtask')),
    CONSTRAINT ck_tasks_parent CHECK ((kind = 'subtask') = (parent_id IS NOT NULL))
);
CREATE UNIQUE INDEX uq_tasks_number ON tasks.tasks (plan_id, kind, parent_id, number) NULLS NOT DISTINCT
    WHERE ended_at IS NULL;
CREATE INDEX ix_tasks_district_id_number ON tasks.tasks (district_id, number, id);
CREATE INDEX ix_tasks_parent_id ON tasks.tasks (parent_id);
CREATE UNIQUE INDEX uq_tasks_external ON tasks.tasks (external_system, external_id);

CREATE TABLE tasks.task_parties (
    task_id uuid NOT NULL CONSTRAINT fk_task_parties_task_id REFERENCES tasks.tasks (id) ON DELETE CASCADE,
    role text NOT NULL,
    position integer NOT NULL,
    as_written text NOT NULL,
    unit_id uuid CONSTRAINT fk_task_parties_unit_id REFERENCES directory.units (id),
    group_key text,
    CONSTRAINT pk_task_parties PRIMARY KEY (task_id, role, position),
    CONSTRAINT ck_task_parties_role CHECK (role IN ('lead', 'responsible')),
    CONSTRAINT ck_task_parties_one_meaning CHECK (unit_id IS NULL OR group_key IS NULL)
);
CREATE INDEX ix_task_parties_unit_id ON tasks.task_parties (unit_id);

CREATE TABLE tasks.task_deadlines (
    task_id uuid NOT NULL CONSTRAINT fk_task_deadlines_task_id REFERENCES tasks.tasks (id) ON DELETE CASCADE,
    position integer NOT NULL,
    shape text NOT NULL,
    due_on date,
    window_start text,
    window_end text,
    times_per_year integer,
    as_written text,
    assumed boolean NOT NULL,
    obligation_key text,
    CONSTRAINT pk_task_deadlines PRIMARY KEY (task_id, position),
    CONSTRAINT ck_task_deadlines_shape CHECK (shape IN ('fixed', 'yearly_window', 'yearly_count', 'irregular', 'none')),
    CONSTRAINT ck_task_deadlines_fixed CHECK ((shape = 'fixed') = (due_on IS NOT NULL)),
    CONSTRAINT ck_task_deadlines_window CHECK ((shape = 'yearly_window') = (window_start IS NOT NULL AND window_end IS NOT NULL)),
    CONSTRAINT ck_task_deadlines_month_day CHECK (
        window_start ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' AND window_end ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'),
    CONSTRAINT ck_task_deadlines_count CHECK ((shape = 'yearly_count') = (times_per_year IS NOT NULL))
);

GRANT SELECT, INSERT, UPDATE, DELETE ON tasks.tasks, tasks.task_parties, tasks.task_deadlines TO zhifa_tasks;

------------------------------------------------------------------------------------------------ assignments
CREATE TABLE tasks.assignments (
    id uuid CONSTRAINT pk_assignments PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_assignments_district_id REFERENCES directory.units (id),
    plan_id uuid NOT NULL CONSTRAINT fk_assignments_plan_id REFERENCES tasks.plans (id),
    task_id uuid NOT NULL CONSTRAINT fk_assignments_task_id REFERENCES tasks.tasks (id),
    unit_id uuid NOT NULL CONSTRAINT fk_assignments_unit_id REFERENCES directory.units (id),
    role text NOT NULL,
    year integer,
    original_due_on date,
    is_replanned boolean NOT NULL DEFAULT false,
    replanned_due_on date,
    due_on date,
    due_sort date NOT NULL GENERATED ALWAYS AS (COALESCE(due_on, '9999-12-31'::date)) STORED,
    state text NOT NULL,
    state_before text,
    stopped_on date,
    suspended_days integer NOT NULL,
    parent_id uuid CONSTRAINT fk_assignments_parent_id REFERENCES tasks.assignments (id),
    issuer_unit_id uuid CONSTRAINT fk_assignments_issuer_unit_id REFERENCES directory.units (id),
    held_since date NOT NULL,
    watch_on date,
    ladder integer NOT NULL DEFAULT 1,
    reported_at timestamptz,
    percent integer,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_assignments_role CHECK (role IN ('lead', 'responsible')),
    CONSTRAINT ck_assignments_state CHECK (
        state IN ('issued', 'signed', 'in_progress', 'submitted', 'approved', 'suspended', 'void')),
    CONSTRAINT ck_assignments_state_before CHECK ((state = 'suspended') = (state_before IS NOT NULL)),
    CONSTRAINT ck_assignments_stopped_on CHECK ((state IN ('issued', 'signed', 'in_progress')) = (stopped_on IS NULL)),
    CONSTRAINT ck_assignments_suspended_days CHECK (suspended_days >= 0),
    CONSTRAINT ck_assignments_percent CHECK (percent BETWEEN 0 AND 100)
);
CREATE UNIQUE INDEX uq_assignments_owed ON tasks.assignments (task_id, unit_id, role, year, original_due_on)
    NULLS NOT DISTINCT WHERE state <> 'void';
CREATE INDEX ix_assignments_district_id_due_sort ON tasks.assignments (district_id, due_sort, id);
CREATE INDEX ix_assignments_district_id_state ON tasks.assignments (district_id, state, due_sort, id);
CREATE INDEX ix_assignments_district_id_created_at ON tasks.assignments (district_id, created_at, id);
CREATE INDEX ix_assignments_unit_id_due_sort ON tasks.assignments (unit_id, due_sort, id);
CREATE INDEX ix_assignments_unit_id_created_at ON tasks.assignments (unit_id, created_at, id);
CREATE INDEX ix_assignments_plan_id_due_sort ON tasks.assignments (plan_id, due_sort, id);
CREATE INDEX ix_assignments_task_id_due_sort ON tasks.assignments (task_id, due_sort, id);
CREATE INDEX ix_assignments_parent_id ON tasks.assignments (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX ix_assignments_watch_on ON tasks.assignments (watch_on) WHERE watch_on IS NOT NULL;
CREATE INDEX ix_assignments_watched ON tasks.assignments (unit_id, watch_on, id) WHERE watch_on IS NOT NULL;

CREATE TABLE tasks.assignment_moves (
    assignment_id uuid NOT NULL CONSTRAINT fk_assignment_moves_assignment_id REFERENCES tasks.assignments (id),
    version integer NOT NULL,
    verb text NOT NULL,
    state_before text,
    state_after text NOT NULL,
    unit_id uuid NOT NULL CONSTRAINT fk_assignment_moves_unit_id REFERENCES directory.units (id),
    due_on date,
    stopped_on date,
    reason text,
    actor_id uuid NOT NULL,
    actor_name text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_assignment_moves PRIMARY KEY (assignment_id, version)
);
SELECT kit.make_append_only('tasks.assignment_moves');

GRANT SELECT, INSERT, UPDATE ON tasks.assignments TO zhifa_tasks;
GRANT SELECT, INSERT ON tasks.assignment_moves TO zhifa_tasks;

------------------------------------------------------------------------------------------------ progress reports
CREATE TABLE tasks.progress_reports (
    id uuid CONSTRAINT pk_progress_reports PRIMARY KEY,
    assignment_id uuid NOT NULL CONSTRAINT fk_progress_reports_assignment_id REFERENCES tasks.assignments (id),
    district_id uuid NOT NULL CONSTRAINT fk_progress_reports_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_progress_reports_unit_id REFERENCES directory.units (id),
    period text NOT NULL,
    text text NOT NULL,
    percent integer NOT NULL,
    measures jsonb NOT NULL,
    attachment_ids uuid[] NOT NULL,
    reported_by uuid NOT NULL,
    reported_by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_progress_reports_percent CHECK (percent BETWEEN 0 AND 100)
);
CREATE INDEX ix_progress_reports_assignment_id_created_at ON tasks.progress_reports (assignment_id, created_at, id);
SELECT kit.make_append_only('tasks.progress_reports');

GRANT SELECT, INSERT ON tasks.progress_reports TO zhifa_tasks;
