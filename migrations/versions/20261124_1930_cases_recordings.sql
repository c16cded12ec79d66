-- Index of the recordings of a case: what was recorded at which stage, and where it lies.
CREATE TABLE cases.case_recordings (
    id uuid CONSTRAINT pk_case_recordings PRIMARY KEY,
    case_file_id uuid NOT NULL CONSTRAINT fk_case_recordings_case_file_id REFERENCES cases.case_files (id),
    stage text NOT NULL,
    medium text NOT NULL,
    title text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    device_no text,
    kept_at text,
    sha256 text,
    attachment_id uuid,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_case_recordings_case_file_id_started_at ON cases.case_recordings (case_file_id, started_at, id);
SELECT kit.make_append_only('cases.case_recordings');
GRANT SELECT, INSERT ON cases.case_recordings TO zhifa_cases;
