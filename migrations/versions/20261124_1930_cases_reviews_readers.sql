-- Who reaches an object by assignment, beside those whom role and unit let in: the reviewers of a case file, until their
-- assignment is withdrawn or its round has ended. The one place that says so; the file's own reads ask it as well.
CREATE VIEW published.object_readers AS
SELECT 'case_file'::text AS object_type, a.case_file_id AS object_id, a.account_id
FROM cases.review_assignments a JOIN cases.review_rounds r ON r.id = a.round_id
WHERE a.state <> 'void' AND NOT a.hide_unit AND r.state NOT IN ('closed', 'void')
UNION ALL
SELECT 'case_file'::text, a.case_file_id, a.account_id
FROM cases.arbitrations a JOIN cases.review_rounds r ON r.id = a.round_id
WHERE a.state <> 'void' AND a.account_id IS NOT NULL AND NOT a.hide_unit AND r.state NOT IN ('closed', 'void');

GRANT SELECT ON published.object_readers TO zhifa_cases, zhifa_directory;
