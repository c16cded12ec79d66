------------------------------------------------------------------------------------------------ figures of the work report
-- What the report to the government counts of each case file as it stands: its days, what was decided, how it was handled, and
-- whether it was recorded and reviewed for lawfulness. Nothing of parties or contents.
CREATE VIEW published.case_facts AS
SELECT f.id AS case_file_id, f.district_id, f.unit_id, f.kind, f.procedure, f.state, f.filed_on, f.decided_on, f.closed_on,
       f.offline_reason IS NOT NULL AS offline, t.outcome, t.withdrawn_on, t.acts, t.amount_fen,
       CASE WHEN f.kind = 'penalty' AND f.decided_on IS NOT NULL AND coalesce(t.outcome, 'penalty') = 'penalty'
            THEN coalesce(cases.heaviest_penalty(t.penalties), 'unstated') END AS heaviest,
       EXISTS (SELECT FROM cases.case_recordings r WHERE r.case_file_id = f.id) AS recorded,
       EXISTS (SELECT FROM cases.case_steps s WHERE s.case_file_id = f.id AND s.step = 'legal_review')
           OR EXISTS (SELECT FROM cases.records k WHERE k.subject_id = f.id AND k.kind = 'legal-reviews' AND k.state = 'active')
           AS legally_reviewed
FROM cases.case_files f
LEFT JOIN (
    -- Not one look-up a file: read in one pass where a column of it is asked for, and not at all otherwise.
    SELECT DISTINCT ON (y.case_file_id) y.* FROM cases.case_tallies y ORDER BY y.case_file_id, y.recorded_at DESC
) t ON t.case_file_id = f.id
WHERE f.state <> 'void';

-- What stands of each reviewed file of a published round; `is_final` is the one of the campaign.
CREATE VIEW published.review_results AS
SELECT r.id, r.district_id, r.unit_id, r.campaign_id, c.year, r.mode, r.case_file_id, r.is_final, r.grade, r.total_hundredths,
       cardinality(r.vetoes) > 0 AS vetoed, (r.published_at AT TIME ZONE 'Asia/Shanghai')::date AS published_on
FROM cases.results r JOIN cases.review_campaigns c ON c.id = r.campaign_id WHERE r.voided_at IS NULL;

-- Points taken in the reviews behind the final results, by item of the rubric.
CREATE VIEW published.review_deductions AS
SELECT r.district_id, r.unit_id, (r.published_at AT TIME ZONE 'Asia/Shanghai')::date AS published_on, r.case_file_id,
       i ->> 'item_key' AS item_key, coalesce(x.text, i ->> 'item_key') AS item
FROM cases.results r
JOIN cases.review_campaigns c ON c.id = r.campaign_id
JOIN cases.reviews v ON v.id = ANY (r.review_ids)
CROSS JOIN LATERAL jsonb_array_elements(v.content -> 'items') AS i
LEFT JOIN LATERAL (
    SELECT m ->> 'text' AS text FROM cases.rubrics b
    CROSS JOIN LATERAL jsonb_array_elements(b.content -> 'blocks') AS k CROSS JOIN LATERAL jsonb_array_elements(k -> 'items') AS m
    WHERE b.id = c.rubric_id AND m ->> 'key' = i ->> 'item_key' LIMIT 1
) x ON true
WHERE r.is_final AND (i ->> 'deduction')::numeric > 0;

-- What was objected to, and what must be put right by when.
CREATE VIEW published.review_followups AS
SELECT 'objection' AS kind, o.district_id, o.unit_id, (o.filed_at AT TIME ZONE 'Asia/Shanghai')::date AS begun_on,
       o.decide_by AS due_on, (o.decided_at AT TIME ZONE 'Asia/Shanghai')::date AS done_on, o.state
FROM cases.objections o
UNION ALL
SELECT 'rectification', n.district_id, n.unit_id, (n.created_at AT TIME ZONE 'Asia/Shanghai')::date, n.due_on,
       (n.reported_at AT TIME ZONE 'Asia/Shanghai')::date, n.state
FROM cases.rectifications n;

GRANT SELECT ON published.case_facts, published.review_results, published.review_deductions, published.review_followups
    TO zhifa_cases, zhifa_tasks;
