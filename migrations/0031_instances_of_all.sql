-- Up Migration

-- The table of all customers' instances: newest first, by state, by the beginning of the name, and by number.
CREATE INDEX instances_created_at_idx ON instances (created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX instances_state_idx ON instances (state, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX instances_name_idx ON instances (lower(name) COLLATE "C", id) WHERE deleted_at IS NULL;
CREATE INDEX instances_phone_number_idx ON instances (phone_number) WHERE deleted_at IS NULL;

-- Down Migration

DROP INDEX instances_phone_number_idx;
DROP INDEX instances_name_idx;
DROP INDEX instances_state_idx;
DROP INDEX instances_created_at_idx;
