-- Who reaches an object by assignment, beside those whom role and unit let in: the reviewers of a case file and who arbitrates,
-- until their assignment is withdrawn or its round has ended. Where the unit is hidden they reach the masked file instead, and
-- of its documents the redacted copies alone. The one place that says so; the file's own reads ask it as well.
CREATE VIEW published.object_readers AS
SELECT CASE WHEN a.hide_unit THEN 'masked_case_file' ELSE 'case_file' END AS object_type, a.case_file_id AS object_id, a.account_id
FROM cases.review_assignments a JOIN cases.review_rounds r ON r.id = a.round_id
WHERE a.state <> 'void' AND r.state NOT IN ('closed', 'void')
UNION ALL
SELECT CASE WHEN a.hide_unit THEN 'masked_case_file' ELSE 'case_file' END, a.case_file_id, a.account_id
FROM cases.arbitrations a JOIN cases.review_rounds r ON r.id = a.round_id
WHERE a.state <> 'void' AND a.account_id IS NOT NULL AND r.state NOT IN ('closed', 'void')
UNION ALL
-- Files of a calibration, for everybody of the pool until the campaign ends.
SELECT 'case_file'::text, f.case_file_id, p.account_id
FROM cases.calibration_files f
JOIN cases.review_campaigns c ON c.id = f.campaign_id AND c.state <> 'closed'
JOIN cases.reviewers p ON p.district_id = f.district_id AND p.is_active
UNION ALL
-- Units are known by then: objections are to published results.
SELECT 'case_file', o.case_file_id, o.decider_id FROM cases.objections o WHERE o.state = 'assigned';

GRANT SELECT ON published.object_readers TO zhifa_cases, zhifa_directory;

-- A text without what tells the unit: names and codes of the unit and of those above it below the district, the party, the
-- case number. Officers of the file get numbers, so that one still sees how many there are and who is the same.
CREATE FUNCTION cases.masked(said text, unit uuid, officers uuid[], party text, case_no text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    named text;
    place integer := 0;
    officer uuid;
BEGIN
    said := replace(said, case_no, '某案号');
    IF length(party) > 1 THEN
        said := replace(said, party, '某当事人');
    END IF;
    FOR named IN
        SELECT n FROM published.units u JOIN published.units mine ON mine.id = unit
        CROSS JOIN LATERAL (VALUES (u.name), (u.short_name), (u.code), (u.id::text)) v (n)
        WHERE u.id = ANY (mine.path) AND u.id <> mine.district_id AND length(v.n) > 1 ORDER BY length(v.n) DESC
    LOOP
        said := replace(said, named, '某单位');
    END LOOP;
    FOREACH officer IN ARRAY officers LOOP
        place := place + 1;
        said := replace(said, officer::text, '00000000-0000-7000-8000-' || lpad(place::text, 12, '0'));
    END LOOP;
    RETURN said;
END $$;
