-- Up Migration

CREATE TABLE messages (
  id text PRIMARY KEY,
  -- order of acceptance: per chat, messages leave in it, and lists are read by it
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
  customer_id text NOT NULL REFERENCES customers (id),
  instance_id text NOT NULL REFERENCES instances (id),
  direction text NOT NULL CHECK (direction IN ('outbound', 'inbound')),
  -- the conversation and who wrote in it: E.164 where the number is known, else WhatsApp's address
  chat text NOT NULL,
  sender text NOT NULL,
  -- chosen at acceptance for outbound messages and never changed: recipients drop a second message with the same id
  wa_message_id text NOT NULL,
  type text NOT NULL,
  content jsonb NOT NULL,
  context_message_id text,
  status text NOT NULL CHECK (
    status IN ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'expired', 'cancelled', 'received')
  ),
  failure text,
  -- of the request that created it (outbound)
  idempotency_key text,
  request_hash bytea,
  attempts integer NOT NULL DEFAULT 0,
  not_before timestamptz,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz
);
-- idempotency: one message per customer and key
CREATE UNIQUE INDEX messages_idempotency_key_idx ON messages (customer_id, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
-- a message is one message however often WhatsApp delivers it; also finds a message by what a receipt names
CREATE UNIQUE INDEX messages_wa_message_id_idx ON messages (instance_id, wa_message_id, chat, sender);
-- the outbox: what is still to be sent, chat by chat
CREATE INDEX messages_outbox_idx ON messages (instance_id, chat, seq) WHERE status IN ('queued', 'sending');
CREATE INDEX messages_list_idx ON messages (instance_id, seq DESC);

-- Down Migration

DROP TABLE messages;
