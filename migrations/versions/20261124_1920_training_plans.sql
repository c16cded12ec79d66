------------------------------------------------------------------------------------------------ grants to townships
-- Which department granted enforcement powers to which township, from when to when (赋权). Dated configuration.
CREATE TABLE training.township_grants (
    id uuid CONSTRAINT pk_township_grants PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_township_grants_district_id REFERENCES directory.units (id),
    department_id uuid NOT NULL CONSTRAINT fk_township_grants_department_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_township_grants_unit_id REFERENCES directory.units (id),
    from_on date NOT NULL,
    to_on date,
    document text,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_township_grants_department_id_unit_id_from_on UNIQUE (department_id, unit_id, from_on),
    CONSTRAINT ck_township_grants_period CHECK (to_on >= from_on)
);
CREATE INDEX ix_township_grants_district_id_created_at_id ON training.township_grants (district_id, created_at, id);
CREATE INDEX ix_township_grants_unit_id ON training.township_grants (unit_id);

------------------------------------------------------------------------------------------------ training plans
CREATE TABLE training.training_plans (
    id uuid CONSTRAINT pk_training_plans PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_training_plans_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_training_plans_unit_id REFERENCES directory.units (id),
    year integer NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    note text,
    attachment_ids uuid[] NOT NULL,
    state text NOT NULL,
    submitted_at timestamptz,
    submitted_by uuid,
    decided_at timestamptz,
    decided_by uuid,
    decision_reason text,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_training_plans_unit_id_year_kind UNIQUE (unit_id, year, kind),
    CONSTRAINT ck_training_plans_kind CHECK (kind IN ('annual', 'professional')),
    CONSTRAINT ck_training_plans_state CHECK (state IN ('draft', 'submitted', 'approved', 'returned'))
);
CREATE INDEX ix_training_plans_district_id_created_at_id ON training.training_plans (district_id, created_at, id);
CREATE INDEX ix_training_plans_unit_id_created_at_id ON training.training_plans (unit_id, created_at, id);
CREATE INDEX ix_training_plans_district_id_year_kind ON training.training_plans (district_id, year, kind);

CREATE TABLE training.training_plan_items (
    plan_id uuid NOT NULL CONSTRAINT fk_training_plan_items_plan_id REFERENCES training.training_plans (id),
    place integer NOT NULL,
    title text NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    hundredths integer NOT NULL,
    month integer,
    level text,
    participants integer,
    unit_ids uuid[] NOT NULL,
    note text,
    CONSTRAINT pk_training_plan_items PRIMARY KEY (plan_id, place),
    CONSTRAINT ck_training_plan_items_hours CHECK (hundredths > 0),
    CONSTRAINT ck_training_plan_items_month CHECK (month BETWEEN 1 AND 12)
);
CREATE INDEX ix_training_plan_items_unit_ids ON training.training_plan_items USING gin (unit_ids);

ALTER TABLE training.classes ADD CONSTRAINT fk_classes_plan_id FOREIGN KEY (plan_id) REFERENCES training.training_plans (id);
CREATE INDEX ix_classes_plan_id ON training.classes (plan_id);

-- Who owes which plan in a year: every enforcement unit an annual one, every department of the group a professional one
-- (plan task 2). A unit counts when it was valid, or a member, on any day of the year.
CREATE FUNCTION training.owed_plans(wanted integer)
RETURNS TABLE (district_id uuid, unit_id uuid, kind text) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT u.district_id, u.id, 'annual' FROM published.units u
    WHERE u.enforcement AND coalesce(u.valid_from, '-infinity') <= make_date(wanted, 12, 31)
      AND coalesce(u.valid_to, 'infinity') >= make_date(wanted, 1, 1)
    UNION
    SELECT m.district_id, m.unit_id, 'professional' FROM published.unit_group_members m
    WHERE m.key = 'enforcement_departments' AND m.valid_from <= make_date(wanted, 12, 31)
      AND coalesce(m.valid_to, 'infinity') >= make_date(wanted, 1, 1)
$$;

-- Obligations O2b and O2d: an approved plan is there. `under_way` tells of one not yet approved.
CREATE VIEW published.training_plan_obligations AS
SELECT CASE o.kind WHEN 'annual' THEN 'O2b' ELSE 'O2d' END AS obligation, o.district_id, o.unit_id, y.year,
       (coalesce(p.state, '') = 'approved')::integer AS value, 1 AS threshold,
       p.state IN ('draft', 'submitted', 'returned') IS TRUE AS under_way, p.id AS plan_id, p.decided_at AS reached_at
FROM generate_series(2023, extract(year FROM now() AT TIME ZONE 'Asia/Shanghai')::integer + 1) AS y (year)
CROSS JOIN LATERAL training.owed_plans(y.year) o
LEFT JOIN training.training_plans p ON p.unit_id = o.unit_id AND p.year = y.year AND p.kind = o.kind;

GRANT SELECT ON published.training_plan_obligations TO zhifa_training, zhifa_tasks;
GRANT SELECT, INSERT, UPDATE ON training.township_grants, training.training_plans TO zhifa_training;
GRANT SELECT, INSERT, DELETE ON training.training_plan_items TO zhifa_training;
