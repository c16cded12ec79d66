------------------------------------------------------------------------------------------------ versions of plans
-- A plan as it stood from a moment on: its head and its tasks as they are read.
CREATE TABLE tasks.plan_versions (
    plan_id uuid NOT NULL CONSTRAINT fk_plan_versions_plan_id REFERENCES tasks.plans (id),
    number integer NOT NULL,
    district_id uuid NOT NULL CONSTRAINT fk_plan_versions_district_id REFERENCES directory.units (id),
    reason text,
    head jsonb NOT NULL,
    content jsonb NOT NULL,
    counts jsonb NOT NULL,
    made_by uuid NOT NULL,
    made_by_name text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_plan_versions PRIMARY KEY (plan_id, number)
);
SELECT kit.make_append_only('tasks.plan_versions');
GRANT SELECT, INSERT ON tasks.plan_versions TO zhifa_tasks;
