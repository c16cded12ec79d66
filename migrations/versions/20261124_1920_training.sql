-- Tables of schema training, their published views and the rights of the service roles.

------------------------------------------------------------------------------------------------ officers
CREATE TABLE training.officers (
    id uuid CONSTRAINT pk_officers PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_officers_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_officers_unit_id REFERENCES directory.units (id),
    name text NOT NULL,
    id_type text NOT NULL,
    id_number bytea NOT NULL,
    id_index bytea NOT NULL,
    id_number_masked text NOT NULL,
    kind text NOT NULL,
    posts text[] NOT NULL,
    hired_on date NOT NULL,
    left_on date,
    external_system text,
    external_id text,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_officers_service CHECK (left_on >= hired_on),
    CONSTRAINT ck_officers_external CHECK ((external_system IS NULL) = (external_id IS NULL)),
    CONSTRAINT uq_officers_district_id_external_system_external_id UNIQUE (district_id, external_system, external_id)
);
CREATE UNIQUE INDEX uq_officers_live_id_index ON training.officers (district_id, id_index) WHERE left_on IS NULL;
CREATE INDEX ix_officers_district_id_id_index ON training.officers (district_id, id_index);
CREATE INDEX ix_officers_district_id_created_at_id ON training.officers (district_id, created_at, id);
CREATE INDEX ix_officers_unit_id_created_at_id ON training.officers (unit_id, created_at, id);

-- Who belonged to which unit when. A correction supersedes a row and adds others, so that the past can be asked as it
-- was known at any moment.
CREATE TABLE training.officer_units (
    id uuid CONSTRAINT pk_officer_units PRIMARY KEY,
    officer_id uuid NOT NULL CONSTRAINT fk_officer_units_officer_id REFERENCES training.officers (id),
    district_id uuid NOT NULL CONSTRAINT fk_officer_units_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_officer_units_unit_id REFERENCES directory.units (id),
    kind text NOT NULL,
    from_on date NOT NULL,
    to_on date,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz,
    CONSTRAINT ck_officer_units_period CHECK (to_on >= from_on),
    CONSTRAINT ck_officer_units_known CHECK (superseded_at >= recorded_at)
);
CREATE UNIQUE INDEX uq_officer_units_current ON training.officer_units (officer_id, from_on) WHERE superseded_at IS NULL;
CREATE INDEX ix_officer_units_officer_id_from_on ON training.officer_units (officer_id, from_on);
CREATE INDEX ix_officer_units_district_id_officer_id ON training.officer_units (district_id, officer_id, from_on);
CREATE INDEX ix_officer_units_unit_id_officer_id ON training.officer_units (unit_id, officer_id, from_on);

CREATE FUNCTION training.masked_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT left(name, 1) || repeat('*', greatest(length(name) - 1, 1)) $$;

------------------------------------------------------------------------------------------------ classes
CREATE TABLE training.classes (
    id uuid CONSTRAINT pk_classes PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_classes_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_classes_unit_id REFERENCES directory.units (id),
    title text NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    online boolean NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    hundredths integer NOT NULL,
    stated boolean NOT NULL,
    settings_id uuid,
    location text,
    capacity integer,
    plan_id uuid,
    state text NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_classes_times CHECK (ends_at > starts_at),
    CONSTRAINT ck_classes_hours CHECK (hundredths > 0),
    CONSTRAINT ck_classes_settings CHECK (stated = (settings_id IS NULL)),
    CONSTRAINT ck_classes_capacity CHECK (capacity > 0)
);
CREATE INDEX ix_classes_district_id_starts_at_id ON training.classes (district_id, starts_at, id);
CREATE INDEX ix_classes_unit_id_starts_at_id ON training.classes (unit_id, starts_at, id);

-- The sessions (课次) of a class; without a timetable of its own, one a day.
CREATE TABLE training.class_sessions (
    class_id uuid NOT NULL CONSTRAINT fk_class_sessions_class_id REFERENCES training.classes (id),
    place integer NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    CONSTRAINT pk_class_sessions PRIMARY KEY (class_id, place),
    CONSTRAINT ck_class_sessions_times CHECK (ends_at > starts_at)
);

