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
