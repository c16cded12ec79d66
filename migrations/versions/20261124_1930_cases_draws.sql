-- Draws that outsiders can repeat: frozen frames, seeds, samples. The order of the protocol is kept by the database as well.

------------------------------------------------------------------------------------------------ draws
CREATE TABLE cases.draws (
    id uuid CONSTRAINT pk_draws PRIMARY KEY,
    district_id uuid NOT NULL CONSTRAINT fk_draws_district_id REFERENCES directory.units (id),
    purpose text NOT NULL,
    subject_id uuid NOT NULL,
    state text NOT NULL,
    is_open boolean NOT NULL,
    terms jsonb NOT NULL,
    terms_sha256 text NOT NULL,
    frame bytea NOT NULL,
    frame_sha256 text NOT NULL,
    frame_size integer NOT NULL,
    file_ids uuid[] NOT NULL,
    strata jsonb NOT NULL,
    excluded text NOT NULL,
    excluded_sha256 text NOT NULL,
    excluded_size integer NOT NULL,
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
    CONSTRAINT ck_draws_purpose CHECK (purpose IN ('review_round', 'guidance')),
    CONSTRAINT ck_draws_state CHECK (state IN ('frozen', 'drawn', 'void')),
    CONSTRAINT ck_draws_frame CHECK (frame_sha256 = encode(sha256(frame), 'hex')),
    CONSTRAINT ck_draws_excluded CHECK (excluded_sha256 = encode(sha256(convert_to(excluded, 'UTF8')), 'hex')),
    CONSTRAINT ck_draws_seeded CHECK ((seed IS NULL) = (seeded_at IS NULL) AND (seed IS NULL) = (seed_source IS NULL)),
    CONSTRAINT ck_draws_seed_last CHECK (seeded_at > frozen_at),
    CONSTRAINT ck_draws_drawn CHECK ((drawn_at IS NULL) = (sample_size IS NULL) AND (state <> 'drawn' OR drawn_at IS NOT NULL)),
    CONSTRAINT ck_draws_draw_last CHECK (drawn_at IS NULL OR (seeded_at IS NOT NULL AND drawn_at >= seeded_at)),
    CONSTRAINT ck_draws_voided CHECK ((state = 'void') = (voided_at IS NOT NULL) AND (state = 'void') = (void_reason IS NOT NULL))
);
CREATE UNIQUE INDEX uq_draws_live ON cases.draws (purpose, subject_id) WHERE state <> 'void';
-- A seed serves one draw: that of an earlier one is known to everybody.
CREATE UNIQUE INDEX uq_draws_district_id_seed ON cases.draws (district_id, seed);
CREATE INDEX ix_draws_district_id_frozen_at ON cases.draws (district_id, frozen_at, id);
CREATE INDEX ix_draws_subject_id ON cases.draws (subject_id);

CREATE TABLE cases.draw_commitments (
    draw_id uuid NOT NULL CONSTRAINT fk_draw_commitments_draw_id REFERENCES cases.draws (id),
    account_id uuid NOT NULL,
    nonce_sha256 text NOT NULL,
    committed_at timestamptz NOT NULL,
    CONSTRAINT pk_draw_commitments PRIMARY KEY (draw_id, account_id),
    CONSTRAINT uq_draw_commitments_draw_id_nonce_sha256 UNIQUE (draw_id, nonce_sha256),
    CONSTRAINT ck_draw_commitments_nonce_sha256 CHECK (nonce_sha256 ~ '^[0-9a-f]{64}$')
);
SELECT kit.make_append_only('cases.draw_commitments');

CREATE TABLE cases.draw_reveals (
    draw_id uuid NOT NULL,
    account_id uuid NOT NULL,
    nonce text NOT NULL,
    revealed_at timestamptz NOT NULL,
    CONSTRAINT pk_draw_reveals PRIMARY KEY (draw_id, account_id),
    CONSTRAINT fk_draw_reveals_draw_id FOREIGN KEY (draw_id, account_id)
        REFERENCES cases.draw_commitments (draw_id, account_id)
);
SELECT kit.make_append_only('cases.draw_reveals');

