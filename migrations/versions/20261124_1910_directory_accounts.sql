------------------------------------------------------------------------------------------------ accounts
CREATE TABLE directory.accounts (
    id uuid CONSTRAINT pk_accounts PRIMARY KEY,
    username text NOT NULL CONSTRAINT uq_accounts_username UNIQUE,
    display_name text NOT NULL,
    roles text[] NOT NULL,
    unit_id uuid CONSTRAINT fk_accounts_unit_id REFERENCES directory.units (id),
    state text NOT NULL CONSTRAINT ck_accounts_state CHECK (state IN ('active', 'disabled')),
    password_hash text NOT NULL,
    must_change_password boolean NOT NULL,
    -- Tokens issued earlier are void; in whole seconds, as tokens are.
    barred_before timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX ix_accounts_unit_id_username ON directory.accounts (unit_id, username, id);

CREATE VIEW published.accounts AS
SELECT id, unit_id, display_name, roles, state = 'active' AS active FROM directory.accounts;
GRANT SELECT ON published.accounts TO zhifa_directory, zhifa_tasks, zhifa_cases, zhifa_training;
GRANT SELECT, INSERT, UPDATE ON directory.accounts TO zhifa_directory;

------------------------------------------------------------------------------------------------ machine clients
CREATE TABLE directory.clients (
    id uuid CONSTRAINT pk_clients PRIMARY KEY,
    client_id text NOT NULL CONSTRAINT uq_clients_client_id UNIQUE,
    name text NOT NULL,
    roles text[] NOT NULL,
    unit_id uuid CONSTRAINT fk_clients_unit_id REFERENCES directory.units (id),
    state text NOT NULL CONSTRAINT ck_clients_state CHECK (state IN ('active', 'disabled')),
    secret_hash bytea NOT NULL,
    barred_before timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON directory.clients TO zhifa_directory;

------------------------------------------------------------------------------------------------ sessions
CREATE TABLE directory.sessions (
    id uuid CONSTRAINT pk_sessions PRIMARY KEY,
    account_id uuid NOT NULL CONSTRAINT fk_sessions_account_id REFERENCES directory.accounts (id),
    created_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_how text,
    address text,
    access_jti uuid NOT NULL,
    version integer NOT NULL
);
CREATE INDEX ix_sessions_account_id_created_at ON directory.sessions (account_id, created_at, id);

-- Refresh tokens by their SHA-256. A used one stays known, so that its second use is seen.
CREATE TABLE directory.refresh_tokens (
    token_hash bytea CONSTRAINT pk_refresh_tokens PRIMARY KEY,
    session_id uuid NOT NULL CONSTRAINT fk_refresh_tokens_session_id REFERENCES directory.sessions (id),
    issued_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX ix_refresh_tokens_session_id ON directory.refresh_tokens (session_id);

-- Failures of the last minutes, per account and per address.
CREATE TABLE directory.sign_in_attempts (
    id uuid CONSTRAINT pk_sign_in_attempts PRIMARY KEY,
    subject text NOT NULL,
    failed_at timestamptz NOT NULL
);
CREATE INDEX ix_sign_in_attempts_subject_failed_at ON directory.sign_in_attempts (subject, failed_at);
CREATE INDEX ix_sign_in_attempts_failed_at ON directory.sign_in_attempts (failed_at);

GRANT SELECT, INSERT, UPDATE ON directory.sessions, directory.refresh_tokens TO zhifa_directory;
GRANT SELECT, INSERT, DELETE ON directory.sign_in_attempts TO zhifa_directory;
