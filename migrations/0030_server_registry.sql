-- Up Migration

-- What is known of the machine; NULL where nobody told.
ALTER TABLE servers ADD COLUMN ip_address text;
ALTER TABLE servers ADD COLUMN provider text;
ALTER TABLE servers ADD COLUMN cpu_cores integer;
ALTER TABLE servers ADD COLUMN ram_gb integer;
ALTER TABLE servers ADD COLUMN cost_per_month numeric;
-- Why it has its status, in words for people.
ALTER TABLE servers ADD COLUMN status_reason text;
ALTER TABLE servers ADD CONSTRAINT servers_cpu_cores_check CHECK (cpu_cores BETWEEN 1 AND 128);
ALTER TABLE servers ADD CONSTRAINT servers_ram_gb_check CHECK (ram_gb BETWEEN 1 AND 1024);
-- Two spellings of one name are one name; that of a deleted server is free again.
ALTER TABLE servers DROP CONSTRAINT servers_name_key;
CREATE UNIQUE INDEX servers_name_idx ON servers (lower(name) COLLATE "C") WHERE deleted_at IS NULL;

-- Down Migration

DROP INDEX servers_name_idx;
UPDATE servers SET name = id WHERE deleted_at IS NOT NULL;
ALTER TABLE servers ADD CONSTRAINT servers_name_key UNIQUE (name);
ALTER TABLE servers DROP COLUMN status_reason;
ALTER TABLE servers DROP COLUMN cost_per_month;
ALTER TABLE servers DROP COLUMN ram_gb;
ALTER TABLE servers DROP COLUMN cpu_cores;
ALTER TABLE servers DROP COLUMN provider;
ALTER TABLE servers DROP COLUMN ip_address;
