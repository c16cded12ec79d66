-- A district in the third quarter of its plan, made up: 60 units, 20,000 officers, 100,000 cases, 10,080 assignments. Run as
-- the owner with triggers and foreign keys off (session_replication_role); DISTRICT is put in by the program.
INSERT INTO directory.units (id, district_id, parent_id, path, code, name, short_name, kind, enforcement, granting, vertical,
                             assumed, version, created_at)
SELECT id, 'DISTRICT', 'DISTRICT', ARRAY['DISTRICT'::uuid, id], '3591112' || lpad(n::text, 3, '0'), '示例单位' || n, '示例' || n,
       CASE WHEN n <= 19 THEN 'town' ELSE 'department' END, true, n > 19, false, false, 1, now()
FROM (SELECT n, gen_random_uuid() AS id FROM generate_series(1, 59) n) made;

CREATE TABLE public.bench_units AS
SELECT id, kind, row_number() OVER (ORDER BY code) - 1 AS place FROM directory.units WHERE parent_id IS NOT NULL;

INSERT INTO directory.unit_groups
SELECT gen_random_uuid(), 'DISTRICT', key, key, '{}', false, 1, now()
FROM unnest(ARRAY['townships', 'enforcement_departments', 'granting_departments']) AS key;
INSERT INTO directory.unit_group_members
SELECT g.id, u.id, '2023-01-01', NULL FROM directory.unit_groups g
JOIN public.bench_units u ON (g.key = 'townships') = (u.kind = 'town');

INSERT INTO directory.working_days
SELECT day::date, extract(isodow FROM day) < 6, 'made_up', NULL FROM generate_series('2022-01-01', '2028-12-31', interval '1 day') day;

---------------------------------------------------------------------------------------------- training
INSERT INTO training.officers (id, district_id, unit_id, name, id_type, id_number, id_index, id_number_masked, kind, posts,
                               hired_on, version, created_at)
SELECT gen_random_uuid(), 'DISTRICT', u.id, '示例', 'resident', ''::bytea, sha256(s::text::bytea), '350111********0000', 'officer',
       '{}', '2015-01-01', 1, now()
FROM generate_series(1, OFFICERS) s JOIN public.bench_units u ON u.place = s % 60;
INSERT INTO training.officer_units (id, officer_id, district_id, unit_id, kind, from_on, recorded_at)
SELECT gen_random_uuid(), id, district_id, unit_id, 'officer', '2015-01-01', now() FROM training.officers;
INSERT INTO training.hour_entries (id, district_id, unit_id, officer_id, category, hundredths, occurred_on, days, source,
                                   entered_as, entered_by, created_at)
SELECT gen_random_uuid(), o.district_id, o.unit_id, o.id, (ARRAY['public_law', 'business', 'skills', 'political'])[1 + n % 4],
       150 + (n * 131) % 900, date '2024-01-01' + n * 36, 1, 'class', 'posted', o.id, now()
FROM generate_series(0, 19) n CROSS JOIN training.officers o;
INSERT INTO training.hour_sums
SELECT officer_id, extract(year FROM occurred_on)::integer,
       coalesce(sum(hundredths) FILTER (WHERE category = 'public_law'), 0),
       coalesce(sum(hundredths) FILTER (WHERE category = 'business'), 0),
       coalesce(sum(hundredths) FILTER (WHERE category = 'skills'), 0),
       coalesce(sum(hundredths) FILTER (WHERE category = 'political'), 0)
FROM training.hour_entries GROUP BY 1, 2;

---------------------------------------------------------------------------------------------- cases
CREATE TABLE public.bench_cases AS
SELECT s AS n, gen_random_uuid() AS id, gen_random_uuid() AS number_id, u.id AS unit_id, u.kind
FROM generate_series(1, CASES) s JOIN public.bench_units u ON u.place = s % 60;
INSERT INTO cases.case_numbers (id, district_id, unit_id, kind, year, sequence, number, state, created_by, created_at, version)
SELECT number_id, 'DISTRICT', unit_id, 'penalty', 2025, n, '示例〔2025〕' || lpad(n::text, 7, '0') || '号', 'used', id, now(), 1
FROM public.bench_cases;
INSERT INTO cases.case_files (id, district_id, unit_id, case_number_id, case_no, kind, procedure, state, item, item_code,
    legal_bases, officers, party_kind, party_name_shown, party_digest, filed_on, decided_on, closed_on, created_by, created_at,
    updated_at, version)
SELECT id, 'DISTRICT', unit_id, number_id, '示例〔2025〕' || lpad(n::text, 7, '0') || '号', 'penalty', 'ordinary', 'closed',
       '占道经营（演示）', 'B-' || n % 40, ARRAY['示例条例第1条'], ARRAY[id, number_id], 'organisation', '示例公司（虚构）', 'synthetic',
       date '2025-01-01' + n % 300, date '2025-01-20' + n % 300, date '2025-02-20' + n % 300, id, now(), now(), 1
