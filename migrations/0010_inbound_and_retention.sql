-- Up Migration

-- The version of the worker that could not decode a row; it is marked as projected, and a worker of another version looks
-- at it once more.
ALTER TABLE inbound_journal ADD COLUMN undecodable_by text;
CREATE INDEX inbound_journal_undecodable_idx ON inbound_journal (seq) WHERE undecodable_by IS NOT NULL;
-- retention: first the plaintext goes, then the hash
CREATE INDEX inbound_journal_plaintext_idx ON inbound_journal (received_at)
  WHERE projected_at IS NOT NULL AND plaintext <> '';
CREATE INDEX inbound_journal_hash_idx ON inbound_journal (received_at)
  WHERE projected_at IS NOT NULL AND plaintext = '';

-- The phone numbers behind WhatsApp's anonymous addresses, as stanzas told them: one contact is one chat.
CREATE TABLE contact_numbers (
  instance_id text NOT NULL REFERENCES instances (id),
  lid text NOT NULL,
  -- E.164
  phone_number text NOT NULL,
  learned_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (instance_id, lid)
);
-- what still stands under an anonymous address, for the moment when its number becomes known
CREATE INDEX messages_lid_chat_idx ON messages (instance_id, chat) WHERE chat LIKE '%@lid';
CREATE INDEX messages_lid_sender_idx ON messages (instance_id, sender) WHERE sender LIKE '%@lid';

-- Messages that could not be decrypted and the customer was told of. The id is the message's from then on: when its sender
-- sends it again, it is that message.
CREATE TABLE undecryptable_messages (
  instance_id text NOT NULL REFERENCES instances (id),
  wa_message_id text NOT NULL,
  chat text NOT NULL,
  sender text NOT NULL,
  message_id text NOT NULL,
  failed_at timestamptz NOT NULL,
  resolved_at timestamptz,
  PRIMARY KEY (instance_id, wa_message_id, chat, sender)
);
CREATE INDEX undecryptable_messages_failed_at_idx ON undecryptable_messages (failed_at);

-- Retention. Messages are found by their seq.
CREATE INDEX events_retention_idx ON events (occurred_at);
CREATE INDEX delivery_attempts_attempted_at_idx ON delivery_attempts (attempted_at);
CREATE INDEX instances_logged_out_idx ON instances (state_changed_at) WHERE state = 'logged_out';
CREATE INDEX instances_deleted_at_idx ON instances (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX webhook_endpoints_deleted_at_idx ON webhook_endpoints (deleted_at) WHERE deleted_at IS NOT NULL;
-- for the deletion of the instance that they name
CREATE INDEX webhook_endpoints_instance_id_idx ON webhook_endpoints (instance_id) WHERE instance_id IS NOT NULL;
CREATE INDEX api_keys_default_instance_id_idx ON api_keys (default_instance_id) WHERE default_instance_id IS NOT NULL;

-- Down Migration

DROP INDEX api_keys_default_instance_id_idx;
DROP INDEX webhook_endpoints_instance_id_idx;
DROP INDEX webhook_endpoints_deleted_at_idx;
DROP INDEX instances_deleted_at_idx;
DROP INDEX instances_logged_out_idx;
DROP INDEX delivery_attempts_attempted_at_idx;
DROP INDEX events_retention_idx;
DROP TABLE undecryptable_messages;
DROP INDEX messages_lid_sender_idx;
DROP INDEX messages_lid_chat_idx;
DROP TABLE contact_numbers;
DROP INDEX inbound_journal_hash_idx;
DROP INDEX inbound_journal_plaintext_idx;
DROP INDEX inbound_journal_undecodable_idx;
ALTER TABLE inbound_journal DROP COLUMN undecodable_by;
