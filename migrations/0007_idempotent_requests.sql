-- Up Migration

-- Requests with an Idempotency-Key and what they were answered. Messages keep their keys themselves.
CREATE TABLE idempotent_requests (
  customer_id text NOT NULL REFERENCES customers (id),
  key text NOT NULL,
  request_hash bytea NOT NULL,
  -- whoever acts: until this moment nobody else does
  claim_token text NOT NULL,
  claimed_until timestamptz NOT NULL,
  -- of the answer; NULL while somebody acts
  status integer,
  body jsonb,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (customer_id, key)
);
-- retention
CREATE INDEX idempotent_requests_created_at_idx ON idempotent_requests (created_at);

-- Down Migration

DROP TABLE idempotent_requests;
