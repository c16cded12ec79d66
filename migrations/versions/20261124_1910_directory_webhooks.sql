------------------------------------------------------------------------------------------------ webhooks
CREATE TABLE directory.webhook_endpoints (
    id uuid CONSTRAINT pk_webhook_endpoints PRIMARY KEY,
    -- The account or machine client with whose eyes the feed is read for this endpoint.
    owner_id uuid NOT NULL,
    owner_kind text NOT NULL CONSTRAINT ck_webhook_endpoints_owner_kind CHECK (owner_kind IN ('account', 'client')),
    district_id uuid CONSTRAINT fk_webhook_endpoints_district_id REFERENCES directory.units (id),
    url text NOT NULL,
    description text,
    event_types text[] NOT NULL,
    unit_id uuid CONSTRAINT fk_webhook_endpoints_unit_id REFERENCES directory.units (id),
    state text NOT NULL CONSTRAINT ck_webhook_endpoints_state CHECK (state IN ('enabled', 'disabled')),
    disabled_why text CONSTRAINT ck_webhook_endpoints_disabled_why
        CHECK (disabled_why IN ('asked', 'gone', 'failing', 'owner_inactive')),
    disabled_at timestamptz,
    -- Sealed; the one before is told of in signatures until its time is over.
    secret bytea NOT NULL,
    previous_secret bytea,
    previous_until timestamptz,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ck_webhook_endpoints_disabled CHECK ((state = 'disabled') = (disabled_why IS NOT NULL)),
    CONSTRAINT ck_webhook_endpoints_previous CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
);
CREATE INDEX ix_webhook_endpoints_owner_id_created_at ON directory.webhook_endpoints (owner_id, created_at, id);
CREATE INDEX ix_webhook_endpoints_district_id_created_at ON directory.webhook_endpoints (district_id, created_at, id);

-- How far each endpoint has come. Apart from the endpoint, so that its version changes only when somebody changes it.
CREATE TABLE directory.webhook_progress (
    endpoint_id uuid CONSTRAINT pk_webhook_progress PRIMARY KEY
        CONSTRAINT fk_webhook_progress_endpoint_id REFERENCES directory.webhook_endpoints (id) ON DELETE CASCADE,
    -- Place in the feed up to which messages have become deliveries.
    position bigint NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    last_delivered_at timestamptz,
    paused_until timestamptz,
    -- Who works on this endpoint, and until when nobody else does.
    lease uuid,
    leased_until timestamptz
);

CREATE TABLE directory.webhook_deliveries (
    id uuid CONSTRAINT pk_webhook_deliveries PRIMARY KEY,
    endpoint_id uuid NOT NULL
        CONSTRAINT fk_webhook_deliveries_endpoint_id REFERENCES directory.webhook_endpoints (id) ON DELETE CASCADE,
    -- The `webhook-id` of every attempt: that of the message, so that receivers know a repeat.
    message_id uuid NOT NULL,
    -- Place in the feed; a test has none.
    sequence bigint,
    kind text NOT NULL,
    object_type text,
    object_id uuid,
    state text NOT NULL
        CONSTRAINT ck_webhook_deliveries_state CHECK (state IN ('pending', 'delivered', 'failed', 'withdrawn')),
    attempts integer NOT NULL,
    first_attempted_at timestamptz,
    last_attempted_at timestamptz,
    next_attempt_at timestamptz,
    delivered_at timestamptz,
    response_status integer,
    response_excerpt text,
    error text,
    milliseconds integer,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_webhook_deliveries_endpoint_id_message_id UNIQUE (endpoint_id, message_id),
    CONSTRAINT ck_webhook_deliveries_next CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL))
);
CREATE INDEX ix_webhook_deliveries_created_at ON directory.webhook_deliveries (created_at, id);
CREATE INDEX ix_webhook_deliveries_endpoint_id_created_at ON directory.webhook_deliveries (endpoint_id, created_at, id);
CREATE INDEX ix_webhook_deliveries_pending ON directory.webhook_deliveries (endpoint_id, sequence) WHERE state = 'pending';
CREATE INDEX ix_webhook_deliveries_pending_object
    ON directory.webhook_deliveries (endpoint_id, object_id, sequence) WHERE state = 'pending';

GRANT SELECT, INSERT, UPDATE, DELETE
    ON directory.webhook_endpoints, directory.webhook_progress, directory.webhook_deliveries TO zhifa_directory;
