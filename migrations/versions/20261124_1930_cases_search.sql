
------------------------------------------------------------------------------------------------ search
-- Chinese has no spaces between words and its words have two signs more often than three, so what is looked up are pairs of
-- signs, each as a number. Beside them stand unit, kind, procedure, state, month and year, so that a search with filters in a
-- stretch of days meets few rows but its own. Whatever is found is compared with the text itself. The same is computed in
-- `case_files/rules/searching.py`.
CREATE FUNCTION cases.search_sign(told text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ('x' || substr(md5(told), 1, 8))::bit(32)::integer $$;

CREATE FUNCTION cases.search_text(told text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT translate(lower(normalize(told, NFKC)), E' \t', '') $$;

-- Pairs of signs; runs of at least three digits as wholes, and each three digits of them, since pairs of digits stand in every
-- number.
CREATE FUNCTION cases.search_signs(facets text[], texts text[]) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH known AS (SELECT cases.search_text(each) AS told FROM unnest(texts) AS each WHERE each IS NOT NULL),
    runs AS (SELECT found[1] AS run FROM known CROSS JOIN LATERAL regexp_matches(known.told, '[0-9]{3,}', 'g') AS found)
    SELECT array_agg(DISTINCT cases.search_sign(sign)) FROM (
        SELECT unnest(facets) UNION ALL
        SELECT substr(told, place, 2) FROM known CROSS JOIN LATERAL generate_series(1, length(told) - 1) AS place UNION ALL
        SELECT 'run:' || run FROM runs UNION ALL
        SELECT substr(run, place, 3) FROM runs CROSS JOIN LATERAL generate_series(1, length(run) - 2) AS place
    ) AS signs (sign)
$$;

CREATE FUNCTION cases.write_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := cases.search_signs(
        ARRAY['unit:' || NEW.unit_id, 'kind:' || NEW.kind, 'procedure:' || NEW.procedure, 'state:' || NEW.state,
              'year:' || extract(year FROM NEW.filed_on)::integer, 'month:' || to_char(NEW.filed_on, 'YYYY-MM')],
        ARRAY[NEW.item, NEW.case_no, CASE WHEN NEW.party_kind = 'legal' THEN NEW.party_name_shown END]);
    RETURN NEW;
END $$;
CREATE TRIGGER write_search_words BEFORE INSERT
    OR UPDATE OF item, case_no, unit_id, kind, procedure, state, filed_on, party_kind, party_name_shown
    ON cases.case_files FOR EACH ROW EXECUTE FUNCTION cases.write_search_words();

-- One index of both, so that a name is looked up within a month or a year as well. What waits to be sorted in is read by every
-- search, so it is kept small.
CREATE INDEX ix_case_files_words ON cases.case_files USING gin (words, party_signs) WITH (gin_pending_list_limit = 256);
