-- Roles are made once per server and only where they are missing; login and password are the starter's business.
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['zhifa_directory', 'zhifa_tasks', 'zhifa_cases', 'zhifa_training'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database of the same server was migrated at the same moment
        END;
        IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
        END IF;
    END LOOP;
END $$;

CREATE SCHEMA directory;
CREATE SCHEMA tasks;
CREATE SCHEMA cases;
CREATE SCHEMA training;
CREATE SCHEMA published;

GRANT USAGE ON SCHEMA kit, published TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
GRANT USAGE ON SCHEMA directory TO zhifa_directory;
GRANT USAGE ON SCHEMA tasks TO zhifa_tasks;
GRANT USAGE ON SCHEMA cases TO zhifa_cases;
GRANT USAGE ON SCHEMA training TO zhifa_training;

CREATE FUNCTION kit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: rows are only ever added', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

-- Makes a table append-only, also for its owner.
CREATE FUNCTION kit.make_append_only(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON %s
                    FOR EACH ROW EXECUTE FUNCTION kit.refuse_change()', target);
    EXECUTE format('CREATE TRIGGER append_only_table BEFORE TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION kit.refuse_change()', target);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only_rows', target);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only_table', target);
END $$;

CREATE FUNCTION kit.utc(moment timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

------------------------------------------------------------------------------------------------ audit trail
CREATE TABLE kit.audit_events (
    id uuid PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    service text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    action text NOT NULL,
    object_type text NOT NULL,
    object_id uuid,
    district_id uuid,
    unit_id uuid,
    result text NOT NULL CHECK (result IN ('done', 'refused')),
    before jsonb,
    after jsonb,
    reason text,
    trace_id text NOT NULL,
    address text
);
CREATE INDEX ON kit.audit_events (recorded_at, id);
CREATE INDEX ON kit.audit_events (object_id, recorded_at, id);
CREATE INDEX ON kit.audit_events (actor_id, recorded_at, id);
SELECT kit.make_append_only('kit.audit_events');

CREATE TABLE kit.audit_seals (
    sequence bigint PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    event_hash bytea NOT NULL,
    chain_hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
SELECT kit.make_append_only('kit.audit_seals');

-- Rows written but not yet sealed. The queue, not the trail, is emptied behind the writers. A position is taken at the very
-- end of a transaction, after all its locks: what one change knew of another therefore stands behind it.
CREATE TABLE kit.audit_queue (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id uuid NOT NULL UNIQUE);

CREATE FUNCTION kit.event_hash(event kit.audit_events) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        event.id, extract(epoch FROM event.recorded_at)::text, event.service, event.actor_id, event.actor_name, event.action,
        event.object_type, event.object_id, event.district_id, event.unit_id, event.result, event.before, event.after,
        event.reason, event.trace_id, event.address)::text, 'UTF8'))
$$;

