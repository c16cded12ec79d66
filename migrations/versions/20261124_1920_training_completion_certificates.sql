-- Completion certificates (结业证书 of a class, 学时证明 of a year). What was handed out never changes: names and sums stand as
-- they were, and only its end is written to a row. A correction is another certificate that names the first.
CREATE TABLE training.completion_certificates (
    id uuid CONSTRAINT pk_completion_certificates PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_completion_certificates_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_completion_certificates_unit_id REFERENCES directory.units (id),
    issuer_id uuid NOT NULL CONSTRAINT fk_completion_certificates_issuer_id REFERENCES directory.units (id),
    officer_id uuid NOT NULL CONSTRAINT fk_completion_certificates_officer_id REFERENCES training.officers (id),
    kind text NOT NULL,
    class_id uuid CONSTRAINT fk_completion_certificates_class_id REFERENCES training.classes (id),
    year integer NOT NULL,
    issued_in integer NOT NULL,
    serial integer NOT NULL,
    number text NOT NULL,
    name text NOT NULL,
    unit_name text NOT NULL,
    issuer_name text NOT NULL,
    title text,
    first_on date NOT NULL,
    last_on date NOT NULL,
    public_law integer NOT NULL,
    business integer NOT NULL,
    skills integer NOT NULL,
    political integer NOT NULL,
    entries_sha256 bytea NOT NULL,
    supersedes_id uuid CONSTRAINT fk_completion_certificates_supersedes_id REFERENCES training.completion_certificates (id),
    issued_on date NOT NULL,
    issued_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by uuid,
    ended_reason text,
    version integer NOT NULL,
    CONSTRAINT uq_completion_certificates_number UNIQUE (number),
    CONSTRAINT uq_completion_certificates_district_id_issued_in_serial UNIQUE (district_id, issued_in, serial),
    CONSTRAINT uq_completion_certificates_supersedes_id UNIQUE (supersedes_id),
    CONSTRAINT ck_completion_certificates_kind
        CHECK (kind IN ('class', 'year') AND (kind = 'class') = (class_id IS NOT NULL)),
    CONSTRAINT ck_completion_certificates_title CHECK ((kind = 'class') = (title IS NOT NULL)),
    CONSTRAINT ck_completion_certificates_hours CHECK (public_law + business + skills + political > 0),
    CONSTRAINT ck_completion_certificates_days CHECK (last_on >= first_on),
    CONSTRAINT ck_completion_certificates_ended
        CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_reason IS NULL))
);
CREATE UNIQUE INDEX uq_completion_certificates_class ON training.completion_certificates (class_id, officer_id)
    WHERE ended_at IS NULL AND kind = 'class';
CREATE UNIQUE INDEX uq_completion_certificates_year ON training.completion_certificates (officer_id, year)
    WHERE ended_at IS NULL AND kind = 'year';
CREATE INDEX ix_completion_certificates_district_id_created_at_id
    ON training.completion_certificates (district_id, created_at, id);
CREATE INDEX ix_completion_certificates_unit_id_created_at_id ON training.completion_certificates (unit_id, created_at, id);
CREATE INDEX ix_completion_certificates_issuer_id_created_at_id
    ON training.completion_certificates (issuer_id, created_at, id);
CREATE INDEX ix_completion_certificates_officer_id ON training.completion_certificates (officer_id);

CREATE TABLE training.completion_certificate_entries (
    certificate_id uuid NOT NULL CONSTRAINT fk_completion_certificate_entries_certificate_id
        REFERENCES training.completion_certificates (id),
    entry_id uuid NOT NULL CONSTRAINT fk_completion_certificate_entries_entry_id REFERENCES training.hour_entries (id),
    CONSTRAINT pk_completion_certificate_entries PRIMARY KEY (certificate_id, entry_id)
);
CREATE INDEX ix_completion_certificate_entries_entry_id ON training.completion_certificate_entries (entry_id);
SELECT kit.make_append_only('training.completion_certificate_entries');

CREATE TABLE training.completion_certificate_counters (
    district_id uuid NOT NULL CONSTRAINT fk_completion_certificate_counters_district_id REFERENCES directory.units (id),
    issued_in integer NOT NULL,
    last integer NOT NULL,
    CONSTRAINT pk_completion_certificate_counters PRIMARY KEY (district_id, issued_in),
    CONSTRAINT ck_completion_certificate_counters_last CHECK (last >= 0)
);

-- Whether hours behind a certificate were reversed since.
CREATE FUNCTION training.hours_reversed(certificate uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT 1 FROM training.completion_certificate_entries c
                   JOIN training.hour_entries r ON r.reverses_id = c.entry_id WHERE c.certificate_id = certificate)
$$;

GRANT SELECT, INSERT, UPDATE (ended_at, ended_by, ended_reason, version) ON training.completion_certificates TO zhifa_training;
GRANT SELECT, INSERT ON training.completion_certificate_entries TO zhifa_training;
GRANT SELECT, INSERT, UPDATE (last) ON training.completion_certificate_counters TO zhifa_training;
