------------------------------------------------------------------------------------------------ figures of reviews
-- What statistics count of a submitted review: one narrow row, and one for each thing found. Written within the act that hands a
-- review in or takes it back, so that no path forgets them. From the day a round is published they stay as they are: what was
-- published then can be counted again, also of a round that was voided later.
CREATE TABLE cases.review_tallies (
    review_id uuid CONSTRAINT pk_review_tallies PRIMARY KEY
        CONSTRAINT fk_review_tallies_review_id REFERENCES cases.review_assignments (id),
    round_id uuid NOT NULL CONSTRAINT fk_review_tallies_round_id REFERENCES cases.review_rounds (id),
    case_file_id uuid NOT NULL CONSTRAINT fk_review_tallies_case_file_id REFERENCES cases.case_files (id),
    district_id uuid NOT NULL CONSTRAINT fk_review_tallies_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_review_tallies_unit_id REFERENCES directory.units (id),
    account_id uuid NOT NULL,
    kind text NOT NULL,
    total_hundredths integer,
    -- The place of the grade in its rubric, the best one first; a file that could not be reviewed has none.
    place integer
);
CREATE INDEX ix_review_tallies_round_id_case_file_id ON cases.review_tallies (round_id, case_file_id);
CREATE INDEX ix_review_tallies_unit_id ON cases.review_tallies (unit_id);

CREATE TABLE cases.review_findings (
    review_id uuid NOT NULL CONSTRAINT fk_review_findings_review_id REFERENCES cases.review_assignments (id),
    number integer NOT NULL,
    round_id uuid NOT NULL CONSTRAINT fk_review_findings_round_id REFERENCES cases.review_rounds (id),
    case_file_id uuid NOT NULL CONSTRAINT fk_review_findings_case_file_id REFERENCES cases.case_files (id),
    district_id uuid NOT NULL CONSTRAINT fk_review_findings_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_review_findings_unit_id REFERENCES directory.units (id),
    kind text NOT NULL,
    is_veto boolean NOT NULL,
    item_key text NOT NULL,
    rule_key text,
    deduction_hundredths integer NOT NULL,
    -- Whether it is the first of its review for this item: reviews are counted by these.
    is_first boolean NOT NULL,
    CONSTRAINT pk_review_findings PRIMARY KEY (review_id, number)
);
CREATE INDEX ix_review_findings_round_id ON cases.review_findings (round_id);
CREATE INDEX ix_review_findings_unit_id ON cases.review_findings (unit_id);

CREATE FUNCTION cases.tally_reviews(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(ids) = 0 THEN
        RETURN;
    END IF;
    DELETE FROM cases.review_findings t USING cases.review_rounds r
    WHERE t.review_id = ANY (ids) AND r.id = t.round_id AND r.published_at IS NULL;
    DELETE FROM cases.review_tallies t USING cases.review_rounds r
    WHERE t.review_id = ANY (ids) AND r.id = t.round_id AND r.published_at IS NULL;
    WITH added AS (
        INSERT INTO cases.review_tallies (review_id, round_id, case_file_id, district_id, unit_id, account_id, kind,
                                          total_hundredths, place)
        SELECT a.id, a.round_id, a.case_file_id, a.district_id, a.unit_id, a.account_id, f.kind, w.total_hundredths, g.place
        FROM cases.review_assignments a
        JOIN cases.reviews w ON w.id = a.id AND w.grade IS NOT NULL
        JOIN cases.case_files f ON f.id = a.case_file_id
        JOIN cases.review_rounds r ON r.id = a.round_id
        JOIN cases.review_campaigns c ON c.id = r.campaign_id
        LEFT JOIN LATERAL (SELECT u.id, k.grade ->> 'key' AS key, k.place::integer AS place FROM cases.rubrics u
            CROSS JOIN jsonb_array_elements(u.content -> 'grades') WITH ORDINALITY AS k (grade, place)) g
            ON g.id = c.rubric_id AND g.key = w.grade
        WHERE a.id = ANY (ids) AND a.state = 'submitted'
        ON CONFLICT DO NOTHING RETURNING review_id, round_id, case_file_id, district_id, unit_id, kind
    )
    INSERT INTO cases.review_findings (review_id, number, round_id, case_file_id, district_id, unit_id, kind, is_veto, item_key,
                                       rule_key, deduction_hundredths, is_first)
    SELECT t.review_id, row_number() OVER (PARTITION BY t.review_id), t.round_id, t.case_file_id, t.district_id, t.unit_id, t.kind,
           l.is_veto, l.item_key, l.rule_key, l.taken, l.is_first
    FROM added t JOIN cases.reviews w ON w.id = t.review_id CROSS JOIN LATERAL (
        SELECT false AS is_veto, i ->> 'item_key' AS item_key, i ->> 'rule_key' AS rule_key,
               round(100 * sum((i ->> 'deduction')::numeric))::integer AS taken,
               row_number() OVER (PARTITION BY i ->> 'item_key') = 1 AS is_first
        FROM jsonb_array_elements(w.content -> 'items') i WHERE (i ->> 'deduction')::numeric > 0 GROUP BY 2, 3
        UNION ALL
        SELECT DISTINCT true, v ->> 'key', NULL, 0, true FROM jsonb_array_elements(w.content -> 'vetoes') v) l;
END $$;

CREATE FUNCTION cases.tally_assignments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases.tally_reviews(ARRAY(SELECT n.id FROM changed n LEFT JOIN replaced o ON o.id = n.id
        WHERE n.state IS DISTINCT FROM o.state AND 'submitted' IN (n.state, o.state)));
    RETURN NULL;
END $$;
CREATE FUNCTION cases.tally_sheets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases.tally_reviews(ARRAY(SELECT id FROM changed WHERE grade IS NOT NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER tally_changed AFTER UPDATE ON cases.review_assignments
    REFERENCING NEW TABLE AS changed OLD TABLE AS replaced FOR EACH STATEMENT EXECUTE FUNCTION cases.tally_assignments();
CREATE TRIGGER tally_new AFTER INSERT ON cases.reviews REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases.tally_sheets();
CREATE TRIGGER tally_changed AFTER UPDATE ON cases.reviews REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases.tally_sheets();

GRANT SELECT, INSERT, DELETE ON cases.review_tallies, cases.review_findings TO zhifa_cases;