FROM public.bench_cases;
-- Every township was given an item by each of ten departments.
INSERT INTO cases.records (id, district_id, unit_id, kind, occurred_on, subject_id, facts, attachment_ids, state, created_by,
                           created_at, updated_at, version)
SELECT gen_random_uuid(), 'DISTRICT', t.id, 'granted-items', '2024-01-01', d.id,
       jsonb_build_object('item_code', 'B-' || d.place % 40, 'item', '示例事项' || d.place), '{}', 'active', d.id, now(), now(), 1
FROM public.bench_units t JOIN public.bench_units d ON t.kind = 'town' AND d.kind = 'department' AND d.place % 2 = t.place % 2;
INSERT INTO cases.records (id, district_id, unit_id, kind, occurred_on, facts, attachment_ids, state, created_by, created_at,
                           updated_at, version)
SELECT gen_random_uuid(), 'DISTRICT', u.id, sort, date '2024-01-01' + n * 3, '{}', '{}', 'active', u.id, now(), now(), 1
FROM public.bench_units u, generate_series(0, 99) n, unnest(ARRAY['mediations', 'litigations', 'transfers']) sort;
INSERT INTO cases.guidances (id, district_id, unit_id, case_unit_id, case_file_id, year, how, reason, state, guides, created_by,
                             created_at, updated_at, version)
SELECT gen_random_uuid(), 'DISTRICT', g.department_id, g.township_id, g.case_file_id, 2025, 'chosen', '演示', 'under_way', '{}',
       g.case_file_id, now(), now(), 1
FROM cases.granted_cases g JOIN public.bench_cases c ON c.id = g.case_file_id AND c.n % 3 = 0;
INSERT INTO cases.discretion_benchmarks (id, district_id, unit_id, item, title, legal_bases, zero_range, bands, trigger,
    in_force_from, state, published_on, filed_on, attachment_ids, version, created_at)
SELECT gen_random_uuid(), 'DISTRICT', u.id, '事项' || n, '示例基准' || n, '{}', true, '[]', 'law', '2025-03-01', 'published',
       '2025-03-01', CASE WHEN n % 4 > 0 THEN date '2025-03-05' + n END, '{}', 1, now()
FROM public.bench_units u, generate_series(1, 20) n;
WITH campaign AS (
    INSERT INTO cases.review_campaigns (id, district_id, title, year, rubric_id, online, state, created_by, created_at, version)
    VALUES (gen_random_uuid(), 'DISTRICT', '示例评查', 2025, gen_random_uuid(), true, 'open', gen_random_uuid(), now(), 1)
    RETURNING id
), rounds AS (
    INSERT INTO cases.review_rounds (id, district_id, campaign_id, mode, state, sampling, hide_units, reviewers_per_file,
                                     legal_reviewers, created_by, created_at, published_at, version)
    SELECT gen_random_uuid(), 'DISTRICT', id, mode, 'published', CASE WHEN mode <> 'self' THEN '{}'::jsonb END, false, 1, 0, id,
           now(), '2025-09-01', 1
    FROM campaign, unnest(ARRAY['self', 'cross', 'sample']) mode RETURNING id, mode
)
INSERT INTO cases.review_assignments (id, district_id, unit_id, round_id, mode, case_file_id, account_id, reason, hide_unit, state,
                                      created_at, saves, version)
SELECT gen_random_uuid(), 'DISTRICT', c.unit_id, r.id, r.mode, c.id, r.id, 'solved', false, 'submitted', now(), 1, 1
FROM public.bench_cases c JOIN rounds r ON c.n % (CASE r.mode WHEN 'self' THEN 3 ELSE 10 END) = 0;

---------------------------------------------------------------------------------------------- the plan and its assignments
-- The plan of three years, and a second one of the same years that brings the assignments to 10,080.
INSERT INTO tasks.plans (id, district_id, title, region_code, period_start, period_end, state, warnings, activated_at, version,
                         created_at)
SELECT id::uuid, 'DISTRICT', '示例区三年行动计划', '359111', '2024-01-01', '2026-12-31', 'active', '[]', '2024-01-02', 2, '2024-01-01'
FROM unnest(ARRAY['FIRST_PLAN', 'SECOND_PLAN']) id;
INSERT INTO tasks.tasks (id, plan_id, district_id, kind, number, place, title, quantities, time_words, version, created_at)
SELECT gen_random_uuid(), p.id, 'DISTRICT', k.kind, n, ARRAY[k.place, n], '示例任务' || n, '[]', '{}', 1, '2024-01-01'
FROM tasks.plans p, (VALUES ('task', 0, 24), ('requirement', 1, 3)) AS k (kind, place, last), generate_series(1, k.last) n;
-- Each task of the first plan once a year, of the second once a year and once more.
INSERT INTO tasks.assignments (id, district_id, plan_id, task_id, unit_id, role, year, original_due_on, due_on, state, stopped_on,
                               suspended_days, held_since, version, created_at)
