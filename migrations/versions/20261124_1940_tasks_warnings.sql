-- Escalations: the steps of the ladder that were taken.

CREATE TABLE tasks.escalations (
    id uuid CONSTRAINT pk_escalations PRIMARY KEY,
    assignment_id uuid NOT NULL CONSTRAINT fk_escalations_assignment_id REFERENCES tasks.assignments (id),
    district_id uuid NOT NULL CONSTRAINT fk_escalations_district_id REFERENCES directory.units (id),
    plan_id uuid NOT NULL CONSTRAINT fk_escalations_plan_id REFERENCES tasks.plans (id),
    task_id uuid NOT NULL CONSTRAINT fk_escalations_task_id REFERENCES tasks.tasks (id),
    unit_id uuid NOT NULL CONSTRAINT fk_escalations_unit_id REFERENCES directory.units (id),
    base_on date NOT NULL,
    step text NOT NULL,
    occurrence integer NOT NULL,
    action text NOT NULL,
    audience text NOT NULL,
    rule_id uuid NOT NULL CONSTRAINT fk_escalations_rule_id REFERENCES tasks.escalation_rules (id),
    due_for date NOT NULL,
    fired_on date NOT NULL,
    notice_id uuid,
    recorded_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX uq_escalations_once ON tasks.escalations (assignment_id, unit_id, base_on, step, occurrence);
CREATE INDEX ix_escalations_district_id ON tasks.escalations (district_id, recorded_at, id);
CREATE INDEX ix_escalations_unit_id ON tasks.escalations (unit_id, recorded_at, id);
SELECT kit.make_append_only('tasks.escalations');
GRANT SELECT, INSERT ON tasks.escalations TO zhifa_tasks;
