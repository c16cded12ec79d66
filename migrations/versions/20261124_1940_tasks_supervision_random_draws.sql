-- Random draws (双随机): objects and inspectors. The order of the protocol is kept by the database as well.

INSERT INTO tasks.supervision_settings (id, key, valid_from, value, reading, recorded_by_name, recorded_at)
VALUES ('01890000-0000-7000-8000-000000000305', 'random_draw_terms', '2020-01-01', '{"share_per_10000": 500, "least_objects": 1}',
        '方案未规定抽查比例；预置每类对象 5%、至少 1 户', '系统预置', '2020-01-01T00:00:00Z');

CREATE TABLE tasks.random_draws (
    id uuid CONSTRAINT pk_random_draws PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_random_draws_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_random_draws_unit_id REFERENCES directory.units (id),
    year integer NOT NULL,
    title text NOT NULL,
    state text NOT NULL,
    terms jsonb NOT NULL,
    terms_sha256 text NOT NULL,
    frame bytea NOT NULL,
    frame_sha256 text NOT NULL,
    frame_size integer NOT NULL,
    strata jsonb NOT NULL,
    names jsonb NOT NULL,
    frozen_by uuid NOT NULL,
    frozen_at timestamptz NOT NULL,
    seed text,
    seed_source text,
    seeded_by uuid,
    seeded_at timestamptz,
    sample_size integer,
    drawn_by uuid,
    drawn_at timestamptz,
    voided_by uuid,
    voided_at timestamptz,
    void_reason text,
    version integer NOT NULL,
    CONSTRAINT ck_random_draws_state CHECK (state IN ('frozen', 'drawn', 'void')),
    CONSTRAINT ck_random_draws_frame CHECK (frame_sha256 = encode(sha256(frame), 'hex')),
    CONSTRAINT ck_random_draws_seeded CHECK ((seed IS NULL) = (seeded_at IS NULL) AND (seed IS NULL) = (seed_source IS NULL)),
    CONSTRAINT ck_random_draws_seed_last CHECK (seeded_at > frozen_at),
    CONSTRAINT ck_random_draws_drawn CHECK (
        (drawn_at IS NULL) = (sample_size IS NULL) AND (state <> 'drawn' OR drawn_at IS NOT NULL)),
    CONSTRAINT ck_random_draws_draw_last CHECK (drawn_at IS NULL OR (seeded_at IS NOT NULL AND drawn_at >= seeded_at)),
    CONSTRAINT ck_random_draws_voided CHECK ((state = 'void') = (void_reason IS NOT NULL))
);
-- A seed serves one draw: that of an earlier one is known to everybody.
CREATE UNIQUE INDEX uq_random_draws_seed ON tasks.random_draws (district_id, seed);
CREATE INDEX ix_random_draws_district_id ON tasks.random_draws (district_id, frozen_at, id);
CREATE INDEX ix_random_draws_unit_id ON tasks.random_draws (unit_id, year);