-- `turn` is the place in the row of those who asked; whoever waits moves up in this order.
CREATE TABLE training.enrolments (
    class_id uuid NOT NULL CONSTRAINT fk_enrolments_class_id REFERENCES training.classes (id),
    officer_id uuid NOT NULL CONSTRAINT fk_enrolments_officer_id REFERENCES training.officers (id),
    state text NOT NULL,
    turn integer NOT NULL,
    present boolean,
    missed_minutes integer,
    enrolled_at timestamptz NOT NULL,
    recorded_at timestamptz,
    CONSTRAINT pk_enrolments PRIMARY KEY (class_id, officer_id),
    CONSTRAINT ck_enrolments_state CHECK (state IN ('enrolled', 'waiting', 'withdrawn')),
    CONSTRAINT ck_enrolments_recorded CHECK ((present IS NULL) = (recorded_at IS NULL)),
    CONSTRAINT ck_enrolments_missed CHECK (missed_minutes >= 0 AND (present IS NULL) = (missed_minutes IS NULL))
);
CREATE INDEX ix_enrolments_officer_id ON training.enrolments (officer_id);

-- Signing in to a session; the first one counts.
CREATE TABLE training.sign_ins (
    class_id uuid NOT NULL,
    officer_id uuid NOT NULL,
    place integer NOT NULL,
    signed_at timestamptz NOT NULL,
    missed_minutes integer NOT NULL,
    signed_by uuid NOT NULL,
    CONSTRAINT pk_sign_ins PRIMARY KEY (class_id, officer_id, place),
    CONSTRAINT fk_sign_ins_class_id FOREIGN KEY (class_id, officer_id) REFERENCES training.enrolments (class_id, officer_id),
    CONSTRAINT ck_sign_ins_missed CHECK (missed_minutes >= 0)
);

------------------------------------------------------------------------------------------------ ledger of class hours
-- Rows are only ever added. What becomes of a pending entry is a decision, what undoes one is a reversing entry.
CREATE TABLE training.hour_entries (
    id uuid CONSTRAINT pk_hour_entries PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_hour_entries_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_hour_entries_unit_id REFERENCES directory.units (id),
    officer_id uuid NOT NULL CONSTRAINT fk_hour_entries_officer_id REFERENCES training.officers (id),
    category text NOT NULL,
    hundredths integer NOT NULL,
    occurred_on date NOT NULL,
    days integer NOT NULL,
    starts_at timestamptz,
    ends_at timestamptz,
    source text NOT NULL,
    class_id uuid CONSTRAINT fk_hour_entries_class_id REFERENCES training.classes (id),
    class_turn integer,
    course text,
    entered_as text NOT NULL,
    hour_rule_id uuid,
    late_reason text,
    reverses_id uuid CONSTRAINT fk_hour_entries_reverses_id REFERENCES training.hour_entries (id),
    note text,
    external_system text,
    external_id text,
    entered_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    settings_id uuid,
    CONSTRAINT uq_hour_entries_reverses_id UNIQUE (reverses_id),
    CONSTRAINT uq_hour_entries_class_id_officer_id_class_turn UNIQUE (class_id, officer_id, class_turn),
    CONSTRAINT uq_hour_entries_district_id_external_system_external_id UNIQUE (district_id, external_system, external_id),
    CONSTRAINT ck_hour_entries_sign CHECK (CASE WHEN reverses_id IS NULL THEN hundredths > 0 ELSE hundredths < 0 END),
    CONSTRAINT ck_hour_entries_days CHECK (days BETWEEN 1 AND 366),
    CONSTRAINT ck_hour_entries_times CHECK ((starts_at IS NULL) = (ends_at IS NULL) AND ends_at > starts_at),
    CONSTRAINT ck_hour_entries_turn CHECK ((class_turn IS NULL) = (class_id IS NULL OR reverses_id IS NOT NULL)),
    CONSTRAINT ck_hour_entries_external CHECK ((external_system IS NULL) = (external_id IS NULL)),
    CONSTRAINT ck_hour_entries_entered_as CHECK (entered_as IN ('posted', 'pending'))
);
CREATE INDEX ix_hour_entries_officer_id_occurred_on_category ON training.hour_entries (officer_id, occurred_on, category)
    INCLUDE (hundredths, entered_as, created_at, id);
CREATE INDEX ix_hour_entries_occurred_on_officer_id_category ON training.hour_entries (occurred_on, officer_id, category)
    INCLUDE (hundredths, entered_as, created_at, id);
CREATE INDEX ix_hour_entries_district_id_created_at_id ON training.hour_entries (district_id, created_at, id);
CREATE INDEX ix_hour_entries_unit_id_created_at_id ON training.hour_entries (unit_id, created_at, id);
CREATE INDEX ix_hour_entries_pending ON training.hour_entries (district_id, occurred_on) WHERE entered_as = 'pending';
SELECT kit.make_append_only('training.hour_entries');