-- The sample: in each stratum the first places, without a gap.
CREATE TABLE cases.draw_files (
    draw_id uuid NOT NULL CONSTRAINT fk_draw_files_draw_id REFERENCES cases.draws (id),
    stratum text NOT NULL,
    place integer NOT NULL,
    id text NOT NULL,
    case_file_id uuid NOT NULL CONSTRAINT fk_draw_files_case_file_id REFERENCES cases.case_files (id),
    ticket text NOT NULL,
    how text NOT NULL,
    added_at timestamptz NOT NULL,
    CONSTRAINT pk_draw_files PRIMARY KEY (draw_id, stratum, place),
    CONSTRAINT uq_draw_files_draw_id_case_file_id UNIQUE (draw_id, case_file_id),
    CONSTRAINT ck_draw_files_how CHECK (how IN ('draw', 'growth', 'substitute')),
    CONSTRAINT ck_draw_files_place CHECK (place > 0)
);
CREATE INDEX ix_draw_files_case_file_id ON cases.draw_files (case_file_id);
SELECT kit.make_append_only('cases.draw_files');

-- A file taken out of the sample for a reason; `in_place` is the next one in the stratum's order, none when it is used up.
CREATE TABLE cases.draw_substitutions (
    draw_id uuid NOT NULL,
    stratum text NOT NULL,
    out_place integer NOT NULL,
    in_place integer,
    reason text NOT NULL,
    account_id uuid NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT pk_draw_substitutions PRIMARY KEY (draw_id, stratum, out_place),
    CONSTRAINT fk_draw_substitutions_draw_id FOREIGN KEY (draw_id, stratum, out_place)
        REFERENCES cases.draw_files (draw_id, stratum, place),
    CONSTRAINT fk_draw_substitutions_in_place FOREIGN KEY (draw_id, stratum, in_place)
        REFERENCES cases.draw_files (draw_id, stratum, place),
    CONSTRAINT uq_draw_substitutions_in_place UNIQUE (draw_id, stratum, in_place)
);
SELECT kit.make_append_only('cases.draw_substitutions');

CREATE TABLE cases.draw_growths (
    draw_id uuid NOT NULL CONSTRAINT fk_draw_growths_draw_id REFERENCES cases.draws (id),
    number integer NOT NULL,
    terms jsonb NOT NULL,
    added integer NOT NULL,
    reason text NOT NULL,
    account_id uuid NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT pk_draw_growths PRIMARY KEY (draw_id, number),
    CONSTRAINT ck_draw_growths_added CHECK (added > 0)
);
SELECT kit.make_append_only('cases.draw_growths');

------------------------------------------------------------------------------------------------ order of the protocol
CREATE FUNCTION cases.refuse_draw(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the protocol of the draw refuses this: %', why USING ERRCODE = 'restrict_violation';
END $$;

-- Frozen without a seed; then a seed, once; then the sample, once; a void draw stays as it was.
CREATE FUNCTION cases.keep_draw() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE joint text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'frozen' OR NEW.seed IS NOT NULL THEN
            PERFORM cases.refuse_draw('a draw begins with a frozen frame and without a seed');
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.district_id, NEW.purpose, NEW.subject_id, NEW.frozen_by, NEW.frozen_at, NEW.frame_size, NEW.excluded_size,
        NEW.frame_sha256, NEW.terms_sha256, NEW.excluded_sha256, NEW.terms, NEW.strata, NEW.file_ids)
       IS DISTINCT FROM
       (OLD.id, OLD.district_id, OLD.purpose, OLD.subject_id, OLD.frozen_by, OLD.frozen_at, OLD.frame_size, OLD.excluded_size,
        OLD.frame_sha256, OLD.terms_sha256, OLD.excluded_sha256, OLD.terms, OLD.strata, OLD.file_ids) THEN
        PERFORM cases.refuse_draw('what was frozen stays as it was');
    ELSIF OLD.state = 'void' AND (NEW.state, NEW.seed, NEW.drawn_at) IS DISTINCT FROM (OLD.state, OLD.seed, OLD.drawn_at) THEN
        PERFORM cases.refuse_draw('a void draw stays as it was');
    ELSIF OLD.seed IS NOT NULL AND (NEW.seed, NEW.seed_source, NEW.seeded_at, NEW.seeded_by)
        IS DISTINCT FROM (OLD.seed, OLD.seed_source, OLD.seeded_at, OLD.seeded_by) THEN
        PERFORM cases.refuse_draw('a seed is given once');
    ELSIF OLD.state = 'drawn' AND (NEW.state NOT IN ('drawn', 'void')
        OR (NEW.drawn_at, NEW.drawn_by, NEW.sample_size) IS DISTINCT FROM (OLD.drawn_at, OLD.drawn_by, OLD.sample_size)) THEN
        PERFORM cases.refuse_draw('a frame is drawn from once');
    END IF;
    IF OLD.seed IS NULL AND NEW.seed IS NOT NULL AND EXISTS (SELECT FROM cases.draw_commitments WHERE draw_id = NEW.id) THEN
        SELECT encode(sha256(convert_to(string_agg(r.nonce, E'\n' ORDER BY c.nonce_sha256 COLLATE "C"), 'UTF8')), 'hex')
        INTO joint FROM cases.draw_commitments c LEFT JOIN cases.draw_reveals r USING (draw_id, account_id)
        WHERE c.draw_id = NEW.id HAVING count(*) = count(r.nonce);
        IF joint IS DISTINCT FROM NEW.seed THEN
            PERFORM cases.refuse_draw('the seed is not that of the revealed nonces');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_protocol BEFORE INSERT OR UPDATE ON cases.draws FOR EACH ROW EXECUTE FUNCTION cases.keep_draw();
