-- Escalation rules, supervision settings, lateness and extension requests.

CREATE TABLE tasks.escalation_rules (
    id uuid CONSTRAINT pk_escalation_rules PRIMARY KEY,
    district_id uuid CONSTRAINT fk_escalation_rules_district_id REFERENCES directory.units (id),
    step text NOT NULL,
    valid_from date NOT NULL,
    enabled boolean NOT NULL,
    basis text NOT NULL,
    offset_days integer NOT NULL,
    action text NOT NULL,
    audience text NOT NULL,
    reply_days integer,
    repeat_days integer,
    repeat_most integer NOT NULL,
    note text,
    recorded_by uuid,
    recorded_by_name text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT ck_escalation_rules_action CHECK (action IN ('warn', 'notice', 'circular')),
    CONSTRAINT ck_escalation_rules_basis CHECK (basis IN ('due', 'issue')),
    CONSTRAINT ck_escalation_rules_audience CHECK (audience IN ('unit', 'unit_leader', 'lead_unit', 'bureau')),
    CONSTRAINT ck_escalation_rules_offset_days CHECK (offset_days BETWEEN -60 AND 120),
    CONSTRAINT ck_escalation_rules_reply CHECK ((action = 'notice') = (reply_days IS NOT NULL)),
    CONSTRAINT ck_escalation_rules_repeat CHECK ((repeat_days IS NULL) = (repeat_most = 0))
);
CREATE INDEX ix_escalation_rules_step ON tasks.escalation_rules (step, valid_from, recorded_at);
CREATE INDEX ix_escalation_rules_district_id ON tasks.escalation_rules (district_id, recorded_at, id);

-- The ladder the product ships with: proposals, not law; a district records its own from any day on.
INSERT INTO tasks.escalation_rules (id, step, valid_from, enabled, basis, offset_days, action, audience, reply_days, repeat_days,
                                    repeat_most, note, recorded_by_name, recorded_at)
SELECT format('01890000-0000-7000-8000-0000000001%s', lpad(number::text, 2, '0'))::uuid, step, '2020-01-01', true, basis,
       offset_days, action, audience, reply_days, repeat_days, repeat_most, note, '系统预置', '2020-01-01T00:00:00Z'
FROM (VALUES
    (1, 'unsigned', 'issue', 3, 'warn', 'unit_leader', NULL, 3, 2, '下达满 3 个工作日未签收，提醒单位负责人'),
    (2, 'yellow', 'due', -7, 'warn', 'unit', NULL, NULL, 0, '到期前 7 个工作日亮黄灯，提醒承担单位'),
    (3, 'red', 'due', 0, 'warn', 'unit', NULL, NULL, 0, '逾期亮红灯，提醒承担单位'),
    (4, 'leader', 'due', 2, 'warn', 'unit_leader', NULL, 5, 3, '逾期 2 个工作日，提醒单位负责人'),
    (5, 'lead_unit', 'due', 4, 'warn', 'lead_unit', NULL, NULL, 0, '逾期 4 个工作日，告知牵头单位'),
    (6, 'notice', 'due', 7, 'notice', 'unit_leader', 5, NULL, 0, '逾期 7 个工作日，发督办函，5 个工作日内答复'),
    (7, 'circular', 'due', 15, 'circular', 'bureau', NULL, NULL, 0, '逾期 15 个工作日，通报')
) AS shipped (number, step, basis, offset_days, action, audience, reply_days, repeat_days, repeat_most, note);
SELECT kit.make_append_only('tasks.escalation_rules');