SELECT gen_random_uuid(), 'DISTRICT', t.plan_id, t.id, u.id, 'responsible', y.year, make_date(coalesce(y.year, 2026), 12, 31),
       make_date(coalesce(y.year, 2026), 12, 31), CASE WHEN y.year = 2024 THEN 'approved' ELSE 'in_progress' END,
       CASE WHEN y.year = 2024 THEN date '2024-11-30' END, 0, '2024-01-02', 3, '2024-01-02'
FROM tasks.tasks t CROSS JOIN public.bench_units u CROSS JOIN (VALUES (2024), (2025), (2026), (NULL)) AS y (year)
WHERE t.kind = 'task' AND (t.plan_id = 'SECOND_PLAN' OR y.year IS NOT NULL);
INSERT INTO tasks.assignments (id, district_id, plan_id, task_id, unit_id, role, state, suspended_days, held_since, version,
                               created_at)
SELECT gen_random_uuid(), 'DISTRICT', t.plan_id, t.id, u.id, 'responsible', 'signed', 0, '2024-01-02', 2, '2024-01-02'
FROM tasks.tasks t CROSS JOIN public.bench_units u WHERE t.kind = 'requirement' AND t.plan_id = 'FIRST_PLAN';
INSERT INTO tasks.assignment_moves (assignment_id, version, verb, state_after, unit_id, due_on, stopped_on, actor_id, actor_name,
                                    recorded_at)
SELECT a.id, v.version, v.verb, CASE WHEN v.version = a.version THEN a.state ELSE 'issued' END, a.unit_id, a.due_on,
       CASE WHEN v.version = a.version THEN a.stopped_on END, a.id, '示例', '2024-01-02'::timestamptz + v.version * interval '1 day'
FROM tasks.assignments a JOIN (VALUES (1, 'issue'), (2, 'sign'), (3, 'start')) AS v (version, verb) ON v.version <= a.version;
INSERT INTO tasks.progress_reports (id, assignment_id, district_id, unit_id, period, text, percent, measures, attachment_ids,
                                    reported_by, reported_by_name, created_at)
SELECT gen_random_uuid(), a.id, 'DISTRICT', a.unit_id, '2025Q' || n, '演示进展。', n * 25, '[]', '{}', a.id, '示例',
       '2025-01-01'::timestamptz + n * interval '80 days'
FROM tasks.assignments a, generate_series(1, 3) n WHERE a.year IS NOT NULL;
UPDATE tasks.assignments SET reported_at = '2025-08-29', percent = 75 WHERE year IS NOT NULL;
INSERT INTO tasks.problem_summaries (id, district_id, unit_id, plan_id, scope, period_start, period_end, title, text,
                                     attachment_ids, state, counted, submitted_on, created_by_name, created_at, version)
SELECT gen_random_uuid(), 'DISTRICT', id, 'FIRST_PLAN', 'unit', '2025-01-01', '2025-12-31', '示例总结', '演示', '{}', 'submitted', '{}',
       '2025-12-01', '示例', now(), 1 FROM public.bench_units WHERE place % 2 = 0;
INSERT INTO tasks.inspection_proposals (id, district_id, unit_id, year, object_name, object_key, content, basis, first_on, last_on,
                                        submitted_on, late, state, created_by_name, created_at, version)
SELECT gen_random_uuid(), 'DISTRICT', u.id, 2025, '示例企业' || n, '示例企业' || n, '演示', '演示', '2025-05-01', '2025-05-31',
       '2025-01-08', false, 'merged', '示例', now(), 1
FROM public.bench_units u, generate_series(1, 50) n WHERE u.kind = 'department';
-- Two records of every kind of register that an obligation counts, for each unit and year.
INSERT INTO tasks.records (id, district_id, unit_id, kind, occurred_on, facts, attachment_ids, state, created_by, created_at,
                           updated_at, version)
SELECT gen_random_uuid(), 'DISTRICT', u.id, sort, make_date(year, 1 + (n * 5) % 12, 8),
       jsonb_build_object('published_on', make_date(year, 2, 1), 'line', (ARRAY['training', 'enforcement', 'equipment',
           'supervision'])[1 + n % 4], 'form', (ARRAY['major', 'regular', 'extraordinary', 'liaison'])[1 + n % 4],
           'plan_year', year, 'budget_year', year, 'budget_fen', 100000000, 'spent_fen', 50000000),
       '{}', 'active', u.id, now(), now(), 1
FROM public.bench_units u, unnest('KINDS'::text[]) sort, generate_series(2024, 2026) year, generate_series(0, 1) n;

DROP TABLE public.bench_cases;