CREATE TRIGGER keep_rows BEFORE DELETE ON cases.draws FOR EACH ROW EXECUTE FUNCTION kit.refuse_change();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON cases.draws FOR EACH STATEMENT EXECUTE FUNCTION kit.refuse_change();
ALTER TABLE cases.draws ENABLE ALWAYS TRIGGER keep_protocol;
ALTER TABLE cases.draws ENABLE ALWAYS TRIGGER keep_rows;
ALTER TABLE cases.draws ENABLE ALWAYS TRIGGER keep_table;

-- Commitments end with the first nonce revealed: whoever committed later would know it.
CREATE FUNCTION cases.check_commitment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM cases.draws WHERE id = NEW.draw_id AND state = 'frozen' AND seed IS NULL)
        OR EXISTS (SELECT FROM cases.draw_reveals WHERE draw_id = NEW.draw_id) THEN
        PERFORM cases.refuse_draw('commitments come between the freeze and the first nonce');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_protocol BEFORE INSERT ON cases.draw_commitments FOR EACH ROW EXECUTE FUNCTION cases.check_commitment();
ALTER TABLE cases.draw_commitments ENABLE ALWAYS TRIGGER keep_protocol;

CREATE FUNCTION cases.check_reveal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE committed text;
BEGIN
    SELECT nonce_sha256 INTO committed FROM cases.draw_commitments WHERE draw_id = NEW.draw_id AND account_id = NEW.account_id;
    IF committed IS DISTINCT FROM encode(sha256(convert_to(NEW.nonce, 'UTF8')), 'hex') THEN
        PERFORM cases.refuse_draw('the nonce is not the one committed to');
    ELSIF (SELECT count(*) FROM cases.draw_commitments WHERE draw_id = NEW.draw_id) < 2 THEN
        PERFORM cases.refuse_draw('two witnesses at least commit themselves first');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_protocol BEFORE INSERT ON cases.draw_reveals FOR EACH ROW EXECUTE FUNCTION cases.check_reveal();
ALTER TABLE cases.draw_reveals ENABLE ALWAYS TRIGGER keep_protocol;

CREATE FUNCTION cases.check_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT draw_id FROM added) a JOIN cases.draws d ON d.id = a.draw_id
               WHERE d.state <> 'drawn' OR d.seed IS NULL) THEN
        PERFORM cases.refuse_draw('a sample needs a seed and a draw');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_protocol AFTER INSERT ON cases.draw_files REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION cases.check_drawn();
ALTER TABLE cases.draw_files ENABLE ALWAYS TRIGGER keep_protocol;

GRANT SELECT, INSERT ON cases.draws, cases.draw_commitments, cases.draw_reveals, cases.draw_files, cases.draw_substitutions,
    cases.draw_growths TO zhifa_cases;
GRANT UPDATE (state, is_open, seed, seed_source, seeded_by, seeded_at, sample_size, drawn_by, drawn_at, voided_by, voided_at,
    void_reason, version) ON cases.draws TO zhifa_cases;
