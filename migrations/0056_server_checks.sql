-- Up Migration

-- What the edge found at the newest call of each worker's /health: apart from servers, whose rows workers renew every few
-- seconds.
CREATE TABLE server_checks (
  server_id text PRIMARY KEY REFERENCES servers (id),
  grade text NOT NULL CHECK (grade IN ('healthy', 'degraded', 'unhealthy')),
  -- contracts/server-checks.ts; NULL where nothing is wrong
  reason text,
  took_ms integer NOT NULL,
  checked_at timestamptz NOT NULL,
  -- of the grade
  since timestamptz NOT NULL
);

-- Down Migration

DROP TABLE server_checks;