CREATE TABLE tasks.random_draw_commitments (
    draw_id uuid NOT NULL CONSTRAINT fk_random_draw_commitments_draw_id REFERENCES tasks.random_draws (id),
    account_id uuid NOT NULL,
    nonce_sha256 text NOT NULL,
    committed_at timestamptz NOT NULL,
    CONSTRAINT pk_random_draw_commitments PRIMARY KEY (draw_id, account_id),
    CONSTRAINT uq_random_draw_commitments_draw_id_nonce_sha256 UNIQUE (draw_id, nonce_sha256)
);
CREATE TABLE tasks.random_draw_reveals (
    draw_id uuid NOT NULL CONSTRAINT fk_random_draw_reveals_draw_id REFERENCES tasks.random_draws (id),
    account_id uuid NOT NULL,
    nonce text NOT NULL,
    revealed_at timestamptz NOT NULL,
    CONSTRAINT pk_random_draw_reveals PRIMARY KEY (draw_id, account_id)
);
CREATE TABLE tasks.random_draw_entries (
    draw_id uuid NOT NULL CONSTRAINT fk_random_draw_entries_draw_id REFERENCES tasks.random_draws (id),
    stratum text NOT NULL,
    place integer NOT NULL,
    id text NOT NULL,
    ticket text NOT NULL,
    how text NOT NULL,
    added_at timestamptz NOT NULL,
    CONSTRAINT pk_random_draw_entries PRIMARY KEY (draw_id, stratum, place)
);
CREATE TABLE tasks.random_draw_substitutions (
    draw_id uuid NOT NULL CONSTRAINT fk_random_draw_substitutions_draw_id REFERENCES tasks.random_draws (id),
    stratum text NOT NULL,
    out_place integer NOT NULL,
    in_place integer NOT NULL,
    reason text NOT NULL,
    account_id uuid NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT pk_random_draw_substitutions PRIMARY KEY (draw_id, stratum, out_place),
    CONSTRAINT uq_random_draw_substitutions_in_place UNIQUE (draw_id, stratum, in_place)
);
SELECT kit.make_append_only('tasks.random_draw_commitments');
SELECT kit.make_append_only('tasks.random_draw_reveals');
SELECT kit.make_append_only('tasks.random_draw_entries');
SELECT kit.make_append_only('tasks.random_draw_substitutions');

CREATE FUNCTION tasks.refuse_draw(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the protocol of the draw refuses this: %', why USING ERRCODE = 'restrict_violation';
END $$;

-- Frozen without a seed; then a seed, once; then the sample, once; a void draw stays as it was.
CREATE FUNCTION tasks.keep_random_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'frozen' OR NEW.seed IS NOT NULL THEN
            PERFORM tasks.refuse_draw('a draw begins with a frozen frame and without a seed');
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.district_id, NEW.frame_sha256, NEW.terms_sha256, NEW.terms, NEW.strata, NEW.frozen_at)
       IS DISTINCT FROM (OLD.id, OLD.district_id, OLD.frame_sha256, OLD.terms_sha256, OLD.terms, OLD.strata, OLD.frozen_at) THEN
        PERFORM tasks.refuse_draw('what was frozen stays as it was');
    ELSIF OLD.state = 'void' THEN
        PERFORM tasks.refuse_draw('a void draw stays as it was');
    ELSIF OLD.seed IS NOT NULL AND (NEW.seed, NEW.seed_source, NEW.seeded_at)
        IS DISTINCT FROM (OLD.seed, OLD.seed_source, OLD.seeded_at) THEN
        PERFORM tasks.refuse_draw('a seed is given once');
    ELSIF OLD.state = 'drawn' AND (NEW.state NOT IN ('drawn', 'void')
        OR (NEW.drawn_at, NEW.sample_size) IS DISTINCT FROM (OLD.drawn_at, OLD.sample_size)) THEN
        PERFORM tasks.refuse_draw('a frame is drawn from once');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_protocol BEFORE INSERT OR UPDATE ON tasks.random_draws FOR EACH ROW EXECUTE FUNCTION tasks.keep_random_draw();
CREATE TRIGGER keep_rows BEFORE DELETE ON tasks.random_draws FOR EACH ROW EXECUTE FUNCTION kit.refuse_change();
ALTER TABLE tasks.random_draws ENABLE ALWAYS TRIGGER keep_protocol;
ALTER TABLE tasks.random_draws ENABLE ALWAYS TRIGGER keep_rows;

GRANT SELECT, INSERT ON tasks.random_draws, tasks.random_draw_commitments, tasks.random_draw_reveals, tasks.random_draw_entries,
    tasks.random_draw_substitutions TO zhifa_tasks;
GRANT UPDATE (title, state, seed, seed_source, seeded_by, seeded_at, sample_size, drawn_by, drawn_at, voided_by, voided_at,
    void_reason, version) ON tasks.random_draws TO zhifa_tasks;
