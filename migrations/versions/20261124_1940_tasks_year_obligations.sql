------------------------------------------------------------------------------------------------ obligations of a year
-- How the plan's open words are read where obligations are measured.
INSERT INTO tasks.supervision_settings (id, key, valid_from, value, reading, recorded_by_name, recorded_at)
VALUES ('01890000-0000-7000-8000-000000000250', 'obligations', '2020-01-01',
        '{"warn_days": 30, "summary_period": "year", "report_period": "quarter"}',
        '方案未规定总结与报告的次数；预置总结每年一次、报告每季一次，期满前 30 日未动即提示风险', '系统预置', '2020-01-01T00:00:00Z'),
       ('01890000-0000-7000-8000-000000000251', 'time_words', '2020-01-01',
        '{"before_year_once": "year_before", "before_year_yearly": "through_year", "month_start_last_day": 10,
          "month_end_first_day": 21, "year_end": "12-31", "publicity_days": null}',
        '“2025年前”一次完成的按上一年年底，每年完成的含该年；月初为 1 至 10 日，月底自 21 日起，年底为 12 月 31 日；及时公示不计天数',
        '系统预置', '2020-01-01T00:00:00Z');

-- What was measured, kept whenever it differs from what was kept last: the past as it was known then.
CREATE TABLE tasks.obligation_values (
    id uuid CONSTRAINT pk_obligation_values PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_obligation_values_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_obligation_values_unit_id REFERENCES directory.units (id),
    obligation text NOT NULL,
    year integer NOT NULL,
    owed boolean NOT NULL,
    value integer NOT NULL,
    threshold integer NOT NULL,
    risk boolean NOT NULL,
    under_way boolean NOT NULL,
    due_on date NOT NULL,
    self_declared boolean NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX ix_obligation_values_district_id_year ON tasks.obligation_values
    (district_id, year, obligation, unit_id, recorded_at DESC, id DESC);
SELECT kit.make_append_only('tasks.obligation_values');

-- When the values of a year were last looked through, and what had happened in the district by then (`kit.count_changes`):
-- anything, and anything but reports being drawn up, which fulfil nothing before they are sent.
CREATE TABLE tasks.obligation_recordings (
    district_id uuid NOT NULL CONSTRAINT fk_obligation_recordings_district_id REFERENCES directory.units (id),
    year integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    changes_since uuid NOT NULL,
    changes bigint NOT NULL,
    changes_beside_reports bigint NOT NULL,
    CONSTRAINT pk_obligation_recordings PRIMARY KEY (district_id, year)
);
GRANT SELECT, INSERT, UPDATE ON tasks.obligation_recordings TO zhifa_tasks;

-- Numbers a unit gives itself where no record can show one; the latest counts, the earlier ones stay.
CREATE TABLE tasks.obligation_declarations (
    id uuid CONSTRAINT pk_obligation_declarations PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_obligation_declarations_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_obligation_declarations_unit_id REFERENCES directory.units (id),
    obligation text NOT NULL,
    year integer NOT NULL,
    value integer NOT NULL,
    note text NOT NULL,
    attachment_ids uuid[] NOT NULL,
    declared_by uuid NOT NULL,
    declared_by_name text NOT NULL,
    declared_at timestamptz NOT NULL,
    CONSTRAINT ck_obligation_declarations_value CHECK (value >= 0)
);
CREATE INDEX ix_obligation_declarations_unit_id ON tasks.obligation_declarations (unit_id, year, obligation, declared_at);
CREATE INDEX ix_obligation_declarations_district_id ON tasks.obligation_declarations (district_id, year, declared_at, id);
SELECT kit.make_append_only('tasks.obligation_declarations');

GRANT SELECT, INSERT ON tasks.obligation_values, tasks.obligation_declarations TO zhifa_tasks;
