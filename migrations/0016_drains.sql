-- Up Migration

-- What a drain began with, so that its progress can be told: set when the status becomes `draining`, empty otherwise.
ALTER TABLE servers ADD COLUMN drain_started_at timestamptz;
ALTER TABLE servers ADD COLUMN drain_instances integer;

-- Down Migration

ALTER TABLE servers DROP COLUMN drain_instances;
ALTER TABLE servers DROP COLUMN drain_started_at;