-- Closes the chain behind the writers: takes what is committed and waiting, in the order of the queue, one sealer at a time.
CREATE FUNCTION kit.seal_audit(most integer DEFAULT 5000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    waiting record;
    chain bytea;
    place bigint;
    sealed integer := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(350111, 1) THEN
        RETURN 0;
    END IF;
    SELECT sequence, chain_hash INTO place, chain FROM kit.audit_seals ORDER BY sequence DESC LIMIT 1;
    place := coalesce(place, 0);
    chain := coalesce(chain, '\x'::bytea);
    FOR waiting IN
        WITH taken AS (
            DELETE FROM kit.audit_queue WHERE position IN (SELECT position FROM kit.audit_queue ORDER BY position LIMIT most)
            RETURNING position, event_id)
        SELECT e.id, kit.event_hash(e) AS hash FROM taken JOIN kit.audit_events e ON e.id = taken.event_id ORDER BY taken.position
    LOOP
        place := place + 1;
        chain := sha256(chain || waiting.hash);
        INSERT INTO kit.audit_seals (sequence, event_id, event_hash, chain_hash) VALUES (place, waiting.id, waiting.hash, chain);
        sealed := sealed + 1;
    END LOOP;
    RETURN sealed;
END $$;

-- The first row without a seal that does not wait for one either, among so many behind one of them, by their ids.
CREATE FUNCTION kit.unsealed_audit(behind uuid DEFAULT NULL, most integer DEFAULT NULL)
RETURNS TABLE (checked bigint, reached uuid, first_bad uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH part AS MATERIALIZED (
        SELECT e.id FROM kit.audit_events e WHERE e.id > coalesce(behind, '00000000-0000-0000-0000-000000000000')
        ORDER BY e.id LIMIT most
    )
    SELECT (SELECT count(*) FROM part), (SELECT p.id FROM part p ORDER BY p.id DESC LIMIT 1),
           (SELECT p.id FROM part p
            WHERE NOT EXISTS (SELECT 1 FROM kit.audit_seals s WHERE s.event_id = p.id)
              AND NOT EXISTS (SELECT 1 FROM kit.audit_queue q WHERE q.event_id = p.id)
            ORDER BY p.id LIMIT 1)
$$;

-- Recomputes the links behind a seal (from the start when it is null), at most so many; the first broken one is named.
-- kind: changed | removed | inserted | chain. Rows without a seal are looked for once the end of the chain is reached, unless
-- the caller does so by itself, part by part.
CREATE FUNCTION kit.verify_audit(behind bigint DEFAULT NULL, most integer DEFAULT 20000, with_rows boolean DEFAULT true)
RETURNS TABLE (checked bigint, first_bad uuid, kind text, at_sequence bigint, last_sequence bigint, more boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH part AS (
        SELECT * FROM kit.audit_seals WHERE behind IS NULL OR sequence > behind ORDER BY sequence LIMIT most
    ), reached AS (
        SELECT count(*) AS checked, max(sequence) AS last,
               EXISTS (SELECT 1 FROM kit.audit_seals WHERE sequence > (SELECT max(sequence) FROM part)) AS more
        FROM part
    ), links AS (
        SELECT s.sequence, s.event_id, e.id IS NULL AS removed, kit.event_hash(e) IS DISTINCT FROM s.event_hash AS changed,
               s.chain_hash IS DISTINCT FROM
                   sha256(coalesce(lag(s.chain_hash) OVER w, before.chain_hash, '\x'::bytea) || s.event_hash)
                   OR s.sequence <> coalesce(behind, 0) + row_number() OVER w AS broken
        FROM part s LEFT JOIN kit.audit_events e ON e.id = s.event_id LEFT JOIN kit.audit_seals before ON before.sequence = behind
        WINDOW w AS (ORDER BY s.sequence)
    ), faults AS (
        SELECT sequence, event_id, CASE WHEN removed THEN 'removed' WHEN changed THEN 'changed' ELSE 'chain' END AS kind
        FROM links WHERE removed OR changed OR broken
        UNION ALL
        SELECT NULL, o.first_bad, 'inserted' FROM reached r CROSS JOIN LATERAL kit.unsealed_audit() o
        WHERE with_rows AND NOT r.more AND o.first_bad IS NOT NULL
    )
    SELECT r.checked, f.event_id, f.kind, f.sequence, r.last, r.more
    FROM reached r LEFT JOIN LATERAL (SELECT * FROM faults ORDER BY sequence NULLS LAST, event_id LIMIT 1) f ON true
$$;

------------------------------------------------------------------------------------------------ outbox and feed
CREATE TABLE kit.outbox (
    id uuid PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    service text NOT NULL,
    kind text NOT NULL,
    object_type text NOT NULL,
    object_id uuid NOT NULL,
    version integer NOT NULL,
    district_id uuid,
    unit_id uuid,
    account_ids uuid[] NOT NULL DEFAULT '{}',
    audience jsonb NOT NULL,
    data jsonb NOT NULL
);
SELECT kit.make_append_only('kit.outbox');
CREATE TABLE kit.outbox_queue (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, message_id uuid NOT NULL UNIQUE);
-- Numbers are given after the commit, so a reader who follows them misses nothing.
CREATE TABLE kit.feed (
    sequence bigint PRIMARY KEY,
    message_id uuid NOT NULL UNIQUE,
    numbered_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
SELECT kit.make_append_only('kit.feed');

CREATE FUNCTION kit.number_outbox(most integer DEFAULT 5000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE numbered integer;
BEGIN
    IF NOT pg_try_advisory_xact_lock(350111, 2) THEN
        RETURN 0;
    END IF;
    WITH taken AS (
        DELETE FROM kit.outbox_queue WHERE position IN (SELECT position FROM kit.outbox_queue ORDER BY position LIMIT most)
        RETURNING position, message_id)
    INSERT INTO kit.feed (sequence, message_id)
    SELECT coalesce((SELECT max(sequence) FROM kit.feed), 0) + row_number() OVER (ORDER BY position), message_id FROM taken;
    GET DIAGNOSTICS numbered = ROW_COUNT;
    RETURN numbered;
END $$;

-- Writes the audit rows and messages of one request in one statement, inside the request's transaction.
CREATE FUNCTION kit.record(events jsonb, messages jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    WITH written AS (
        INSERT INTO kit.audit_events
        SELECT r.id, r.recorded_at, r.service, r.actor_id, r.actor_name, r.action, r.object_type, r.object_id, r.district_id,
               r.unit_id, r.result, r.before, r.after, r.reason, r.trace_id, r.address
        FROM jsonb_to_recordset(events) AS r(id uuid, recorded_at timestamptz, service text, actor_id uuid, actor_name text,
             action text, object_type text, object_id uuid, district_id uuid, unit_id uuid, result text, before jsonb,
             after jsonb, reason text, trace_id text, address text)
        RETURNING id)
    INSERT INTO kit.audit_queue (event_id) SELECT id FROM written;
    WITH written AS (
        INSERT INTO kit.outbox
        SELECT r.id, r.recorded_at, r.service, r.kind, r.object_type, r.object_id, r.version, r.district_id, r.unit_id,
               r.account_ids, r.audience, r.data
        FROM jsonb_to_recordset(messages) AS r(id uuid, recorded_at timestamptz, service text, kind text, object_type text,
             object_id uuid, version integer, district_id uuid, unit_id uuid, account_ids uuid[], audience jsonb, data jsonb)
        RETURNING id)
    INSERT INTO kit.outbox_queue (message_id) SELECT id FROM written;
END $$;

------------------------------------------------------------------------------------------------ keys, operations, sign-out, files
CREATE TABLE kit.idempotency_keys (
    subject uuid NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (subject, route, key)
);
CREATE INDEX ON kit.idempotency_keys (created_at);

-- Takes the key for this transaction. `free` is false while another request holds it. The function is volatile, so the
-- look-up sees what the former holder committed just before the lock was won.
CREATE FUNCTION kit.claim_key(whose uuid, what text, named text)
RETURNS TABLE (free boolean, request_hash bytea, status integer, headers jsonb, body bytea)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended(whose::text || ' ' || what || ' ' || named, 350111)) THEN
        RETURN QUERY SELECT false, NULL::bytea, NULL::integer, NULL::jsonb, NULL::bytea;
        RETURN;
    END IF;
    RETURN QUERY SELECT true, k.request_hash, k.status, k.headers, k.body
        FROM (SELECT 1) one LEFT JOIN kit.idempotency_keys k ON k.subject = whose AND k.route = what AND k.key = named;
END $$;

CREATE TABLE kit.operations (
    id uuid PRIMARY KEY,
    service text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    progress double precision NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    result_url text,
    problem jsonb,
    cancel_asked boolean NOT NULL DEFAULT false,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    input jsonb NOT NULL DEFAULT '{}',
    payload bytea,
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX ON kit.operations (created_by, created_at, id);

CREATE TABLE kit.revocations (
    id uuid PRIMARY KEY,
    subject uuid,
    jti uuid,
    not_before timestamptz,
    expires_at timestamptz NOT NULL,
    CHECK ((subject IS NULL) <> (jti IS NULL)),
    CHECK ((subject IS NULL) = (not_before IS NULL))
);
CREATE INDEX ON kit.revocations (expires_at);

-- What an evidence file proves; the audience of the owner object decides who may download it.
CREATE TABLE kit.attachment_links (
    attachment_id uuid NOT NULL,
    object_type text NOT NULL,
    object_id uuid NOT NULL,
    district_id uuid,
    unit_id uuid,
    account_ids uuid[] NOT NULL DEFAULT '{}',
    audience jsonb NOT NULL,
    PRIMARY KEY (attachment_id, object_type, object_id)
);
CREATE INDEX ON kit.attachment_links (object_id);

-- Audit rows and messages are written by kit.record() alone; only the directory reads them.
GRANT SELECT ON kit.audit_events, kit.audit_seals, kit.audit_queue, kit.outbox, kit.feed TO zhifa_directory;
GRANT SELECT ON kit.alembic_version TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
GRANT SELECT, INSERT, UPDATE, DELETE ON kit.idempotency_keys TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
GRANT SELECT, INSERT, UPDATE ON kit.operations TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
GRANT SELECT ON kit.revocations TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
GRANT INSERT, DELETE ON kit.revocations TO zhifa_directory;
GRANT SELECT, INSERT ON kit.attachment_links TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;

-- Whether anything happened in a district: as many messages as before since the same id means that nothing was committed
-- meanwhile. The id must be older than those of every transaction that was open then, so that none is missed: ids are made while
-- a transaction runs, those of an import or another job when it began. A minute lies between, for clocks that differ.
CREATE FUNCTION kit.before_open_changes() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT (lpad(to_hex((extract(epoch FROM least(
        clock_timestamp(),
        (SELECT min(a.xact_start) FROM pg_stat_activity a WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()),
        (SELECT min(o.created_at) FROM kit.operations o
         WHERE o.state IN ('queued', 'running') AND o.created_at > now() - interval '1 day')
    ) - interval '1 minute') * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;
-- aside: kinds of messages that count for nothing.
CREATE FUNCTION kit.count_changes(district uuid, since uuid, aside text[] DEFAULT '{}') RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT count(*) FROM kit.outbox m
    WHERE m.id >= since AND (m.district_id = district OR m.district_id IS NULL) AND m.object_type <> 'obligation_recording'
      AND m.kind <> ALL (aside)
$$;
REVOKE ALL ON FUNCTION kit.before_open_changes(), kit.count_changes(uuid, uuid, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kit.before_open_changes(), kit.count_changes(uuid, uuid, text[]) TO zhifa_tasks;
REVOKE ALL ON FUNCTION kit.seal_audit(integer), kit.number_outbox(integer), kit.verify_audit(bigint, integer, boolean), kit.unsealed_audit(uuid, integer),
    kit.record(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kit.seal_audit(integer), kit.number_outbox(integer), kit.record(jsonb, jsonb)
    TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
GRANT EXECUTE ON FUNCTION kit.verify_audit(bigint, integer, boolean), kit.unsealed_audit(uuid, integer) TO zhifa_directory;
