-- Up Migration

-- What can be bought. NULL is unlimited. Quotas are counted against these rows; contracts/plans.ts repeats the figures
-- for the edge's rate limits and a test compares the two.
CREATE TABLE plans (
  name text PRIMARY KEY,
  requests_per_minute integer,
  requests_per_hour integer,
  requests_per_day integer,
  messages_per_day integer,
  instances integer
);

INSERT INTO plans VALUES
  ('basic', 60, 1000, 10000, 1000, 1),
  ('pro', 300, 5000, 50000, 5000, 3),
  ('business', 600, 15000, 150000, 20000, 10),
  ('enterprise', NULL, NULL, NULL, NULL, NULL);

CREATE TABLE customers (
  id text PRIMARY KEY,
  name text NOT NULL,
  plan text NOT NULL REFERENCES plans (name),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);

CREATE TABLE api_keys (
  id text PRIMARY KEY,
  customer_id text NOT NULL REFERENCES customers (id),
  -- the part of the key that is not secret; a key is found by it
  public_id text NOT NULL UNIQUE,
  -- bcrypt of the whole key
  secret_hash text NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL,
  default_instance_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_keys_customer_id_idx ON api_keys (customer_id);

-- Accepted messages per customer and UTC day. The quota stands in the row, so that the CHECK refuses the message that
-- would be one too many inside the accepting transaction, however many run at once.
CREATE TABLE usage_days (
  customer_id text NOT NULL REFERENCES customers (id),
  day date NOT NULL,
  messages integer NOT NULL DEFAULT 0,
  quota integer,
  PRIMARY KEY (customer_id, day),
  CONSTRAINT usage_days_within_quota CHECK (quota IS NULL OR messages <= quota)
);

-- Down Migration

DROP TABLE usage_days;
DROP TABLE api_keys;
DROP TABLE customers;
DROP TABLE plans;
