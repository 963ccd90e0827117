-- Up Migration

-- What the worker of a server said when it enrolled: the public half of its key (Ed25519, base64url) and its version.
ALTER TABLE servers ADD COLUMN public_key text;
ALTER TABLE servers ADD COLUMN worker_version text;
ALTER TABLE servers ADD COLUMN enrolled_at timestamptz;

-- The newest token by which a worker may enroll once as a server. Only its SHA-256 (hex) is kept.
CREATE TABLE server_enrollments (
  server_id text PRIMARY KEY REFERENCES servers (id),
  token_hash text NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

-- Down Migration

DROP TABLE server_enrollments;
ALTER TABLE servers DROP COLUMN enrolled_at;
ALTER TABLE servers DROP COLUMN worker_version;
ALTER TABLE servers DROP COLUMN public_key;
