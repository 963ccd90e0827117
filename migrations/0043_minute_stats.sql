-- Up Migration

-- What the whole service sent and received per minute, counted once when the minute is over: charts read these rows and
-- never messages or events.
CREATE TABLE minute_stats (
  minute timestamptz PRIMARY KEY,
  sent integer NOT NULL,
  received integer NOT NULL,
  -- by our fault or WhatsApp's: without those that were cancelled or have no WhatsApp account
  failed integer NOT NULL,
  -- how many were sent in how long after their acceptance: by the bounds of core/rules/latency.ts
  latency integer[] NOT NULL
);

-- Down Migration

DROP TABLE minute_stats;
