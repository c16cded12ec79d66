-- Copies of documents in which unit, officers and party are blacked out, for reviewers of rounds with hidden units.
CREATE TABLE cases.redacted_copies (
    id uuid CONSTRAINT pk_redacted_copies PRIMARY KEY,
    document_id uuid NOT NULL CONSTRAINT fk_redacted_copies_document_id REFERENCES cases.case_documents (id),
    attachment_id uuid NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_redacted_copies_document_id_created_at ON cases.redacted_copies (document_id, created_at, id);
SELECT kit.make_append_only('cases.redacted_copies');
GRANT SELECT, INSERT ON cases.redacted_copies TO zhifa_cases;
