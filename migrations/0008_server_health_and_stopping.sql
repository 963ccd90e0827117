-- Up Migration

-- Set by a worker run that is about to end, cleared by the next one: a server that hands its instances over takes none.
ALTER TABLE servers ADD COLUMN stopping boolean NOT NULL DEFAULT false;
-- What the worker's run says of itself at each renewal. It informs placement, never takeover: leases alone do that.
ALTER TABLE servers ADD COLUMN health text NOT NULL DEFAULT 'healthy';
ALTER TABLE servers ADD CONSTRAINT servers_health_check CHECK (health IN ('healthy', 'degraded'));
-- Who owns an instance is asked by incarnation.
CREATE INDEX servers_incarnation_idx ON servers (incarnation) WHERE incarnation IS NOT NULL;

-- Down Migration

DROP INDEX servers_incarnation_idx;
ALTER TABLE servers DROP COLUMN health;
ALTER TABLE servers DROP COLUMN stopping;