CREATE TABLE tasks.supervision_settings (
    id uuid CONSTRAINT pk_supervision_settings PRIMARY KEY,
    district_id uuid CONSTRAINT fk_supervision_settings_district_id REFERENCES directory.units (id),
    key text NOT NULL,
    valid_from date NOT NULL,
    value jsonb NOT NULL,
    reading text NOT NULL,
    recorded_by uuid,
    recorded_by_name text NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX ix_supervision_settings_key ON tasks.supervision_settings (key, valid_from, recorded_at);
CREATE INDEX ix_supervision_settings_district_id ON tasks.supervision_settings (district_id, recorded_at, id);

-- One value of every key: limits and readings the plan leaves open.
INSERT INTO tasks.supervision_settings (id, key, valid_from, value, reading, recorded_by_name, recorded_at)
SELECT format('01890000-0000-7000-8000-0000000002%s', lpad(number::text, 2, '0'))::uuid, key, '2020-01-01', value::jsonb,
       reading, '系统预置', '2020-01-01T00:00:00Z'
FROM (VALUES
    (1, 'extensions', '{"most": 2, "longest_days": 180}', '方案未规定延期次数；预置每项至多两次，每次至多 180 日'),
    (2, 'reporting', '{"period": "quarter", "due_working_days": 10, "level_working_days": 2}',
     '方案未规定填报频次；预置按季度，季后 10 个工作日内，逾期先告单位，其后每 2 个工作日上报一级'),
    (3, 'reminders', '{"most": 3, "gap_hours": 24}', '人工催办的次数与间隔，预置'),
    (4, 'notice_numbers', '{"notice": "执督", "circular": "执督通"}', '文号样式依 GB/T 9704-2012，机关代字由各地设定')
) AS shipped (number, key, value, reading);
SELECT kit.make_append_only('tasks.supervision_settings');

GRANT SELECT, INSERT ON tasks.escalation_rules, tasks.supervision_settings TO zhifa_tasks;

------------------------------------------------------------------------------------------------ lateness
CREATE TABLE tasks.lateness (
    id uuid CONSTRAINT pk_lateness PRIMARY KEY,
    subject_type text NOT NULL,
    subject_id uuid NOT NULL,
    assignment_id uuid CONSTRAINT fk_lateness_assignment_id REFERENCES tasks.assignments (id),
    district_id uuid NOT NULL CONSTRAINT fk_lateness_district_id REFERENCES directory.units (id),
    plan_id uuid CONSTRAINT fk_lateness_plan_id REFERENCES tasks.plans (id),
    task_id uuid CONSTRAINT fk_lateness_task_id REFERENCES tasks.tasks (id),
    unit_id uuid NOT NULL CONSTRAINT fk_lateness_unit_id REFERENCES directory.units (id),
    due_on date NOT NULL,
    counts_from date NOT NULL,
    first_late_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT ck_lateness_subject CHECK (
        CASE subject_type WHEN 'assignment' THEN assignment_id = subject_id AND plan_id IS NOT NULL AND task_id IS NOT NULL
        ELSE subject_type IN ('problem', 'complaint') AND assignment_id IS NULL END)
);
CREATE UNIQUE INDEX uq_lateness_once ON tasks.lateness (subject_id, unit_id, due_on);
CREATE INDEX ix_lateness_district_id ON tasks.lateness (district_id, first_late_on, id);
CREATE INDEX ix_lateness_unit_id ON tasks.lateness (unit_id, first_late_on, id);
SELECT kit.make_append_only('tasks.lateness');

CREATE TABLE tasks.lateness_events (
    lateness_id uuid NOT NULL CONSTRAINT fk_lateness_events_lateness_id REFERENCES tasks.lateness (id),
    number integer NOT NULL,
    kind text NOT NULL,
    how text NOT NULL,
    happened_on date NOT NULL,
    counts_from date NOT NULL,
    days_late integer,
    actor_name text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_lateness_events PRIMARY KEY (lateness_id, number),
    CONSTRAINT ck_lateness_events_kind CHECK (kind IN ('ended', 'went_on'))
);
SELECT kit.make_append_only('tasks.lateness_events');

GRANT SELECT, INSERT ON tasks.lateness, tasks.lateness_events TO zhifa_tasks;

------------------------------------------------------------------------------------------------ extension requests
CREATE TABLE tasks.extension_requests (
    id uuid CONSTRAINT pk_extension_requests PRIMARY KEY,
    assignment_id uuid NOT NULL CONSTRAINT fk_extension_requests_assignment_id REFERENCES tasks.assignments (id),
    district_id uuid NOT NULL CONSTRAINT fk_extension_requests_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_extension_requests_unit_id REFERENCES directory.units (id),
    state text NOT NULL,
    old_due_on date NOT NULL,
    new_due_on date NOT NULL,
    reason text NOT NULL,
    attachment_ids uuid[] NOT NULL,
    requested_by uuid NOT NULL,
    requested_by_name text NOT NULL,
    requested_at timestamptz NOT NULL,
    decided_by uuid,
    decided_by_name text,
    decided_at timestamptz,
    decision_note text,
    version integer NOT NULL,
    CONSTRAINT ck_extension_requests_state CHECK (state IN ('requested', 'approved', 'refused', 'withdrawn')),
    CONSTRAINT ck_extension_requests_later CHECK (new_due_on > old_due_on),
    CONSTRAINT ck_extension_requests_decided CHECK ((state = 'requested') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX uq_extension_requests_pending ON tasks.extension_requests (assignment_id) WHERE state = 'requested';
CREATE INDEX ix_extension_requests_assignment_id ON tasks.extension_requests (assignment_id, requested_at, id);
CREATE INDEX ix_extension_requests_district_id ON tasks.extension_requests (district_id, requested_at, id);
GRANT SELECT, INSERT, UPDATE ON tasks.extension_requests TO zhifa_tasks;
