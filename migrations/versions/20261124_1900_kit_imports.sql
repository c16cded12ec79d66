-- Files that come in with many rows at once: kept sealed, with what became of each row that was refused.
CREATE TABLE kit.imports (
    id uuid PRIMARY KEY REFERENCES kit.operations (id),
    service text NOT NULL,
    kind text NOT NULL,
    created_by uuid NOT NULL,
    district_id uuid,
    unit_id uuid,
    created_at timestamptz NOT NULL,
    file_name text NOT NULL,
    file_kind text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    dry_run boolean NOT NULL,
    rows integer,
    accepted integer,
    refused integer,
    repeated integer,
    reasons jsonb NOT NULL DEFAULT '{}',
    unknown_columns text[] NOT NULL DEFAULT '{}',
    finished_at timestamptz,
    CHECK (rows = accepted + refused AND repeated <= refused),
    CHECK ((finished_at IS NULL) = (rows IS NULL))
);
CREATE INDEX ON kit.imports (service, kind, created_by, created_at, id);
CREATE INDEX ON kit.imports (created_at);

-- The file in pieces, each sealed for its place in this import.
CREATE TABLE kit.import_chunks (
    import_id uuid NOT NULL REFERENCES kit.imports (id),
    place integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (import_id, place)
);
ALTER TABLE kit.import_chunks ALTER COLUMN content SET STORAGE EXTERNAL;

-- Rows that were refused, by their number in the sheet, with every reason; the others were accepted.
CREATE TABLE kit.import_refusals (
    import_id uuid NOT NULL REFERENCES kit.imports (id),
    row_no integer NOT NULL,
    reasons text[] NOT NULL,
    PRIMARY KEY (import_id, row_no)
);

-- UUIDv7s for many rows written together: they sort by the moment, and then in the order of the rows. `base` is the same
-- for all of them, so that a row costs little.
CREATE FUNCTION kit.id_base(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' $$;
CREATE FUNCTION kit.id_of(base text, place integer) RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT (base || lpad(to_hex((place >> 14 & 4095) << 16 | 32768 | place & 16383), 7, '0')
        || right(gen_random_uuid()::text, 12))::uuid
$$;

-- Audit rows and messages of many objects of one kind, alike but for the object: what `kit.record` does, for a bulk, and
-- like it at the end of the transaction. Versions and data of the messages may differ as well, and ids may be given: two for
-- each object are dear to make here.
CREATE FUNCTION kit.record_alike(
    event jsonb, message jsonb, objects uuid[], districts uuid[], units uuid[], afters jsonb[],
    versions integer[] DEFAULT NULL, datas jsonb[] DEFAULT NULL, event_ids uuid[] DEFAULT NULL, message_ids uuid[] DEFAULT NULL
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE base text := kit.id_base(clock_timestamp());
BEGIN
    WITH written AS (
        INSERT INTO kit.audit_events
        SELECT coalesce(o.id, kit.id_of(base, o.n::integer)), r.recorded_at, r.service, r.actor_id, r.actor_name, r.action,
               r.object_type, o.object_id, o.district_id, o.unit_id, r.result, NULL, o.after, r.reason, r.trace_id, r.address
        FROM jsonb_to_record(event) AS r(recorded_at timestamptz, service text, actor_id uuid, actor_name text, action text,
             object_type text, result text, reason text, trace_id text, address text),
             unnest(objects, districts, units, afters, event_ids) WITH ORDINALITY
                 AS o (object_id, district_id, unit_id, after, id, n)
        RETURNING id)
    INSERT INTO kit.audit_queue (event_id) SELECT id FROM written ORDER BY id;
    WITH written AS (
        INSERT INTO kit.outbox
        SELECT coalesce(o.id, kit.id_of(base, o.n::integer)), r.recorded_at, r.service, r.kind, r.object_type, o.object_id,
               coalesce(o.version, r.version), o.district_id, o.unit_id, '{}', r.audience, coalesce(o.data, r.data)
        FROM jsonb_to_record(message) AS r(recorded_at timestamptz, service text, kind text, object_type text, version integer,
             audience jsonb, data jsonb),
             unnest(objects, districts, units, versions, datas, message_ids) WITH ORDINALITY
                 AS o (object_id, district_id, unit_id, version, data, id, n)
        RETURNING id)
    INSERT INTO kit.outbox_queue (message_id) SELECT id FROM written ORDER BY id;
END $$;

GRANT SELECT, INSERT, UPDATE ON kit.imports TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
GRANT SELECT, INSERT, DELETE ON kit.import_chunks, kit.import_refusals
    TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
-- For sealing it anew.
GRANT UPDATE (content) ON kit.import_chunks TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
REVOKE ALL ON FUNCTION kit.record_alike(jsonb, jsonb, uuid[], uuid[], uuid[], jsonb[], integer[], jsonb[], uuid[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kit.record_alike(jsonb, jsonb, uuid[], uuid[], uuid[], jsonb[], integer[], jsonb[], uuid[], uuid[])
    TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
