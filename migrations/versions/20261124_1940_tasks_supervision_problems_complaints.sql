-- Complaints.

INSERT INTO tasks.supervision_settings (id, key, valid_from, value, reading, recorded_by_name, recorded_at)
VALUES ('01890000-0000-7000-8000-000000000302', 'complaint_limits', '2020-01-01',
        '{"hotline_12345": {"days": 5, "kind": "working"}, "petition": {"days": 60, "kind": "calendar"},
          "minzhifa_public": {"days": 15, "kind": "working"}, "enterprise_contact": {"days": 10, "kind": "working"}}',
        '方案未规定答复期限；各渠道期限为预置，可按当地规定设定', '系统预置', '2020-01-01T00:00:00Z');

CREATE TABLE tasks.complaints (
    id uuid CONSTRAINT pk_complaints PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_complaints_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_complaints_unit_id REFERENCES directory.units (id),
    channel text NOT NULL,
    enterprise boolean NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    anonymous boolean NOT NULL,
    complainant bytea,
    masked text,
    received_on date NOT NULL,
    due_on date NOT NULL,
    held_since date NOT NULL,
    state text NOT NULL,
    stopped_on date,
    attachment_ids uuid[] NOT NULL,
    reply text,
    reply_attachment_ids uuid[] NOT NULL,
    replied_on date,
    replied_by_name text,
    satisfaction text,
    rated_on date,
    closed_on date,
    transfers integer NOT NULL,
    case_file_id uuid,
    problem_id uuid CONSTRAINT fk_complaints_problem_id REFERENCES tasks.problems (id),
    external_system text,
    external_id text,
    watch_on date,
    ladder integer NOT NULL,
    created_by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_complaints_state CHECK (state IN ('received', 'accepted', 'replied', 'closed', 'void')),
    CONSTRAINT ck_complaints_channel CHECK (channel IN ('hotline_12345', 'petition', 'minzhifa_public', 'enterprise_contact')),
    CONSTRAINT ck_complaints_stopped_on CHECK ((state IN ('received', 'accepted')) = (stopped_on IS NULL)),
    CONSTRAINT ck_complaints_complainant CHECK (anonymous = (complainant IS NULL)),
    CONSTRAINT ck_complaints_external CHECK ((external_system IS NULL) = (external_id IS NULL))
);
CREATE INDEX ix_complaints_district_id_received_on ON tasks.complaints (district_id, received_on, id);
CREATE INDEX ix_complaints_unit_id_received_on ON tasks.complaints (unit_id, received_on, id);
CREATE INDEX ix_complaints_district_id_due_on ON tasks.complaints (district_id, due_on, id);
CREATE UNIQUE INDEX uq_complaints_external_id ON tasks.complaints (district_id, external_system, external_id)
    WHERE external_id IS NOT NULL;
CREATE INDEX ix_complaints_problem_id ON tasks.complaints (problem_id) WHERE problem_id IS NOT NULL;
CREATE INDEX ix_complaints_watch_on ON tasks.complaints (watch_on, id) WHERE watch_on IS NOT NULL;

CREATE TABLE tasks.complaint_moves (
    complaint_id uuid NOT NULL CONSTRAINT fk_complaint_moves_complaint_id REFERENCES tasks.complaints (id),
    version integer NOT NULL,
    verb text NOT NULL,
    state_after text NOT NULL,
    unit_id uuid NOT NULL CONSTRAINT fk_complaint_moves_unit_id REFERENCES directory.units (id),
    note text,
    actor_id uuid NOT NULL,
    actor_name text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_complaint_moves PRIMARY KEY (complaint_id, version)
);
SELECT kit.make_append_only('tasks.complaint_moves');
GRANT SELECT, INSERT, UPDATE ON tasks.complaints TO zhifa_tasks;
GRANT SELECT, INSERT ON tasks.complaint_moves TO zhifa_tasks;
