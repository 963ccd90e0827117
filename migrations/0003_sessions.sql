-- Up Migration

-- Credentials of a session, encrypted by the instance's data key; the data key is wrapped by a key ring that only
-- workers hold.
CREATE TABLE session_credentials (
  instance_id text PRIMARY KEY REFERENCES instances (id),
  key_ring_id text NOT NULL,
  wrapped_data_key bytea NOT NULL,
  -- NULL while only keys are stored: a device makes keys before it is paired
  credentials bytea,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Signal keys (pre-keys, sessions, sender keys, device lists ...), each encrypted under the instance's data key with
-- (instance, type, key id) as additional data, so that a value cannot be moved to another row.
CREATE TABLE session_keys (
  instance_id text NOT NULL REFERENCES instances (id),
  type text NOT NULL,
  id text NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (instance_id, type, id)
);

-- What was decrypted, written in the same transaction as the ratchet that decrypted it and before WhatsApp gets the
-- receipt. A redelivered ciphertext is answered from here.
CREATE TABLE inbound_journal (
  instance_id text NOT NULL REFERENCES instances (id),
  ciphertext_hash bytea NOT NULL,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  -- NULL for what carries no message of its own
  wa_message_id text,
  -- attributes of the stanza around the ciphertext
  stanza jsonb NOT NULL,
  plaintext bytea NOT NULL,
  epoch bigint NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  projected_at timestamptz,
  PRIMARY KEY (instance_id, ciphertext_hash)
);
CREATE INDEX inbound_journal_unprojected_idx ON inbound_journal (instance_id, seq) WHERE projected_at IS NULL;

-- Down Migration

DROP TABLE inbound_journal;
DROP TABLE session_keys;
DROP TABLE session_credentials;
