-- Escalations: the steps of the ladder that were taken.

CREATE TABLE tasks.escalations (
    id uuid CONSTRAINT pk_escalations PRIMARY KEY,
    subject_type text NOT NULL,
    subject_id uuid NOT NULL,
    assignment_id uuid CONSTRAINT fk_escalations_assignment_id REFERENCES tasks.assignments (id),
    district_id uuid NOT NULL CONSTRAINT fk_escalations_district_id REFERENCES directory.units (id),
    plan_id uuid CONSTRAINT fk_escalations_plan_id REFERENCES tasks.plans (id),
    task_id uuid CONSTRAINT fk_escalations_task_id REFERENCES tasks.tasks (id),
    unit_id uuid NOT NULL CONSTRAINT fk_escalations_unit_id REFERENCES directory.units (id),
    ladder integer NOT NULL,
    base_on date NOT NULL,
    step text NOT NULL,
    occurrence integer NOT NULL,
    action text NOT NULL,
    audience text NOT NULL,
    rule_id uuid NOT NULL CONSTRAINT fk_escalations_rule_id REFERENCES tasks.escalation_rules (id),
    due_for date NOT NULL,
    fired_on date NOT NULL,
    notice_id uuid,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT ck_escalations_subject CHECK (
        CASE subject_type WHEN 'assignment' THEN assignment_id = subject_id AND plan_id IS NOT NULL AND task_id IS NOT NULL
        ELSE subject_type IN ('problem', 'complaint') AND assignment_id IS NULL END)
);
CREATE UNIQUE INDEX uq_escalations_once ON tasks.escalations (subject_id, ladder, step, occurrence);
CREATE INDEX ix_escalations_district_id ON tasks.escalations (district_id, recorded_at, id);
CREATE INDEX ix_escalations_unit_id ON tasks.escalations (unit_id, recorded_at, id);
SELECT kit.make_append_only('tasks.escalations');
GRANT SELECT, INSERT ON tasks.escalations TO zhifa_tasks;

------------------------------------------------------------------------------------------------ inbox
CREATE TABLE tasks.notifications (
    id uuid CONSTRAINT pk_notifications PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_notifications_district_id REFERENCES directory.units (id),
    unit_id uuid CONSTRAINT fk_notifications_unit_id REFERENCES directory.units (id),
    roles text[] NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    object_type text NOT NULL,
    object_id uuid,
    data jsonb NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX ix_notifications_district_id ON tasks.notifications (district_id, unit_id, recorded_at, id);
CREATE INDEX ix_notifications_object_id ON tasks.notifications (object_id);
SELECT kit.make_append_only('tasks.notifications');

CREATE TABLE tasks.notification_reads (
    notification_id uuid NOT NULL CONSTRAINT fk_notification_reads_notification_id REFERENCES tasks.notifications (id),
    account_id uuid NOT NULL,
    read_at timestamptz NOT NULL,
    CONSTRAINT pk_notification_reads PRIMARY KEY (notification_id, account_id)
);
SELECT kit.make_append_only('tasks.notification_reads');
GRANT SELECT, INSERT ON tasks.notifications, tasks.notification_reads TO zhifa_tasks;

------------------------------------------------------------------------------------------------ supervision notices
CREATE TABLE tasks.supervision_notices (
    id uuid CONSTRAINT pk_supervision_notices PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_supervision_notices_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_supervision_notices_unit_id REFERENCES directory.units (id),
    kind text NOT NULL,
    year integer NOT NULL,
    sequence integer NOT NULL,
    number text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    state text NOT NULL,
    step text,
    issued_on date NOT NULL,
    issued_at timestamptz NOT NULL,
    issued_by uuid NOT NULL,
    issued_by_name text NOT NULL,
    reply_due_on date,
    reply text,
    reply_attachment_ids uuid[] NOT NULL,
    replied_by_name text,
    replied_at timestamptz,
    first_replied_on date,
    decision_note text,
    decided_by_name text,
    decided_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT ck_supervision_notices_kind CHECK (kind IN ('notice', 'circular')),
    CONSTRAINT ck_supervision_notices_state CHECK (state IN ('issued', 'replied', 'closed', 'void')),
    CONSTRAINT ck_supervision_notices_reply_due_on CHECK ((kind = 'notice') = (reply_due_on IS NOT NULL))
);
CREATE UNIQUE INDEX uq_supervision_notices_number ON tasks.supervision_notices (district_id, kind, year, sequence);
CREATE INDEX ix_supervision_notices_district_id ON tasks.supervision_notices (district_id, issued_at, id);
CREATE INDEX ix_supervision_notices_unit_id ON tasks.supervision_notices (unit_id, issued_at, id);

CREATE TABLE tasks.supervision_notice_items (
    notice_id uuid NOT NULL CONSTRAINT fk_supervision_notice_items_notice_id REFERENCES tasks.supervision_notices (id),
    assignment_id uuid NOT NULL CONSTRAINT fk_supervision_notice_items_assignment_id REFERENCES tasks.assignments (id),
    due_on date,
    CONSTRAINT pk_supervision_notice_items PRIMARY KEY (notice_id, assignment_id)
);
CREATE INDEX ix_supervision_notice_items_assignment_id ON tasks.supervision_notice_items (assignment_id);
SELECT kit.make_append_only('tasks.supervision_notice_items');

CREATE TABLE tasks.supervision_notice_counters (
    district_id uuid NOT NULL CONSTRAINT fk_supervision_notice_counters_district_id REFERENCES directory.units (id),
    kind text NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL,
    CONSTRAINT pk_supervision_notice_counters PRIMARY KEY (district_id, kind, year)
);
GRANT SELECT, INSERT, UPDATE ON tasks.supervision_notices, tasks.supervision_notice_counters TO zhifa_tasks;
GRANT SELECT, INSERT ON tasks.supervision_notice_items TO zhifa_tasks;
