-- Dated settings of the legal check: limits, thresholds and rates that differ by sector or change with time.
CREATE TABLE cases.legal_settings (
    id uuid CONSTRAINT pk_legal_settings PRIMARY KEY,
    district_id uuid CONSTRAINT fk_legal_settings_district_id REFERENCES directory.units (id),
    topic text NOT NULL,
    sector text,
    case_kind text,
    procedure text,
    party_kind text,
    result text,
    value bigint NOT NULL,
    measure text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    source text NOT NULL,
    assumed boolean NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_legal_settings_period CHECK (valid_to >= valid_from),
    CONSTRAINT ck_legal_settings_value CHECK (value >= 0),
    CONSTRAINT uq_legal_settings_scope UNIQUE NULLS NOT DISTINCT
        (district_id, topic, sector, case_kind, procedure, party_kind, result, valid_from)
);
CREATE INDEX ix_legal_settings_topic_valid_from ON cases.legal_settings (topic, valid_from, id);

-- What the laws themselves say, and defaults where no public text of the rule was found: those are marked as assumed.
INSERT INTO cases.legal_settings
    (id, topic, sector, case_kind, procedure, party_kind, result, value, measure, valid_from, source, assumed, version, created_at)
VALUES
    ('01900000-0000-7000-8000-000000005100', 'decision', NULL, 'penalty', NULL, NULL, NULL, 90, 'calendar_days', '2021-07-15', '行政处罚法（2021年修订）第六十条', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005101', 'decision', NULL, 'licence', NULL, NULL, NULL, 20, 'working_days', '2004-07-01', '行政许可法第四十二条、第八十二条', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005102', 'decision_extension', NULL, 'licence', NULL, NULL, NULL, 10, 'working_days', '2004-07-01', '行政许可法第四十二条、第八十二条', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005103', 'decision', 'market_regulation', 'penalty', NULL, NULL, NULL, 90, 'calendar_days', '2019-04-01', '市场监督管理行政处罚程序规定第六十四条', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005104', 'decision_extension', 'market_regulation', 'penalty', NULL, NULL, NULL, 30, 'calendar_days', '2019-04-01', '市场监督管理行政处罚程序规定第六十四条（负责人批准；集体讨论决定的另计）', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005105', 'filing', 'market_regulation', 'penalty', NULL, NULL, NULL, 15, 'working_days', '2019-04-01', '市场监督管理行政处罚程序规定（立案核查期限）', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005106', 'filing_extension', 'market_regulation', 'penalty', NULL, NULL, NULL, 15, 'working_days', '2019-04-01', '市场监督管理行政处罚程序规定（立案核查期限）', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005107', 'filing', 'ecology', 'penalty', NULL, NULL, NULL, 15, 'calendar_days', '2010-03-01', '环境行政处罚规定（立案期限）', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005108', 'filing', 'agriculture', 'penalty', NULL, NULL, NULL, 7, 'calendar_days', '2020-04-01', '农业行政处罚程序规定（立案期限）', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005109', 'hearing_fine', 'market_regulation', 'penalty', NULL, 'natural', NULL, 1000000, 'fen', '2019-04-01', '市场监督管理行政处罚听证办法第五条', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-00000000510a', 'hearing_fine', 'market_regulation', 'penalty', NULL, 'legal', NULL, 10000000, 'fen', '2019-04-01', '市场监督管理行政处罚听证办法第五条', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-00000000510b', 'hearing_fine', 'ecology', 'penalty', NULL, 'natural', NULL, 500000, 'fen', '2010-03-01', '环境行政处罚听证标准', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-00000000510c', 'hearing_fine', 'ecology', 'penalty', NULL, 'legal', NULL, 5000000, 'fen', '2010-03-01', '环境行政处罚听证标准', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-00000000510d', 'hearing_fine', NULL, 'penalty', NULL, 'natural', NULL, 1000000, 'fen', '1996-10-01', '未查到福建省公开标准，暂按推定值', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-00000000510e', 'hearing_fine', NULL, 'penalty', NULL, 'legal', NULL, 10000000, 'fen', '1996-10-01', '未查到福建省公开标准，暂按推定值', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-00000000510f', 'hearing_confiscation', NULL, 'penalty', NULL, 'natural', NULL, 1000000, 'fen', '2021-07-15', '未查到福建省公开标准，暂按推定值', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005110', 'hearing_confiscation', NULL, 'penalty', NULL, 'legal', NULL, 10000000, 'fen', '2021-07-15', '未查到福建省公开标准，暂按推定值', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005111', 'publicity', NULL, NULL, NULL, NULL, NULL, 20, 'working_days', '2018-12-05', '国办发〔2018〕118号', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005112', 'publicity', NULL, 'penalty', NULL, NULL, NULL, 7, 'working_days', '2018-12-05', '国办发〔2018〕118号', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005113', 'publicity', NULL, 'licence', NULL, NULL, NULL, 7, 'working_days', '2018-12-05', '国办发〔2018〕118号', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005114', 'publicity_withdrawal', NULL, NULL, NULL, NULL, NULL, 3, 'working_days', '2021-07-15', '行政处罚法（2021年修订）第四十八条、第八十五条', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005115', 'late_fee', NULL, NULL, NULL, NULL, NULL, 300, 'basis_points', '1996-10-01', '行政处罚法第七十二条（2021年以前为第五十一条）', false, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005116', 'archiving', NULL, NULL, NULL, NULL, NULL, 30, 'calendar_days', '1996-10-01', '惯例，结案后三十日内归档', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005117', 'retention', NULL, NULL, NULL, NULL, NULL, 10, 'years', '1996-10-01', '案卷保管期限（推定值）', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005118', 'retention', NULL, NULL, 'summary', NULL, NULL, 5, 'years', '1996-10-01', '案卷保管期限（推定值）', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-000000005119', 'retention', NULL, 'penalty', NULL, NULL, 'licence_revocation', 30, 'years', '1996-10-01', '案卷保管期限（推定值）', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-00000000511a', 'retention', NULL, 'penalty', NULL, NULL, 'closure', 30, 'years', '1996-10-01', '案卷保管期限（推定值）', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-00000000511b', 'retention', NULL, 'penalty', NULL, NULL, 'profession_ban', 30, 'years', '1996-10-01', '案卷保管期限（推定值）', true, 1, '2024-01-01T00:00:00Z'),
    ('01900000-0000-7000-8000-00000000511c', 'retention', NULL, 'licence', NULL, NULL, 'granted', 30, 'years', '1996-10-01', '案卷保管期限（推定值）', true, 1, '2024-01-01T00:00:00Z');

GRANT SELECT, INSERT, UPDATE ON cases.legal_settings TO zhifa_cases;

------------------------------------------------------------------------------------------------ checks and what they found
-- What was last computed of each file: kept for lists, counts and neighbours. The rules themselves run in the service.
CREATE TABLE cases.legal_checks (
    case_file_id uuid CONSTRAINT pk_legal_checks PRIMARY KEY
        CONSTRAINT fk_legal_checks_case_file_id REFERENCES cases.case_files (id),
    district_id uuid NOT NULL CONSTRAINT fk_legal_checks_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_legal_checks_unit_id REFERENCES directory.units (id),
    case_version integer NOT NULL,
    basis text NOT NULL,
    good_until date,
    officers uuid[] NOT NULL,
    archive_due_on date,
    retention_until date,
    permanent boolean NOT NULL,
    checked_at timestamptz NOT NULL
);
CREATE INDEX ix_legal_checks_district_id_basis ON cases.legal_checks (district_id, basis);
CREATE INDEX ix_legal_checks_good_until ON cases.legal_checks (district_id, good_until) WHERE good_until IS NOT NULL;
CREATE INDEX ix_legal_checks_retention_until ON cases.legal_checks (district_id, retention_until) WHERE retention_until IS NOT NULL;
CREATE INDEX ix_legal_checks_archive_due_on ON cases.legal_checks (district_id, archive_due_on) WHERE archive_due_on IS NOT NULL;
CREATE INDEX ix_legal_checks_officers ON cases.legal_checks USING gin (officers);

CREATE TABLE cases.defects (
    id uuid CONSTRAINT pk_defects PRIMARY KEY,
    case_file_id uuid NOT NULL CONSTRAINT fk_defects_case_file_id REFERENCES cases.legal_checks (case_file_id),
    district_id uuid NOT NULL CONSTRAINT fk_defects_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_defects_unit_id REFERENCES directory.units (id),
    rule text NOT NULL,
    result text NOT NULL,
    level text NOT NULL,
    findings jsonb NOT NULL,
    missing text[] NOT NULL,
    mark text NOT NULL,
    found_at timestamptz NOT NULL,
    CONSTRAINT ck_defects_result CHECK (result IN ('found', 'undecidable')),
    CONSTRAINT ck_defects_level CHECK (level IN ('veto', 'major', 'minor')),
    CONSTRAINT uq_defects_case_file_id_rule UNIQUE (case_file_id, rule)
);
CREATE INDEX ix_defects_district_id_result_found_at ON cases.defects (district_id, result, found_at, id);
CREATE INDEX ix_defects_unit_id_result_found_at ON cases.defects (unit_id, result, found_at, id);

CREATE TABLE cases.deadlines (
    id uuid CONSTRAINT pk_deadlines PRIMARY KEY,
    case_file_id uuid NOT NULL CONSTRAINT fk_deadlines_case_file_id REFERENCES cases.legal_checks (case_file_id),
    district_id uuid NOT NULL CONSTRAINT fk_deadlines_district_id REFERENCES directory.units (id),
    unit_id uuid NOT NULL CONSTRAINT fk_deadlines_unit_id REFERENCES directory.units (id),
    act text NOT NULL,
    due_on date NOT NULL
);
CREATE INDEX ix_deadlines_case_file_id ON cases.deadlines (case_file_id);
CREATE INDEX ix_deadlines_district_id_due_on ON cases.deadlines (district_id, due_on, id);
CREATE INDEX ix_deadlines_unit_id_due_on ON cases.deadlines (unit_id, due_on, id);

-- Somebody answers for leaving a defect as it is, or takes that back; both stay for ever. `mark` names what was overridden.
CREATE TABLE cases.defect_overrides (
    id uuid CONSTRAINT pk_defect_overrides PRIMARY KEY,
    case_file_id uuid NOT NULL CONSTRAINT fk_defect_overrides_case_file_id REFERENCES cases.case_files (id),
    rule text NOT NULL,
    mark text NOT NULL,
    action text NOT NULL,
    reason text NOT NULL,
    account_id uuid NOT NULL,
    account_name text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT ck_defect_overrides_action CHECK (action IN ('override', 'withdraw'))
);
CREATE INDEX ix_defect_overrides_case_file_id ON cases.defect_overrides (case_file_id, rule, recorded_at, id);
SELECT kit.make_append_only('cases.defect_overrides');

-- Files whose check is behind them. Filled by whatever touches a file, so no feature can forget it; `turn` tells a change that
-- comes while the file is being checked from the one being checked.
CREATE TABLE cases.legal_check_queue (
    case_file_id uuid CONSTRAINT pk_legal_check_queue PRIMARY KEY,
    district_id uuid NOT NULL,
    turn uuid NOT NULL
);
CREATE INDEX ix_legal_check_queue_district_id ON cases.legal_check_queue (district_id);

CREATE FUNCTION cases.queue_legal_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases.legal_check_queue (case_file_id, district_id, turn)
    SELECT f.id, f.district_id, gen_random_uuid() FROM changed f ORDER BY f.id
    ON CONFLICT (case_file_id) DO UPDATE SET turn = EXCLUDED.turn;
    RETURN NULL;
END $$;
CREATE TRIGGER queue_new AFTER INSERT ON cases.case_files REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases.queue_legal_check();
CREATE TRIGGER queue_changed AFTER UPDATE ON cases.case_files REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION cases.queue_legal_check();

-- What the published facts of an officer were when files were last checked by them.
CREATE TABLE cases.officer_marks (
    officer_id uuid CONSTRAINT pk_officer_marks PRIMARY KEY,
    mark text NOT NULL
);

-- What stands: a file's defects as computed from its present version, with whoever answers for them. Rows of files that wait
-- for their check are left out, so a reader never sees what no longer holds.
CREATE VIEW published.case_defects AS
SELECT d.id, d.district_id, d.unit_id, d.case_file_id, f.case_no, f.kind AS case_kind, f.state AS case_state, d.rule, d.level,
       d.findings, d.found_at, coalesce(o.action = 'override' AND o.mark = d.mark, false) AS overridden
FROM cases.defects d
JOIN cases.legal_checks k ON k.case_file_id = d.case_file_id
JOIN cases.case_files f ON f.id = d.case_file_id AND f.version = k.case_version
LEFT JOIN LATERAL (
    SELECT o.action, o.mark FROM cases.defect_overrides o
    WHERE o.case_file_id = d.case_file_id AND o.rule = d.rule ORDER BY o.recorded_at DESC, o.id DESC LIMIT 1
) o ON true
WHERE d.result = 'found' AND NOT EXISTS (SELECT FROM cases.legal_check_queue q WHERE q.case_file_id = d.case_file_id);

CREATE VIEW published.case_deadlines AS
SELECT l.id, l.district_id, l.unit_id, l.case_file_id, f.case_no, f.officers, l.act, l.due_on
FROM cases.deadlines l
JOIN cases.legal_checks k ON k.case_file_id = l.case_file_id
JOIN cases.case_files f ON f.id = l.case_file_id AND f.version = k.case_version;

GRANT SELECT ON published.case_defects, published.case_deadlines TO zhifa_cases, zhifa_tasks;
GRANT SELECT, INSERT, UPDATE, DELETE ON cases.legal_checks, cases.defects, cases.deadlines, cases.legal_check_queue,
    cases.officer_marks TO zhifa_cases;
GRANT SELECT, INSERT ON cases.defect_overrides TO zhifa_cases;
