-- Up Migration

CREATE TABLE events (
  id text PRIMARY KEY,
  customer_id text NOT NULL REFERENCES customers (id),
  instance_id text REFERENCES instances (id),
  -- counts per instance without gaps; NULL for events that belong to none
  sequence bigint,
  type text NOT NULL,
  data jsonb NOT NULL,
  occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- orders the customer-wide feed: rows are shown only when every older transaction has ended, so that one that
  -- commits late is not skipped
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  UNIQUE (instance_id, sequence)
);
CREATE INDEX events_feed_idx ON events (customer_id, xid, id);

CREATE TABLE webhook_endpoints (
  id text PRIMARY KEY,
  customer_id text NOT NULL REFERENCES customers (id),
  url text NOT NULL,
  description text,
  -- event types, or {*}
  events text[] NOT NULL,
  -- only events of this instance when set
  instance_id text REFERENCES instances (id),
  -- the signing secret under the webhook key ring, with the endpoint's id as additional data
  key_ring_id text NOT NULL,
  secret bytea NOT NULL,
  status text NOT NULL DEFAULT 'enabled' CHECK (status IN ('enabled', 'disabled')),
  disabled_reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
CREATE INDEX webhook_endpoints_customer_id_idx ON webhook_endpoints (customer_id, created_at DESC, id DESC)
  WHERE deleted_at IS NULL;

-- One event on its way to one endpoint. A lane is (endpoint, lane): its deliveries go out one after the other.
CREATE TABLE deliveries (
  event_id text NOT NULL REFERENCES events (id),
  endpoint_id text NOT NULL REFERENCES webhook_endpoints (id),
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
  customer_id text NOT NULL REFERENCES customers (id),
  -- instance and chat, so that events of one chat stay in order
  lane text NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead', 'dropped')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- a dispatcher owns the delivery until this moment; then anybody may claim it again
  claim_token text,
  claimed_until timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (event_id, endpoint_id)
);
CREATE INDEX deliveries_lane_idx ON deliveries (endpoint_id, lane, seq) WHERE status = 'pending';

CREATE TABLE delivery_attempts (
  event_id text NOT NULL,
  endpoint_id text NOT NULL,
  attempt integer NOT NULL,
  attempted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  duration_ms integer NOT NULL,
  -- HTTP status, or NULL with an error when there was no answer
  status integer,
  error text,
  -- the first kilobyte of the answer
  response text,
  PRIMARY KEY (event_id, endpoint_id, attempt),
  FOREIGN KEY (event_id, endpoint_id) REFERENCES deliveries (event_id, endpoint_id)
);

-- Down Migration

DROP TABLE delivery_attempts;
DROP TABLE deliveries;
DROP TABLE webhook_endpoints;
DROP TABLE events;
