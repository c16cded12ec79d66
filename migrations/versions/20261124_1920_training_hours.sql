-- Settings and years of the ledger of class hours.

-- What holds from a day on, until the next row; rows are only ever added, of one day the latest recorded holds. Rows without
-- a district are what every system begins with.
CREATE TABLE training.hour_rules (
    id uuid CONSTRAINT pk_hour_rules PRIMARY KEY,
    district_id uuid CONSTRAINT fk_hour_rules_district_id REFERENCES directory.units (id),
    valid_from date NOT NULL,
    pending_sources text[] NOT NULL,
    members_wait boolean NOT NULL,
    class_cap integer,
    online_cap integer,
    teaching_cap integer,
    self_study_cap integer,
    teaching_times integer,
    carry_over integer NOT NULL,
    recorded_by uuid,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT ck_hour_rules_pending_sources CHECK (pending_sources <@ ARRAY['class', 'online', 'teaching', 'self_study']),
    CONSTRAINT ck_hour_rules_caps CHECK (least(class_cap, online_cap, teaching_cap, self_study_cap) >= 0),
    CONSTRAINT ck_hour_rules_teaching_times CHECK (teaching_times BETWEEN 1 AND 100),
    CONSTRAINT ck_hour_rules_carry_over CHECK (carry_over >= 0)
);
CREATE INDEX ix_hour_rules_valid_from ON training.hour_rules (valid_from);
SELECT kit.make_append_only('training.hour_rules');
-- No rule names caps, carry-over or how teaching counts: all of them are off until a district says otherwise.
INSERT INTO training.hour_rules (id, valid_from, pending_sources, members_wait, carry_over, recorded_at)
VALUES ('01900000-0000-7000-8000-000000350060', '2000-01-01', ARRAY['self_study'], false, 0, '2000-01-01T00:00:00Z');
ALTER TABLE training.hour_entries
    ADD CONSTRAINT fk_hour_entries_hour_rule_id FOREIGN KEY (hour_rule_id) REFERENCES training.hour_rules (id);

CREATE TABLE training.hour_year_moves (
    id uuid CONSTRAINT pk_hour_year_moves PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_hour_year_moves_district_id REFERENCES directory.units (id),
    year integer NOT NULL,
    place integer NOT NULL,
    state text NOT NULL,
    reason text,
    moved_by uuid NOT NULL,
    moved_at timestamptz NOT NULL,
    CONSTRAINT uq_hour_year_moves_district_id_year_place UNIQUE (district_id, year, place),
    CONSTRAINT ck_hour_year_moves_state CHECK (state IN ('open', 'closed'))
);
SELECT kit.make_append_only('training.hour_year_moves');

CREATE FUNCTION training.year_is_closed(district uuid, wanted integer) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT m.state = 'closed' FROM training.hour_year_moves m
                     WHERE m.district_id = district AND m.year = wanted ORDER BY m.place DESC LIMIT 1), false)
$$;

-- Closing a year waits for those who are entering hours, and they for it: whoever asks which years are closed keeps them so
-- until the end of the transaction. The look-up comes after the lock and sees what was committed while waiting for it.
CREATE FUNCTION training.closed_years(district uuid) RETURNS integer[] LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(350113, hashtext(district::text));
    RETURN coalesce((SELECT array_agg(last.year) FROM (
        SELECT DISTINCT ON (m.year) m.year, m.state FROM training.hour_year_moves m
        WHERE m.district_id = district ORDER BY m.year, m.place DESC) last WHERE last.state = 'closed'), '{}');
END $$;
CREATE FUNCTION training.lock_years(district uuid) RETURNS void LANGUAGE sql VOLATILE AS
$$ SELECT pg_advisory_xact_lock(350113, hashtext(district::text)) $$;

