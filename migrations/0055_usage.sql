-- Up Migration

-- What customers used, per UTC day, beside the accepted messages of usage_days: apart from those, so that no acceptance of a
-- message waits for whoever counts. Requests are counted by the edge, which adds what it remembers every few seconds.
CREATE TABLE request_days (
  customer_id text NOT NULL REFERENCES customers (id),
  day date NOT NULL,
  requests bigint NOT NULL,
  -- of bodies
  bytes_in bigint NOT NULL,
  bytes_out bigint NOT NULL,
  PRIMARY KEY (customer_id, day)
);
CREATE INDEX request_days_day_idx ON request_days (day);

-- Messages that ended or came, counted from the event log together with minute_stats, by where their instance was placed then.
CREATE TABLE message_days (
  customer_id text NOT NULL REFERENCES customers (id),
  day date NOT NULL,
  server_id text NOT NULL REFERENCES servers (id),
  sent integer NOT NULL,
  received integer NOT NULL,
  failed integer NOT NULL,
  -- those of sent and received that are a file
  media_sent integer NOT NULL,
  media_received integer NOT NULL,
  PRIMARY KEY (customer_id, day, server_id)
);
CREATE INDEX message_days_day_idx ON message_days (day);

-- Down Migration

DROP TABLE message_days;
DROP TABLE request_days;
