-- Up Migration

-- Which run of a worker claimed a delivery: the claim ends with that run's lease, so that what a dead worker had on its way
-- goes on at once. Null on what was claimed before this column: that ends at claimed_until, as it did.
ALTER TABLE deliveries ADD COLUMN claimed_by text;

-- Down Migration

ALTER TABLE deliveries DROP COLUMN claimed_by;
