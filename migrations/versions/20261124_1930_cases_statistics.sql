------------------------------------------------------------------------------------------------ annual statistics
-- What yearly statistics count of a file, as it stood after each change: rows are added, so that figures of a past moment
-- come out again as they were recorded then. Within the transaction of a change its row is brought to the end of that change.
CREATE TABLE cases.case_tallies (
    case_file_id uuid NOT NULL CONSTRAINT fk_case_tallies_case_file_id REFERENCES cases.case_files (id),
    recorded_at timestamptz NOT NULL,
    district_id uuid NOT NULL CONSTRAINT fk_case_tallies_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_case_tallies_unit_id REFERENCES directory.units (id),
    kind text NOT NULL,
    state text NOT NULL,
    filed_on date NOT NULL,
    decided_on date,
    outcome text,
    penalties text[],
    amount_fen bigint,
    withdrawn_on date,
    acts jsonb,
    written_in bigint NOT NULL,
    CONSTRAINT pk_case_tallies PRIMARY KEY (case_file_id, recorded_at)
);
CREATE INDEX ix_case_tallies_unit_id_decided_on ON cases.case_tallies (unit_id, decided_on);
CREATE INDEX ix_case_tallies_unit_id_filed_on ON cases.case_tallies (unit_id, filed_on);
CREATE INDEX ix_case_tallies_unit_id_acts ON cases.case_tallies (unit_id) WHERE acts IS NOT NULL;

-- The heaviest kind of a decision, from detention down to a warning; a kind that is named beats 其他.
CREATE FUNCTION cases.heaviest_penalty(penalties text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT kind FROM unnest(ARRAY['detention', 'licence_revocation', 'profession_ban', 'closure', 'production_stop',
        'operation_restriction', 'qualification_downgrade', 'licence_suspension', 'confiscation', 'fine', 'public_criticism',
        'warning', 'other']) WITH ORDINALITY AS known (kind, place)
    WHERE kind = ANY (penalties) ORDER BY place LIMIT 1
$$;

-- The amount is the decision document's own; a confiscation whose value it does not tell is left out.
CREATE FUNCTION cases.tally(ids uuid[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO cases.case_tallies AS t
    SELECT f.id, f.updated_at, f.district_id, f.unit_id, f.kind, f.state, f.filed_on, f.decided_on, d.fields ->> 'outcome',
           (SELECT array_agg(told) FROM jsonb_array_elements_text(d.fields -> 'penalties') AS told),
           CASE WHEN d.fields ?| ARRAY['fine_fen', 'confiscation_fen']
                THEN coalesce((d.fields ->> 'fine_fen')::bigint, 0) + coalesce((d.fields ->> 'confiscation_fen')::bigint, 0)
                ELSE f.amount_fen END,
           (SELECT min(s.happened_on) FROM cases.case_steps s WHERE s.case_file_id = f.id AND s.step = 'publicity_withdrawal'
            AND s.fields ->> 'cause' = 'revoked'),
           (SELECT jsonb_agg(jsonb_build_array(s.step, s.happened_on, s.fields ->> 'measure') ORDER BY s.happened_on, s.id)
            FROM cases.case_steps s WHERE s.case_file_id = f.id AND (s.step IN ('seizure', 'court_application')
            OR s.step = 'payment' AND (s.fields ->> 'late_fee_fen')::bigint > 0)),
           txid_current()
    FROM cases.case_files f
    LEFT JOIN cases.case_steps d ON d.case_file_id = f.id AND d.step = 'decision'
    WHERE f.id = ANY (ids)
    ON CONFLICT (case_file_id, recorded_at) DO UPDATE SET state = EXCLUDED.state, kind = EXCLUDED.kind,
        unit_id = EXCLUDED.unit_id, filed_on = EXCLUDED.filed_on, decided_on = EXCLUDED.decided_on, outcome = EXCLUDED.outcome,
        penalties = EXCLUDED.penalties, amount_fen = EXCLUDED.amount_fen, withdrawn_on = EXCLUDED.withdrawn_on,
        acts = EXCLUDED.acts
    WHERE t.written_in = EXCLUDED.written_in
$$;

CREATE FUNCTION cases.tally_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases.tally(ARRAY(SELECT id FROM changed));
    RETURN NULL;
END $$;
CREATE FUNCTION cases.tally_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases.tally(ARRAY(SELECT DISTINCT case_file_id FROM changed WHERE step IN ('decision', 'seizure',
        'court_application', 'payment', 'publicity_withdrawal')));
    RETURN NULL;
END $$;
CREATE TRIGGER tally_new AFTER INSERT ON cases.case_files REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases.tally_files();
CREATE TRIGGER tally_changed AFTER UPDATE ON cases.case_files REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases.tally_files();
CREATE TRIGGER tally_new AFTER INSERT ON cases.case_steps REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases.tally_steps();
CREATE TRIGGER tally_changed AFTER UPDATE ON cases.case_steps REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases.tally_steps();
CREATE TRIGGER tally_gone AFTER DELETE ON cases.case_steps REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases.tally_steps();

-- What reports count: decided cases as they now stand, under their heaviest kind; a decision revoked later still counts.
CREATE VIEW published.case_statistics AS
SELECT t.district_id, t.unit_id, extract(year FROM t.decided_on)::integer AS year, t.kind, coalesce(t.outcome, 'unstated') AS outcome,
       CASE WHEN t.kind = 'penalty' AND coalesce(t.outcome, 'penalty') = 'penalty'
            THEN coalesce(cases.heaviest_penalty(t.penalties), 'unstated') END AS heaviest,
       count(*)::integer AS cases, coalesce(sum(t.amount_fen), 0)::bigint AS amount_fen
FROM cases.case_tallies t
WHERE t.decided_on IS NOT NULL AND t.state <> 'void'
  AND NOT EXISTS (SELECT FROM cases.case_tallies n WHERE n.case_file_id = t.case_file_id AND n.recorded_at > t.recorded_at)
GROUP BY 1, 2, 3, 4, 5, 6;

GRANT SELECT ON published.case_statistics TO zhifa_cases, zhifa_tasks;
GRANT SELECT, INSERT, UPDATE ON cases.case_tallies TO zhifa_cases;
