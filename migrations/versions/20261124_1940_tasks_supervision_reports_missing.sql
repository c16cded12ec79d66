------------------------------------------------------------------------------------------------ missing progress reports
-- That nothing was reported on an assignment for a period, once for each level it was told to: 0 the unit, 1 its leaders,
-- 2 the bureau. A report that comes later leaves it.
CREATE TABLE tasks.missing_reports (
    id uuid CONSTRAINT pk_missing_reports PRIMARY KEY,
    assignment_id uuid NOT NULL CONSTRAINT fk_missing_reports_assignment_id REFERENCES tasks.assignments (id),
    district_id uuid NOT NULL CONSTRAINT fk_missing_reports_district_id REFERENCES directory.units (id),
    plan_id uuid NOT NULL CONSTRAINT fk_missing_reports_plan_id REFERENCES tasks.plans (id),
    unit_id uuid NOT NULL CONSTRAINT fk_missing_reports_unit_id REFERENCES directory.units (id),
    period_start date NOT NULL,
    period_end date NOT NULL,
    level integer NOT NULL,
    noted_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT uq_missing_reports_assignment_id_period_end_level UNIQUE (assignment_id, period_end, level),
    CONSTRAINT ck_missing_reports_level CHECK (level BETWEEN 0 AND 2)
);
CREATE INDEX ix_missing_reports_district_id_recorded_at_id ON tasks.missing_reports (district_id, recorded_at, id);
CREATE INDEX ix_missing_reports_unit_id_recorded_at_id ON tasks.missing_reports (unit_id, recorded_at, id);
SELECT kit.make_append_only('tasks.missing_reports');

GRANT SELECT, INSERT ON tasks.missing_reports TO zhifa_tasks;
