-- Up Migration

ALTER TABLE webhook_endpoints
  -- the first failed attempt since one succeeded; NULL while they succeed
  ADD COLUMN failing_since timestamptz,
  -- whether the address was looked up by a worker, or answered one
  ADD COLUMN url_check text NOT NULL DEFAULT 'unverified' CHECK (url_check IN ('verified', 'unverified'));
-- the oldest that waits at an endpoint, and a place in its queue to begin from
CREATE INDEX deliveries_pending_idx ON deliveries (endpoint_id, seq) WHERE status = 'pending';

-- Down Migration

DROP INDEX deliveries_pending_idx;
ALTER TABLE webhook_endpoints
  DROP COLUMN url_check,
  DROP COLUMN failing_since;
