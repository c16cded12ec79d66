------------------------------------------------------------------------------------------------ search
-- Chinese has no spaces between words and its words have two signs more often than three, so what is looked up are pairs of
-- signs, each as a number. Beside them stand unit, kind and year, so that a search with filters meets few rows but its own.
-- Whatever is found is compared with the text itself. The same is computed in `case_files/rules/searching.py`.
CREATE FUNCTION cases.search_sign(told text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ('x' || substr(md5(told), 1, 8))::bit(32)::integer $$;

CREATE FUNCTION cases.search_text(told text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT translate(lower(normalize(told, NFKC)), E' \t', '') $$;

CREATE FUNCTION cases.write_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    facets text[] := ARRAY['unit:' || NEW.unit_id, 'kind:' || NEW.kind, 'year:' || extract(year FROM NEW.filed_on)::integer];
BEGIN
    SELECT array_agg(cases.search_sign(pair)) INTO NEW.words FROM (
        SELECT unnest(facets) UNION ALL
        SELECT substr(known.told, place, 2)
        FROM (SELECT cases.search_text(each) AS told
              FROM unnest(ARRAY[NEW.item, NEW.case_no, CASE WHEN NEW.party_kind = 'legal' THEN NEW.party_name_shown END]) AS each
              WHERE each IS NOT NULL) known
        CROSS JOIN LATERAL generate_series(1, length(known.told) - 1) AS place
    ) AS pairs (pair);
    RETURN NEW;
END $$;
CREATE TRIGGER write_search_words BEFORE INSERT OR UPDATE OF item, case_no, unit_id, kind, filed_on, party_kind, party_name_shown
    ON cases.case_files FOR EACH ROW EXECUTE FUNCTION cases.write_search_words();

CREATE INDEX ix_case_files_words ON cases.case_files USING gin (words);
CREATE INDEX ix_case_files_party_signs ON cases.case_files USING gin (party_signs);
