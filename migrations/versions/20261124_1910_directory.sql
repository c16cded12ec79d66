-- Tables of schema directory, their published views and the rights of the service roles.

------------------------------------------------------------------------------------------------ units
CREATE TABLE directory.units (
    id uuid CONSTRAINT pk_units PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_units_district_id REFERENCES directory.units (id),
    parent_id uuid CONSTRAINT fk_units_parent_id REFERENCES directory.units (id),
    path uuid[] NOT NULL,
    code text NOT NULL CONSTRAINT uq_units_code UNIQUE,
    name text NOT NULL,
    short_name text NOT NULL,
    kind text NOT NULL,
    enforcement boolean NOT NULL,
    granting boolean NOT NULL,
    vertical boolean NOT NULL,
    assumed boolean NOT NULL,
    valid_from date,
    valid_to date,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_units_path CHECK (path[1] = district_id AND path[cardinality(path)] = id),
    CONSTRAINT ck_units_validity CHECK (valid_to >= valid_from)
);
CREATE INDEX ix_units_district_id_code ON directory.units (district_id, code, id);
CREATE INDEX ix_units_path ON directory.units USING gin (path);
CREATE INDEX ix_units_parent_id ON directory.units (parent_id);

CREATE VIEW published.units AS
SELECT id, district_id, path, code, name, short_name, kind, enforcement, granting, valid_from, valid_to FROM directory.units;

GRANT SELECT ON published.units TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
GRANT SELECT, INSERT, UPDATE ON directory.units TO zhifa_directory;