-- The last wall: no row enters a closed year without its reason, whatever way it comes.
CREATE FUNCTION training.demand_reason() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM training.hour_year_moves) AND EXISTS (
        SELECT 1 FROM (SELECT DISTINCT district_id, extract(year FROM occurred_on)::integer AS year FROM added
                       WHERE late_reason IS NULL) a
        WHERE training.year_is_closed(a.district_id, a.year))
    THEN
        RAISE EXCEPTION 'hours of a closed year need a reason' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER closed_years AFTER INSERT ON training.hour_entries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION training.demand_reason();

CREATE FUNCTION training.pending_hours(district uuid, wanted integer) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT count(*) FROM training.hour_entries e
    WHERE e.district_id = district AND e.entered_as = 'pending'
      AND e.occurred_on BETWEEN make_date(wanted, 1, 1) AND make_date(wanted, 12, 31)
      AND NOT EXISTS (SELECT 1 FROM training.hour_decisions d WHERE d.entry_id = e.id)
$$;

GRANT SELECT, INSERT ON training.hour_rules, training.hour_year_moves TO zhifa_training;

-- The head of a district's chain at the end of each day, signed with a key that nobody in the database has. Whoever rewrites
-- the whole chain cannot make these agree with it.
CREATE TABLE training.hour_heads (
    district_id uuid NOT NULL,
    day date NOT NULL,
    sequence bigint NOT NULL,
    chain_hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    signed_at timestamptz NOT NULL,
    signature text NOT NULL,
    CONSTRAINT pk_hour_heads PRIMARY KEY (district_id, day)
);
SELECT kit.make_append_only('training.hour_heads');
GRANT SELECT, INSERT ON training.hour_heads TO zhifa_training;

-- For each district with a chain whose day has no head yet: the last link sealed before the day was over.
CREATE FUNCTION training.unsigned_heads(wanted date, over_at timestamptz)
RETURNS TABLE (district_id uuid, sequence bigint, chain_hash bytea, sealed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH RECURSIVE districts AS (
        (SELECT s.district_id FROM training.hour_seals s ORDER BY s.district_id LIMIT 1)
        UNION ALL
        SELECT (SELECT s.district_id FROM training.hour_seals s WHERE s.district_id > d.district_id ORDER BY s.district_id LIMIT 1)
        FROM districts d WHERE d.district_id IS NOT NULL
    )
    SELECT d.district_id, l.sequence, l.chain_hash, l.sealed_at
    FROM districts d CROSS JOIN LATERAL (
        SELECT s.* FROM training.hour_seals s WHERE s.district_id = d.district_id AND s.sealed_at < over_at
        ORDER BY s.sequence DESC LIMIT 1) l
    WHERE NOT EXISTS (SELECT 1 FROM training.hour_heads h WHERE h.district_id = d.district_id AND h.day = wanted)
$$;
REVOKE ALL ON FUNCTION training.unsigned_heads(date, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION training.unsigned_heads(date, timestamptz) TO zhifa_training;

-- Links behind one of them as lines for an outsider: what the hashes cover, and the hashes.
CREATE FUNCTION training.ledger_lines(district uuid, behind bigint, most integer)
RETURNS TABLE (lines text, reached bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT string_agg(
               '{"sequence": ' || s.sequence || ', "link": "' || s.link || '", "content": '
               || CASE s.link WHEN 'entry' THEN training.entry_content(e) ELSE training.decision_content(d) END
               || ', "entry_hash": "' || encode(s.entry_hash, 'hex') || '", "sealed_at": "' || extract(epoch FROM s.sealed_at)
               || '", "chain_hash": "' || encode(s.chain_hash, 'hex') || E'"}\n', '' ORDER BY s.sequence),
           max(s.sequence)
    FROM (SELECT * FROM training.hour_seals l WHERE l.district_id = district AND l.sequence > behind
          ORDER BY l.sequence LIMIT most) s
    LEFT JOIN training.hour_entries e ON e.id = s.entry_id
    LEFT JOIN training.hour_decisions d ON d.entry_id = s.entry_id
$$;
REVOKE ALL ON FUNCTION training.ledger_lines(uuid, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION training.ledger_lines(uuid, bigint, integer) TO zhifa_training;
