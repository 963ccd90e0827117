-- Up Migration

-- Where new instances of a customer go: to its own server while that has room, else to its region, else anywhere.
ALTER TABLE customers
  ADD COLUMN region text,
  ADD COLUMN assigned_server_id text REFERENCES servers (id);

-- Down Migration

ALTER TABLE customers DROP COLUMN assigned_server_id, DROP COLUMN region;
