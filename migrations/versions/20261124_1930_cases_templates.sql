-- Templates of documents (执法文书格式): versions with their elements, in force from a day to another.
CREATE TABLE cases.document_templates (
    id uuid CONSTRAINT pk_document_templates PRIMARY KEY,
    district_id uuid CONSTRAINT fk_document_templates_district_id REFERENCES directory.units (id),
    unit_id uuid CONSTRAINT fk_document_templates_unit_id REFERENCES directory.units (id),
    type text NOT NULL,
    title text NOT NULL,
    elements jsonb NOT NULL,
    reasoned boolean NOT NULL,
    source text,
    in_force_from date NOT NULL,
    in_force_to date,
    state text NOT NULL,
    published_on date,
    public_address text,
    attachment_ids uuid[] NOT NULL,
    reason text,
    created_by uuid,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_document_templates_place CHECK (unit_id IS NULL OR district_id IS NOT NULL),
    CONSTRAINT ck_document_templates_state CHECK (state IN ('draft', 'published', 'superseded', 'repealed', 'dropped')),
    CONSTRAINT ck_document_templates_days CHECK (in_force_to >= in_force_from),
    CONSTRAINT ck_document_templates_published CHECK (state IN ('draft', 'dropped') OR published_on IS NOT NULL)
);
CREATE INDEX ix_document_templates_district_id_in_force_from ON cases.document_templates (district_id, in_force_from, id);
CREATE INDEX ix_document_templates_unit_id_type ON cases.document_templates (unit_id, type);

-- What the law itself asks of two documents holds where a district has laid down no template of its own.
INSERT INTO cases.document_templates (id, type, title, elements, reasoned, source, in_force_from, state, published_on,
    attachment_ids, created_at, version)
VALUES
    ('01900000-0000-7000-8000-000000000201', 'penalty_decision', '行政处罚决定书', '[
        {"key": "party", "title": "当事人的姓名或者名称、地址", "required": true},
        {"key": "facts_and_evidence", "title": "违反法律、法规、规章的事实和证据", "required": true},
        {"key": "kind_and_basis", "title": "处罚的种类和依据", "required": true},
        {"key": "performance", "title": "履行方式和期限", "required": true},
        {"key": "remedies", "title": "复议、诉讼的途径和期限", "required": true},
        {"key": "organ_date_seal", "title": "机关名称、作出日期和印章", "required": true},
        {"key": "discretion", "title": "裁量基准的适用说明", "required": false}]',
        false, '行政处罚法第五十九条；方案任务七', '2021-07-15', 'published', '2021-07-15', '{}', '2024-01-01T00:00:00Z', 1),
    ('01900000-0000-7000-8000-000000000202', 'penalty_notice', '行政处罚事先告知书', '[
        {"key": "proposed_penalty", "title": "拟作出的处罚内容", "required": true},
        {"key": "facts", "title": "事实", "required": true},
        {"key": "reasons", "title": "理由", "required": true},
        {"key": "basis", "title": "依据", "required": true},
        {"key": "rights", "title": "陈述、申辩、要求听证等权利", "required": true}]',
        false, '行政处罚法第四十四条', '2021-07-15', 'published', '2021-07-15', '{}', '2024-01-01T00:00:00Z', 1);
-- Templates laid down in a district, drafts among them; what came with the system is none of them.
CREATE VIEW published.document_templates AS
SELECT id, district_id, unit_id, type, in_force_from, in_force_to, state <> 'draft' AS is_public
FROM cases.document_templates WHERE district_id IS NOT NULL AND state <> 'dropped';
GRANT SELECT ON published.document_templates TO zhifa_cases, zhifa_tasks;
GRANT SELECT, INSERT, UPDATE ON cases.document_templates TO zhifa_cases;
