-- Up Migration

-- People who run the service. E-mail addresses are kept in lower case.
CREATE TABLE admins (
  id text PRIMARY KEY,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'admin', 'super_admin')),
  -- bcrypt
  password_hash text NOT NULL,
  -- TOTP secret under the edge's admin key ring with the admin's id as additional data; asked for once it was confirmed
  totp_key_ring_id text,
  totp_secret bytea,
  totp_confirmed_at timestamptz,
  -- the newest time step whose code was used: no code works twice
  totp_used_step bigint,
  -- SHA-256 (hex) of the recovery codes that are left
  recovery_code_hashes text[] NOT NULL DEFAULT '{}',
  -- wrong log-ins since the last good one, and until when none is tried
  failed_log_ins integer NOT NULL DEFAULT 0,
  locked_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  disabled_at timestamptz
);

-- One per log-in: the family of refresh tokens that came of it. Only hashes of tokens are kept.
CREATE TABLE admin_sessions (
  id text PRIMARY KEY,
  admin_id text NOT NULL REFERENCES admins (id),
  token_hash text NOT NULL,
  -- the token before: two tabs may present it for a moment after the rotation, later it is a stolen one
  previous_token_hash text,
  rotated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_reason text,
  address text,
  user_agent text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX admin_sessions_admin_id_idx ON admin_sessions (admin_id, created_at DESC);

-- Who changed what. Rows are only ever added.
CREATE TABLE audit_logs (
  id text PRIMARY KEY,
  occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- NULL where nobody was proven: a log-in that failed
  admin_id text REFERENCES admins (id),
  action text NOT NULL,
  -- what it was done to: an id, or an e-mail address
  target text,
  customer_id text REFERENCES customers (id),
  address text,
  request_id text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_logs_occurred_at_idx ON audit_logs (occurred_at DESC, id DESC);
CREATE INDEX audit_logs_admin_id_idx ON audit_logs (admin_id, occurred_at DESC);
CREATE INDEX audit_logs_target_idx ON audit_logs (target, occurred_at DESC);

-- Down Migration

DROP TABLE audit_logs;
DROP TABLE admin_sessions;
DROP TABLE admins;
