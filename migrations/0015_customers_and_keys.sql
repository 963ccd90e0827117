-- Up Migration

-- The tables of the admin API: newest first, by status or plan, and by the beginning of the name. A COLLATE "C" index
-- serves both the range of a beginning and the order, whatever collation the database has.
CREATE INDEX customers_created_at_idx ON customers (created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX customers_status_idx ON customers (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX customers_plan_idx ON customers (plan, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX customers_name_idx ON customers (lower(name) COLLATE "C", id) WHERE deleted_at IS NULL;

-- Written at most once an hour.
ALTER TABLE api_keys ADD COLUMN last_used_at timestamptz;
-- Networks in CIDR form that the key may be used from; NULL is everywhere.
ALTER TABLE api_keys ADD COLUMN allowed_addresses text[];

-- Down Migration

ALTER TABLE api_keys DROP COLUMN allowed_addresses;
ALTER TABLE api_keys DROP COLUMN last_used_at;
DROP INDEX customers_name_idx;
DROP INDEX customers_plan_idx;
DROP INDEX customers_status_idx;
DROP INDEX customers_created_at_idx;
