-- Up Migration

-- How each server does, per minute. Its worker adds what it measures, the edge what the event log tells of the messages of
-- the instances that are placed there.
CREATE TABLE server_minutes (
  server_id text NOT NULL REFERENCES servers (id),
  at timestamptz NOT NULL,
  -- Of the machine: shares are 0 to 1; NULL where its worker did not tell.
  cpu real,
  memory real,
  disk real,
  -- bytes in this time
  network_in bigint,
  network_out bigint,
  -- how late the event loop of the worker was, 99 times of 100 less
  event_loop_lag_ms real,
  -- connected to WhatsApp
  sessions real,
  sent integer NOT NULL DEFAULT 0,
  received integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  -- as in minute_stats
  latency integer[],
  PRIMARY KEY (server_id, at)
);
CREATE INDEX server_minutes_at_idx ON server_minutes (at);

-- The same per hour, which is kept for longer.
CREATE TABLE server_hours (
  server_id text NOT NULL REFERENCES servers (id),
  at timestamptz NOT NULL,
  -- Of the machine: shares are 0 to 1; NULL where its worker did not tell.
  cpu real,
  memory real,
  disk real,
  -- bytes in this time
  network_in bigint,
  network_out bigint,
  -- how late the event loop of the worker was, 99 times of 100 less
  event_loop_lag_ms real,
  -- connected to WhatsApp
  sessions real,
  sent integer NOT NULL DEFAULT 0,
  received integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  -- as in minute_stats
  latency integer[],
  PRIMARY KEY (server_id, at)
);
CREATE INDEX server_hours_at_idx ON server_hours (at);

-- Down Migration

DROP TABLE server_hours;
DROP TABLE server_minutes;
