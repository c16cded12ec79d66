-- Certificates of officers (行政执法证), and the dated rules about people: how long certificates last, what they demand,
-- how names are shown to the public.

-- A row holds from its first day until a later one does. Rows without a district are what a fresh system brings. None of the
-- figures stands in the plan; five years and the eleven-digit number are usual elsewhere, so all of them are for a district to set.
CREATE TABLE training.personnel_rules (
    id uuid CONSTRAINT pk_personnel_rules PRIMARY KEY,
    district_id uuid CONSTRAINT fk_personnel_rules_district_id REFERENCES directory.units (id),
    certificate_months integer NOT NULL,
    required_exams text[] NOT NULL,
    exam_valid_months integer NOT NULL,
    number_digits_min integer NOT NULL,
    number_digits_max integer NOT NULL,
    verification_name text NOT NULL,
    public_list_name text NOT NULL,
    public_list_needs_exam boolean NOT NULL,
    valid_from date NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT ck_personnel_rules_months CHECK (certificate_months BETWEEN 1 AND 600),
    CONSTRAINT ck_personnel_rules_exams CHECK (required_exams <@ ARRAY['general', 'professional']),
    CONSTRAINT ck_personnel_rules_exam_months CHECK (exam_valid_months BETWEEN 0 AND 600),
    CONSTRAINT ck_personnel_rules_digits CHECK (number_digits_min BETWEEN 1 AND number_digits_max AND number_digits_max <= 30),
    CONSTRAINT ck_personnel_rules_names CHECK (
        verification_name IN ('surname', 'all_but_last', 'full', 'hidden')
        AND public_list_name IN ('surname', 'all_but_last', 'full', 'hidden'))
);
CREATE INDEX ix_personnel_rules_valid_from ON training.personnel_rules (valid_from);
SELECT kit.make_append_only('training.personnel_rules');
INSERT INTO training.personnel_rules
    (id, certificate_months, required_exams, exam_valid_months, number_digits_min, number_digits_max, verification_name,
     public_list_name, public_list_needs_exam, valid_from, recorded_at)
VALUES (gen_random_uuid(), 60, ARRAY['general', 'professional'], 0, 8, 14, 'surname', 'surname', true, '2023-01-01',
        '2023-01-01T00:00:00Z');

-- The rule that holds in a district on a day.
CREATE FUNCTION training.personnel_rule(district uuid, day date) RETURNS training.personnel_rules
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT r FROM training.personnel_rules r
    WHERE r.valid_from <= day AND (r.district_id IS NULL OR r.district_id = district)
    ORDER BY r.valid_from DESC, r.district_id IS NOT NULL DESC, r.recorded_at DESC, r.id DESC LIMIT 1
$$;

