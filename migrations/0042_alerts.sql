-- Up Migration

-- What operators should see to, and saw to. Its cause is looked for each minute.
CREATE TABLE alerts (
  id text PRIMARY KEY,
  kind text NOT NULL,
  -- what it is about: an id, or the name of a neighbour
  subject text NOT NULL,
  customer_id text REFERENCES customers (id),
  -- the cause as it was last seen
  details jsonb NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  acknowledged_at timestamptz,
  acknowledged_by text REFERENCES admins (id),
  resolved_at timestamptz,
  -- NULL where the cause went by itself
  resolved_by text REFERENCES admins (id),
  -- when the operator's webhook took the news of either, and when one of them last failed
  opened_told_at timestamptz,
  resolved_told_at timestamptz,
  tried_at timestamptz
);
-- one at most of a kind and a subject
CREATE UNIQUE INDEX alerts_unresolved_idx ON alerts (kind, subject) WHERE resolved_at IS NULL;
CREATE INDEX alerts_opened_at_idx ON alerts (opened_at DESC, id DESC);
CREATE INDEX alerts_untold_idx ON alerts (tried_at, opened_at)
  WHERE opened_told_at IS NULL OR (resolved_at IS NOT NULL AND resolved_told_at IS NULL);
-- retention
CREATE INDEX alerts_resolved_at_idx ON alerts (resolved_at) WHERE resolved_at IS NOT NULL;

-- what alerts are made of: each is looked for every minute, and few rows have it
CREATE INDEX instances_banned_idx ON instances (state_changed_at) WHERE state = 'banned';
CREATE INDEX webhook_endpoints_disabled_idx ON webhook_endpoints (id)
  WHERE disabled_reason IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX usage_days_day_idx ON usage_days (day);

-- Down Migration

DROP INDEX usage_days_day_idx;
DROP INDEX webhook_endpoints_disabled_idx;
DROP INDEX instances_banned_idx;
DROP TABLE alerts;
