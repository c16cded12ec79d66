-- Exemptions from training hours (学时减免): which reasons there are since when, what was asked for, and what holds.

-- Reasons as dated configuration: a row holds from its first day until another row of its code does. Rows without a district
-- are what a fresh system brings; a district's own row goes before them. minimum_months: how long the ground must last.
-- waives: the months it covers, or every year it touches. until_certified: ends the day before a first certificate.
CREATE TABLE training.exemption_reasons (
    id uuid CONSTRAINT pk_exemption_reasons PRIMARY KEY,
    district_id uuid CONSTRAINT fk_exemption_reasons_district_id REFERENCES directory.units (id),
    code text NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    minimum_months integer NOT NULL,
    needs_evidence boolean NOT NULL,
    until_certified boolean NOT NULL,
    waives text NOT NULL,
    in_force boolean NOT NULL,
    valid_from date NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT ck_exemption_reasons_waives CHECK (waives IN ('months', 'year')),
    CONSTRAINT ck_exemption_reasons_minimum CHECK (minimum_months BETWEEN 0 AND 120)
);
CREATE INDEX ix_exemption_reasons_code_valid_from ON training.exemption_reasons (code, valid_from);
SELECT kit.make_append_only('training.exemption_reasons');

-- The plan names no reasons: these are proposals, to be replaced by a district's own.
INSERT INTO training.exemption_reasons
    (id, code, title_zh, title_en, minimum_months, needs_evidence, until_certified, waives, in_force, valid_from, recorded_at)
SELECT gen_random_uuid(), s.code, s.title_zh, s.title_en, s.months, s.evidence, s.certified, 'months', true, '2023-01-01',
       '2023-01-01T00:00:00Z'
FROM (VALUES
    ('sick_leave', '病假', 'sick leave', 6, true, false),
    ('maternity_leave', '产假', 'maternity leave', 6, true, false),
    ('seconded', '借调', 'seconded elsewhere', 0, false, false),
    ('newly_certified', '年内新取得执法证件', 'newly certified in the year', 0, false, true),
    ('retired', '退休', 'retired', 0, false, false),
    ('left', '离岗', 'left the post', 0, false, false)
) AS s (code, title_zh, title_en, months, evidence, certified);

CREATE TABLE training.exemptions (
    id uuid CONSTRAINT pk_exemptions PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_exemptions_district_id REFERENCES directory.units (id),
    officer_id uuid NOT NULL CONSTRAINT fk_exemptions_officer_id REFERENCES training.officers (id),
    reason text NOT NULL,
    waives text NOT NULL,
    from_on date NOT NULL,
    to_on date,
    ground bytea,
    attachment_ids uuid[] NOT NULL,
    state text NOT NULL,
    proposed_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    decision_note text,
    version integer NOT NULL,
    CONSTRAINT ck_exemptions_state CHECK (state IN ('proposed', 'approved', 'refused', 'withdrawn', 'revoked')),
    CONSTRAINT ck_exemptions_period CHECK (to_on >= from_on),
    CONSTRAINT ck_exemptions_waives CHECK (waives IN ('months', 'year')),
    CONSTRAINT ck_exemptions_decided CHECK ((decided_by IS NULL) = (decided_at IS NULL))
);
CREATE INDEX ix_exemptions_district_id_created_at_id ON training.exemptions (district_id, created_at, id);
CREATE INDEX ix_exemptions_officer_id_from_on ON training.exemptions (officer_id, from_on);

-- What holds, as known at any moment: an approval adds a row, an end or a revocation supersedes it. Compliance reads this.
CREATE TABLE training.exempt_spells (
    id uuid CONSTRAINT pk_exempt_spells PRIMARY KEY,
    exemption_id uuid NOT NULL CONSTRAINT fk_exempt_spells_exemption_id REFERENCES training.exemptions (id),
    officer_id uuid NOT NULL CONSTRAINT fk_exempt_spells_officer_id REFERENCES training.officers (id),
    reason text NOT NULL,
    waives text NOT NULL,
    from_on date NOT NULL,
    to_on date,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz,
    CONSTRAINT ck_exempt_spells_period CHECK (to_on >= from_on),
    CONSTRAINT ck_exempt_spells_known CHECK (superseded_at >= recorded_at)
);
CREATE UNIQUE INDEX uq_exempt_spells_current ON training.exempt_spells (exemption_id) WHERE superseded_at IS NULL;
CREATE INDEX ix_exempt_spells_officer_id_from_on ON training.exempt_spells (officer_id, from_on);

-- Months between two days of one officer's service in which every day of that service is exempt, as known at a moment, and
-- the reasons in the order in which they began. A year that is waived counts with all its months.
CREATE FUNCTION training.exempt_months(whose uuid, first_on date, last_on date, at timestamptz)
RETURNS TABLE (months integer, reasons text[]) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH spells AS (
        SELECT s.reason, s.from_on, s.waives,
               CASE s.waives WHEN 'year' THEN date_trunc('year', s.from_on)::date ELSE s.from_on END AS starts_on,
               CASE WHEN s.to_on IS NULL THEN 'infinity'::date
                    WHEN s.waives = 'year' THEN (date_trunc('year', s.to_on) + interval '1 year - 1 day')::date
                    ELSE s.to_on END AS ends_on
        FROM training.exempt_spells s
        WHERE s.officer_id = whose AND s.recorded_at <= at AND coalesce(s.superseded_at, 'infinity') > at
    ), near AS (
        SELECT * FROM spells WHERE starts_on <= last_on AND ends_on >= first_on
    ), free AS (
        SELECT unnest(range_agg(daterange(starts_on, CASE WHEN ends_on = 'infinity' THEN NULL ELSE ends_on END, '[]'))) AS days
        FROM near
    )
    SELECT count(*)::integer, (SELECT array_agg(n.reason ORDER BY n.from_on, n.reason) FROM near n)
    FROM generate_series(date_trunc('month', first_on), last_on, interval '1 month') AS m (begins)
    WHERE EXISTS (
        SELECT 1 FROM free f
        WHERE f.days @> daterange(greatest(m.begins::date, first_on),
                                  least((m.begins + interval '1 month - 1 day')::date, last_on), '[]'))
$$;

GRANT SELECT, INSERT ON training.exemption_reasons TO zhifa_training;
GRANT SELECT, INSERT, UPDATE ON training.exemptions TO zhifa_training;
GRANT SELECT, INSERT, UPDATE (superseded_at) ON training.exempt_spells TO zhifa_training;
