-- Up Migration

-- What a customer may do otherwise than its plan says, by the names of the columns of `plans`: a number, or null for
-- without limit. What is absent is the plan's.
ALTER TABLE customers ADD COLUMN limit_overrides jsonb NOT NULL DEFAULT '{}'
  CHECK (jsonb_typeof(limit_overrides) = 'object');

-- Down Migration

ALTER TABLE customers DROP COLUMN limit_overrides;