-- A person's name as the public may see it.
CREATE FUNCTION training.shown_name(name text, style text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE style
        WHEN 'full' THEN name
        WHEN 'all_but_last' THEN left(name, greatest(length(name) - 1, 1)) || '*'
        WHEN 'surname' THEN training.masked_name(name)
    END
$$;

CREATE TABLE training.certificates (
    id uuid CONSTRAINT pk_certificates PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_certificates_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_certificates_unit_id REFERENCES directory.units (id),
    officer_id uuid NOT NULL CONSTRAINT fk_certificates_officer_id REFERENCES training.officers (id),
    number text,
    state text NOT NULL,
    applied_on date NOT NULL,
    valid_from date,
    valid_to date,
    suspended_from date,
    suspended_to date,
    ended_on date,
    external_system text,
    external_id text,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_certificates_district_id_external_system_external_id UNIQUE (district_id, external_system, external_id),
    CONSTRAINT ck_certificates_state CHECK (state IN ('applied', 'valid', 'cancelled', 'revoked')),
    CONSTRAINT ck_certificates_period CHECK ((valid_from IS NULL) = (valid_to IS NULL) AND valid_to >= valid_from),
    CONSTRAINT ck_certificates_issued CHECK (state NOT IN ('valid', 'revoked') OR (number IS NOT NULL AND valid_from IS NOT NULL)),
    CONSTRAINT ck_certificates_suspended CHECK (suspended_to >= suspended_from),
    CONSTRAINT ck_certificates_ended CHECK ((ended_on IS NULL) = (state IN ('applied', 'valid'))),
    CONSTRAINT ck_certificates_external CHECK ((external_system IS NULL) = (external_id IS NULL))
);
-- A number belongs to one officer, who may keep it when the certificate is renewed.
CREATE UNIQUE INDEX uq_certificates_number_valid_from ON training.certificates (number, valid_from);
CREATE UNIQUE INDEX uq_certificates_applied ON training.certificates (officer_id) WHERE state = 'applied';
CREATE INDEX ix_certificates_officer_id_valid_from ON training.certificates (officer_id, valid_from);
CREATE INDEX ix_certificates_district_id_created_at_id ON training.certificates (district_id, created_at, id);
CREATE INDEX ix_certificates_district_id_valid_to ON training.certificates (district_id, valid_to) WHERE state = 'valid';

-- Every suspension there was, with its reason; one that was lifted ends the day before.
CREATE TABLE training.certificate_suspensions (
    id uuid CONSTRAINT pk_certificate_suspensions PRIMARY KEY,
    certificate_id uuid NOT NULL CONSTRAINT fk_certificate_suspensions_certificate_id REFERENCES training.certificates (id),
    from_on date NOT NULL,
    to_on date,
    reason text NOT NULL,
    lifted_reason text,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT ck_certificate_suspensions_period CHECK (to_on >= from_on - 1)
);
CREATE INDEX ix_certificate_suspensions_certificate_id_from_on ON training.certificate_suspensions (certificate_id, from_on);

-- The state on a day follows from the days themselves: nothing has to run for a certificate to expire or a suspension to end.
CREATE FUNCTION training.certificate_state(state text, valid_to date, suspended_from date, suspended_to date, day date)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN state <> 'valid' THEN state
        WHEN day > valid_to THEN 'expired'
        WHEN suspended_from <= day AND coalesce(suspended_to, 'infinity') >= day THEN 'suspended'
        ELSE 'valid'
    END
$$;

CREATE FUNCTION training.suspended_days(certificate uuid) RETURNS datemultirange LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(range_agg(daterange(from_on, to_on, '[]')), '{}')
    FROM training.certificate_suspensions WHERE certificate_id = certificate AND coalesce(to_on, 'infinity') >= from_on
$$;

-- Issued certificates: from and to which day they hold, cut short where they were cancelled or revoked, and what of it they
-- were suspended. ended_by: cancelled | revoked; without it the certificate simply expires.
CREATE VIEW published.certificates AS
SELECT c.id, c.officer_id, c.district_id, c.unit_id, c.number, c.valid_from AS from_on,
       least(c.valid_to, c.ended_on - 1) AS to_on,
       CASE WHEN c.ended_on IS NOT NULL THEN c.state END AS ended_by, c.ended_on,
       training.suspended_days(c.id) AS suspended
FROM training.certificates c WHERE c.valid_from IS NOT NULL;

-- The same as whole spans: a certificate is good on the days that lie in one of its rows.
CREATE VIEW published.certificate_spans AS
SELECT p.id AS certificate_id, p.officer_id, p.district_id, p.unit_id, p.number, lower(s.days) AS from_on, upper(s.days) - 1 AS to_on
FROM published.certificates p
CROSS JOIN LATERAL unnest(datemultirange(daterange(p.from_on, p.to_on, '[]')) - p.suspended) AS s (days)
WHERE p.to_on >= p.from_on;

-- Regular officers in service today by unit, and how many of them hold a certificate (持证率).
CREATE VIEW published.unit_certificates AS
SELECT o.district_id, o.unit_id, count(*)::integer AS officers,
       (count(*) FILTER (WHERE h.state = 'valid'))::integer AS certified,
       (count(*) FILTER (WHERE h.state = 'suspended'))::integer AS suspended,
       (count(*) FILTER (WHERE h.state = 'valid' AND h.valid_to < t.today + 90))::integer AS expiring
FROM training.officers o
CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS today) t
LEFT JOIN (
    -- Read once, not looked up for each officer.
    SELECT DISTINCT ON (c.officer_id) c.officer_id, c.valid_to,
           training.certificate_state(c.state, c.valid_to, c.suspended_from, c.suspended_to, d.today) AS state
    FROM training.certificates c
    CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS today) d
    WHERE c.state = 'valid' AND c.valid_from <= d.today AND c.valid_to >= d.today
    ORDER BY c.officer_id, c.valid_to DESC
) h ON h.officer_id = o.id
WHERE o.kind = 'officer' AND o.left_on IS NULL
GROUP BY o.district_id, o.unit_id;

GRANT SELECT ON published.certificates, published.certificate_spans, published.unit_certificates
    TO zhifa_training, zhifa_cases, zhifa_tasks;
GRANT SELECT, INSERT ON training.personnel_rules TO zhifa_training;
GRANT SELECT, INSERT, UPDATE ON training.certificates TO zhifa_training;
GRANT SELECT, INSERT, UPDATE (to_on, lifted_reason) ON training.certificate_suspensions TO zhifa_training;
-- A function behind a view runs with the rights of whoever reads the view.
ALTER FUNCTION training.suspended_days(uuid) SECURITY DEFINER SET search_path = pg_catalog;
