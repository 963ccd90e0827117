-- Up Migration

ALTER TABLE instances
  -- pace of first messages to chats that the instance never exchanged one with; NULL is the workers' default
  ADD COLUMN new_chats_per_minute integer,
  -- WhatsApp restricted the account: nothing leaves to such chats until then
  ADD COLUMN new_chats_held_until timestamptz,
  -- WhatsApp said "too fast": everything leaves slower until then
  ADD COLUMN slowed_until timestamptz,
  ADD CONSTRAINT instances_new_chats_per_minute_check CHECK (new_chats_per_minute > 0);
-- chats in which a message was exchanged
CREATE INDEX messages_exchanged_idx ON messages (instance_id, chat)
  WHERE status IN ('sent', 'delivered', 'read', 'received');

-- Down Migration

DROP INDEX messages_exchanged_idx;
ALTER TABLE instances
  DROP COLUMN new_chats_per_minute,
  DROP COLUMN new_chats_held_until,
  DROP COLUMN slowed_until;
