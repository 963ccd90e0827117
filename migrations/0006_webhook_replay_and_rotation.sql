-- Up Migration

-- The secret before the last rotation: it signs too until its time is over.
ALTER TABLE webhook_endpoints
  ADD COLUMN previous_key_ring_id text,
  ADD COLUMN previous_secret bytea,
  ADD COLUMN previous_secret_until timestamptz;
-- Attempts made before the last replay: the schedule of retries begins anew there, while attempts go on counting.
ALTER TABLE deliveries ADD COLUMN attempts_before integer NOT NULL DEFAULT 0;
CREATE INDEX deliveries_list_idx ON deliveries (endpoint_id, seq DESC);
-- replay of what happened in a time
CREATE INDEX events_occurred_at_idx ON events (customer_id, occurred_at);

-- Down Migration

DROP INDEX events_occurred_at_idx;
DROP INDEX deliveries_list_idx;
ALTER TABLE deliveries DROP COLUMN attempts_before;
ALTER TABLE webhook_endpoints
  DROP COLUMN previous_key_ring_id,
  DROP COLUMN previous_secret,
  DROP COLUMN previous_secret_until;
