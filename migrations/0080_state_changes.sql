-- Up Migration

-- What states an instance has had, newest first: few among all that its messages tell.
CREATE INDEX events_state_changes_idx ON events (instance_id, sequence DESC) WHERE type = 'instance.state_changed';

-- Down Migration

DROP INDEX events_state_changes_idx;
