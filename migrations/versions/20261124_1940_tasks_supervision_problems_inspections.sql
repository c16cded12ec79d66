-- Inspections (综合查一次): proposals, the year's plan, what was carried out.

INSERT INTO tasks.supervision_settings (id, key, valid_from, value, reading, recorded_by_name, recorded_at)
VALUES ('01890000-0000-7000-8000-000000000303', 'inspection_window', '2020-01-01', '{"first": "01-01", "last": "01-10"}',
        '方案所称每年 1 月初，预置为 1 月 1 日至 10 日（上旬）', '系统预置', '2020-01-01T00:00:00Z'),
       ('01890000-0000-7000-8000-000000000304', 'inspection_codes', '2020-01-01', '{"required": false}',
        '入企检查是否须登记检查码，由各地设定', '系统预置', '2020-01-01T00:00:00Z');

CREATE TABLE tasks.inspection_proposals (
    id uuid CONSTRAINT pk_inspection_proposals PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_inspection_proposals_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_inspection_proposals_unit_id REFERENCES directory.units (id),
    year integer NOT NULL,
    object_name text NOT NULL,
    object_code text,
    object_key text NOT NULL,
    content text NOT NULL,
    basis text NOT NULL,
    first_on date NOT NULL,
    last_on date NOT NULL,
    submitted_on date NOT NULL,
    late boolean NOT NULL,
    late_reason text,
    state text NOT NULL,
    created_by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_inspection_proposals_state CHECK (state IN ('proposed', 'merged', 'withdrawn')),
    CONSTRAINT ck_inspection_proposals_period CHECK (last_on >= first_on),
    CONSTRAINT ck_inspection_proposals_late CHECK (NOT late OR late_reason IS NOT NULL)
);
CREATE INDEX ix_inspection_proposals_district_id ON tasks.inspection_proposals (district_id, created_at, id);
CREATE INDEX ix_inspection_proposals_unit_id ON tasks.inspection_proposals (unit_id, year);
CREATE INDEX ix_inspection_proposals_object_key ON tasks.inspection_proposals (district_id, year, object_key, first_on, id);

CREATE TABLE tasks.inspection_plans (
    id uuid CONSTRAINT pk_inspection_plans PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_inspection_plans_district_id REFERENCES directory.units (id),
    year integer NOT NULL,
    title text NOT NULL,
    state text NOT NULL,
    merged_at timestamptz,
    submitted_on date,
    submitted_by_name text,
    approved_on date,
    approval_number text,
    decided_by_name text,
    decision_note text,
    created_by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_inspection_plans_state CHECK (state IN ('draft', 'submitted', 'approved')),
    CONSTRAINT ck_inspection_plans_approved_on CHECK ((state = 'approved') = (approved_on IS NOT NULL))
);
CREATE UNIQUE INDEX uq_inspection_plans_year ON tasks.inspection_plans (district_id, year);

CREATE TABLE tasks.inspection_plan_items (
    id uuid CONSTRAINT pk_inspection_plan_items PRIMARY KEY,
    plan_id uuid NOT NULL CONSTRAINT fk_inspection_plan_items_plan_id REFERENCES tasks.inspection_plans (id),
    object_name text NOT NULL,
    object_code text,
    lead_unit_id uuid NOT NULL CONSTRAINT fk_inspection_plan_items_lead_unit_id REFERENCES directory.units (id),
    unit_ids uuid[] NOT NULL,
    proposal_ids uuid[] NOT NULL,
    contents jsonb NOT NULL,
    first_on date NOT NULL,
    last_on date NOT NULL,
    visits_before integer NOT NULL,
    state text NOT NULL,
    done_on date,
    CONSTRAINT ck_inspection_plan_items_state CHECK (state IN ('active', 'dropped')),
    CONSTRAINT ck_inspection_plan_items_period CHECK (last_on >= first_on)
);
CREATE INDEX ix_inspection_plan_items_plan_id ON tasks.inspection_plan_items (plan_id, first_on, id);

CREATE TABLE tasks.inspection_plan_changes (
    plan_id uuid NOT NULL CONSTRAINT fk_inspection_plan_changes_plan_id REFERENCES tasks.inspection_plans (id),
    version integer NOT NULL,
    kind text NOT NULL,
    item_id uuid,
    facts jsonb NOT NULL,
    reason text NOT NULL,
    actor_name text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_inspection_plan_changes PRIMARY KEY (plan_id, version)
);
SELECT kit.make_append_only('tasks.inspection_plan_changes');

CREATE TABLE tasks.inspections (
    id uuid CONSTRAINT pk_inspections PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_inspections_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_inspections_unit_id REFERENCES directory.units (id),
    unit_ids uuid[] NOT NULL,
    plan_item_id uuid CONSTRAINT fk_inspections_plan_item_id REFERENCES tasks.inspection_plan_items (id),
    off_plan_reason text,
    object_name text NOT NULL,
    object_code text,
    enterprise boolean NOT NULL,
    check_code text,
    inspected_on date NOT NULL,
    officers integer NOT NULL,
    result text NOT NULL,
    result_text text,
    visits_saved integer NOT NULL,
    case_file_id uuid,
    draw_id uuid,
    attachment_ids uuid[] NOT NULL,
    state text NOT NULL,
    void_reason text,
    created_by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_inspections_state CHECK (state IN ('recorded', 'void')),
    CONSTRAINT ck_inspections_off_plan CHECK (plan_item_id IS NOT NULL OR off_plan_reason IS NOT NULL),
    CONSTRAINT ck_inspections_void CHECK ((state = 'void') = (void_reason IS NOT NULL)),
    CONSTRAINT ck_inspections_lead CHECK (unit_id = ANY (unit_ids))
);
CREATE INDEX ix_inspections_district_id_inspected_on ON tasks.inspections (district_id, inspected_on, id);
CREATE INDEX ix_inspections_unit_id_inspected_on ON tasks.inspections (unit_id, inspected_on, id);
CREATE INDEX ix_inspections_unit_ids ON tasks.inspections USING gin (unit_ids);
CREATE UNIQUE INDEX uq_inspections_plan_item_id ON tasks.inspections (plan_item_id)
    WHERE plan_item_id IS NOT NULL AND state = 'recorded';

GRANT SELECT, INSERT, UPDATE ON tasks.inspection_proposals, tasks.inspection_plans, tasks.inspections TO zhifa_tasks;
-- A draft is merged anew: its visits go and come again.
GRANT SELECT, INSERT, UPDATE, DELETE ON tasks.inspection_plan_items TO zhifa_tasks;
GRANT SELECT, INSERT ON tasks.inspection_plan_changes TO zhifa_tasks;