CREATE TABLE training.hour_decisions (
    entry_id uuid CONSTRAINT pk_hour_decisions PRIMARY KEY
        CONSTRAINT fk_hour_decisions_entry_id REFERENCES training.hour_entries (id),
    decision text NOT NULL,
    reason text,
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL,
    CONSTRAINT ck_hour_decisions_decision CHECK (decision IN ('posted', 'refused'))
);
SELECT kit.make_append_only('training.hour_decisions');

-- A reversal mirrors posted hours exactly and is not dated before them, whoever writes it.
CREATE FUNCTION training.demand_mirror() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM training.hour_entries o LEFT JOIN training.hour_decisions d ON d.entry_id = o.id
        WHERE o.id = new.reverses_id AND o.reverses_id IS NULL AND (o.entered_as = 'posted' OR d.decision = 'posted')
          AND (o.district_id, o.unit_id, o.officer_id, o.category, o.source, -o.hundredths, 'posted')
              = (new.district_id, new.unit_id, new.officer_id, new.category, new.source, new.hundredths, new.entered_as)
          AND o.class_id IS NOT DISTINCT FROM new.class_id AND o.occurred_on <= new.occurred_on)
    THEN
        RAISE EXCEPTION 'entry % is no mirror of the one it reverses', new.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER reversals_mirror BEFORE INSERT ON training.hour_entries
    FOR EACH ROW WHEN (new.reverses_id IS NOT NULL) EXECUTE FUNCTION training.demand_mirror();

-- The chain of a district: one link per entry and per decision, in the order in which they were found committed. A link's
-- hash covers the link before, what it stands for and when it was sealed.
CREATE TABLE training.hour_seals (
    district_id uuid NOT NULL,
    sequence bigint NOT NULL,
    entry_id uuid NOT NULL,
    link text NOT NULL,
    entry_hash bytea NOT NULL,
    chain_hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    CONSTRAINT pk_hour_seals PRIMARY KEY (district_id, sequence),
    CONSTRAINT uq_hour_seals_entry_id_link UNIQUE (entry_id, link),
    CONSTRAINT ck_hour_seals_link CHECK (link IN ('entry', 'decision'))
);
SELECT kit.make_append_only('training.hour_seals');

-- Links that wait for the sealer. The queue, not the ledger, is emptied behind the writers.
CREATE TABLE training.hour_queue (
    entry_id uuid NOT NULL,
    link text NOT NULL,
    district_id uuid NOT NULL,
    CONSTRAINT pk_hour_queue PRIMARY KEY (entry_id, link)
);

-- Only what the service itself writes is queued. A row put in by anybody else, the owner of the table included, stays
-- outside the chain, and the verification names it.
CREATE FUNCTION training.is_service() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT 'zhifa_training' IN (session_user, current_setting('role')) $$;

CREATE FUNCTION training.queue_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO training.hour_queue (entry_id, link, district_id)
    SELECT added.id, 'entry', added.district_id FROM added WHERE training.is_service();
    RETURN NULL;
END $$;
CREATE TRIGGER queue_for_sealing AFTER INSERT ON training.hour_entries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION training.queue_entries();

CREATE FUNCTION training.queue_decisions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO training.hour_queue (entry_id, link, district_id)
    SELECT e.id, 'decision', e.district_id FROM added JOIN training.hour_entries e ON e.id = added.entry_id
    WHERE training.is_service();
    RETURN NULL;
END $$;
CREATE TRIGGER queue_for_sealing AFTER INSERT ON training.hour_decisions REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION training.queue_decisions();

-- What the hash of an entry covers, as one JSON array with `, ` between its elements; hours are whole hundredths, moments
-- seconds since 1970 with six decimals as text. Whoever serialises the array so gets the same bytes, with any language.
CREATE FUNCTION training.entry_content(entry training.hour_entries) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_array(
        entry.id, entry.district_id, entry.unit_id, entry.officer_id, entry.category, entry.hundredths, entry.occurred_on,
        entry.days, extract(epoch FROM entry.starts_at)::text, extract(epoch FROM entry.ends_at)::text, entry.source,
        entry.class_id, entry.class_turn, entry.course, entry.entered_as, entry.settings_id, entry.hour_rule_id,
        entry.late_reason, entry.reverses_id, entry.note, entry.external_system, entry.external_id, entry.entered_by,
        extract(epoch FROM entry.created_at)::text)::text
