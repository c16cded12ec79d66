------------------------------------------------------------------------------------------------ unit groups
CREATE TABLE directory.unit_groups (
    id uuid CONSTRAINT pk_unit_groups PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_unit_groups_district_id REFERENCES directory.units (id),
    key text NOT NULL,
    name text NOT NULL,
    aliases text[] NOT NULL,
    assumed boolean NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_unit_groups_district_id_key UNIQUE (district_id, key)
);

CREATE TABLE directory.unit_group_members (
    group_id uuid NOT NULL CONSTRAINT fk_unit_group_members_group_id REFERENCES directory.unit_groups (id),
    unit_id uuid NOT NULL CONSTRAINT fk_unit_group_members_unit_id REFERENCES directory.units (id),
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT pk_unit_group_members PRIMARY KEY (group_id, unit_id, valid_from),
    CONSTRAINT ck_unit_group_members_validity CHECK (valid_to >= valid_from)
);
CREATE INDEX ix_unit_group_members_unit_id ON directory.unit_group_members (unit_id);

CREATE VIEW published.unit_group_members AS
SELECT g.id AS group_id, g.key, g.name AS group_name, g.district_id, m.unit_id, m.valid_from, m.valid_to
FROM directory.unit_groups g JOIN directory.unit_group_members m ON m.group_id = g.id;

-- Names under which documents speak of a group.
CREATE VIEW published.unit_groups AS
SELECT id AS group_id, district_id, key, name, aliases FROM directory.unit_groups;

GRANT SELECT ON published.unit_group_members, published.unit_groups
    TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
GRANT SELECT, INSERT, UPDATE ON directory.unit_groups TO zhifa_directory;
GRANT SELECT, INSERT, UPDATE, DELETE ON directory.unit_group_members TO zhifa_directory;

------------------------------------------------------------------------------------------------ working days
CREATE TABLE directory.calendar_years (
    id uuid CONSTRAINT pk_calendar_years PRIMARY KEY,
    year integer NOT NULL CONSTRAINT uq_calendar_years_year UNIQUE,
    source text NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE directory.working_days (
    day date CONSTRAINT pk_working_days PRIMARY KEY,
    working boolean NOT NULL,
    kind text NOT NULL,
    name text
);

CREATE VIEW published.working_days AS SELECT day, working FROM directory.working_days;

GRANT SELECT ON published.working_days TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
GRANT SELECT, INSERT, UPDATE ON directory.calendar_years TO zhifa_directory;
GRANT SELECT, INSERT, UPDATE, DELETE ON directory.working_days TO zhifa_directory;

------------------------------------------------------------------------------------------------ attachments
CREATE TABLE directory.attachments (
    id uuid CONSTRAINT pk_attachments PRIMARY KEY,
    district_id uuid,
    unit_id uuid,
    uploaded_by uuid NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL,
    size integer NOT NULL,
    sha256 text NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_attachments_unit_id_created_at ON directory.attachments (unit_id, created_at, id);
CREATE INDEX ix_attachments_uploaded_by_created_at ON directory.attachments (uploaded_by, created_at, id);
CREATE INDEX ix_attachments_sha256 ON directory.attachments (sha256);

CREATE VIEW published.attachments AS
SELECT id, unit_id, uploaded_by, file_name, media_type, size, sha256 FROM directory.attachments;

GRANT SELECT ON published.attachments TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
GRANT SELECT, INSERT ON directory.attachments TO zhifa_directory;