$$;

CREATE FUNCTION training.decision_content(decision training.hour_decisions) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_array(
        decision.entry_id, decision.decision, decision.reason, decision.decided_by,
        extract(epoch FROM decision.decided_at)::text)::text
$$;

CREATE FUNCTION training.link_hash(previous bytea, entry_hash bytea, sealed_at timestamptz) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT sha256(previous || entry_hash || convert_to(extract(epoch FROM sealed_at)::text, 'UTF8')) $$;

CREATE FUNCTION training.content_hash(content text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT sha256(convert_to(coalesce(content, ''), 'UTF8')) $$;

-- Closes the chains behind the writers, one sealer at a time: takes what is committed and waiting, entries before decisions.
-- What was removed before it could be sealed gets its link all the same, so that it is missed.
CREATE FUNCTION training.seal_hours(most integer, at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    part record;
    hashes bytea[];
    chains bytea[];
    chain bytea;
    place bigint;
    sealed integer := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(350111, 3) THEN
        RETURN 0;
    END IF;
    FOR part IN
        WITH taken AS (
            DELETE FROM training.hour_queue WHERE (entry_id, link) IN (
                SELECT entry_id, link FROM training.hour_queue ORDER BY link DESC, entry_id LIMIT most)
            RETURNING entry_id, link, district_id
        ), hashed AS (
            SELECT t.*, CASE t.link
                WHEN 'entry' THEN training.content_hash(CASE WHEN e.id IS NOT NULL THEN training.entry_content(e) END)
                ELSE training.content_hash(CASE WHEN d.entry_id IS NOT NULL THEN training.decision_content(d) END) END AS hash
            FROM taken t
            LEFT JOIN training.hour_entries e ON t.link = 'entry' AND e.id = t.entry_id
            LEFT JOIN training.hour_decisions d ON t.link = 'decision' AND d.entry_id = t.entry_id
        )
        SELECT h.district_id, array_agg(h.entry_id ORDER BY h.link DESC, h.entry_id) AS ids,
               array_agg(h.link ORDER BY h.link DESC, h.entry_id) AS links,
               array_agg(h.hash ORDER BY h.link DESC, h.entry_id) AS hashes
        FROM hashed h GROUP BY h.district_id ORDER BY h.district_id
    LOOP
        SELECT max(s.sequence) INTO place FROM training.hour_seals s WHERE s.district_id = part.district_id;
        SELECT s.chain_hash INTO chain FROM training.hour_seals s WHERE s.district_id = part.district_id AND s.sequence = place;
        place := coalesce(place, 0);
        chain := coalesce(chain, '\x'::bytea);
        hashes := part.hashes;
        chains := ARRAY[]::bytea[];
        FOR step IN 1 .. array_length(hashes, 1) LOOP
            chain := training.link_hash(chain, hashes[step], at);
            chains[step] := chain;
        END LOOP;
        INSERT INTO training.hour_seals (district_id, sequence, entry_id, link, entry_hash, chain_hash, sealed_at)
        SELECT part.district_id, place + l.step, l.entry_id, l.link, l.entry_hash, l.chain_hash, at
        FROM unnest(part.ids, part.links, hashes, chains) WITH ORDINALITY AS l (entry_id, link, entry_hash, chain_hash, step);
        sealed := sealed + array_length(hashes, 1);
    END LOOP;
    RETURN sealed;
END $$;

-- Recomputes the links of a district behind one of them (null: from the beginning) and names the first broken one; a long
-- chain is checked in several calls. fault: changed | removed | chain (a link taken out, put in or moved).
CREATE FUNCTION training.verify_links(district uuid, behind bigint, most integer)
RETURNS TABLE (checked bigint, reached bigint, first_bad uuid, fault text, at_sequence bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH part AS MATERIALIZED (
        SELECT s.* FROM training.hour_seals s
        WHERE s.district_id = district AND (behind IS NULL OR s.sequence > behind) ORDER BY s.sequence LIMIT most
    ), before AS (
        SELECT s.chain_hash FROM training.hour_seals s WHERE s.district_id = district AND s.sequence = behind
    ), links AS (
        SELECT p.sequence, p.entry_id,
               e.id IS NULL OR (p.link = 'decision' AND d.entry_id IS NULL) AS removed,
               e.district_id IS DISTINCT FROM p.district_id OR p.entry_hash IS DISTINCT FROM training.content_hash(
                   CASE p.link WHEN 'entry' THEN training.entry_content(e) ELSE training.decision_content(d) END) AS changed,
               p.sequence <> coalesce(behind, 0) + row_number() OVER w OR p.chain_hash IS DISTINCT FROM training.link_hash(
                   coalesce(lag(p.chain_hash) OVER w, (SELECT b.chain_hash FROM before b), '\x'::bytea), p.entry_hash, p.sealed_at)
                   AS broken
        FROM part p
        LEFT JOIN training.hour_entries e ON e.id = p.entry_id
        LEFT JOIN training.hour_decisions d ON p.link = 'decision' AND d.entry_id = p.entry_id
        WINDOW w AS (ORDER BY p.sequence)
    )
    SELECT (SELECT count(*) FROM part), (SELECT max(p.sequence) FROM part p), f.entry_id, f.fault, f.sequence
    FROM (SELECT 1) one LEFT JOIN LATERAL (
        SELECT l.sequence, l.entry_id, CASE WHEN removed THEN 'removed' WHEN changed THEN 'changed' ELSE 'chain' END AS fault
        FROM links l WHERE removed OR changed OR broken ORDER BY l.sequence LIMIT 1) f ON true
$$;

-- Links that wait for the sealer, and the first entry or decision that neither stands in the chain nor waits for it. Entries
-- are looked at in the order of their ids, so many of them at once, behind one of them (null: from the beginning).
CREATE FUNCTION training.unchained_hours(district uuid, behind uuid DEFAULT NULL, most integer DEFAULT NULL)
RETURNS TABLE (waiting bigint, first_bad uuid, checked bigint, reached uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH part AS MATERIALIZED (
        SELECT e.id FROM training.hour_entries e
        WHERE e.district_id = district AND e.id > coalesce(behind, '00000000-0000-0000-0000-000000000000')
        ORDER BY e.id LIMIT most
    ), links AS (
        SELECT p.id AS entry_id, 'entry' AS link FROM part p
        UNION ALL
        SELECT d.entry_id, 'decision' FROM part p JOIN training.hour_decisions d ON d.entry_id = p.id
    )
    SELECT (SELECT count(*) FROM training.hour_queue q WHERE q.district_id = district),
           (SELECT l.entry_id FROM links l
            WHERE NOT EXISTS (SELECT 1 FROM training.hour_seals s
                              WHERE s.district_id = district AND s.entry_id = l.entry_id AND s.link = l.link)
              AND NOT EXISTS (SELECT 1 FROM training.hour_queue q
                              WHERE q.district_id = district AND q.entry_id = l.entry_id AND q.link = l.link)
            ORDER BY l.entry_id LIMIT 1),
           (SELECT count(*) FROM part), (SELECT p.id FROM part p ORDER BY p.id DESC LIMIT 1)
$$;

------------------------------------------------------------------------------------------------ published, rights
CREATE VIEW published.officers AS
SELECT id, district_id, unit_id, kind, training.masked_name(name) AS masked_name, hired_on, left_on FROM training.officers;

-- Who belonged to which unit as what when, as known now.
CREATE VIEW published.officer_service AS
SELECT officer_id, district_id, unit_id, kind, from_on, to_on FROM training.officer_units WHERE superseded_at IS NULL;

GRANT SELECT ON published.officers, published.officer_service TO zhifa_training, zhifa_cases, zhifa_tasks;
GRANT SELECT, INSERT, UPDATE ON training.officers, training.classes, training.enrolments TO zhifa_training;
GRANT SELECT, INSERT, DELETE ON training.class_sessions TO zhifa_training;
GRANT SELECT, INSERT ON training.sign_ins TO zhifa_training;
GRANT SELECT, INSERT, UPDATE (superseded_at) ON training.officer_units TO zhifa_training;
GRANT SELECT, INSERT ON training.hour_entries, training.hour_decisions TO zhifa_training;
GRANT SELECT ON training.hour_seals TO zhifa_training;
REVOKE ALL ON FUNCTION training.seal_hours(integer, timestamptz), training.verify_links(uuid, bigint, integer),
    training.unchained_hours(uuid, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION training.seal_hours(integer, timestamptz), training.verify_links(uuid, bigint, integer),
    training.unchained_hours(uuid, uuid, integer) TO zhifa_training;
