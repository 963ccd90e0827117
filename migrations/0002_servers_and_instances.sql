-- Up Migration

-- A VPS in the registry. `incarnation` names the one run of its worker that holds the lease; only the database's clock
-- decides whether `lease_expires_at` has passed.
CREATE TABLE servers (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE,
  url text NOT NULL,
  region text NOT NULL,
  status text NOT NULL DEFAULT 'provisioning'
    CHECK (status IN ('provisioning', 'active', 'draining', 'maintenance', 'inactive', 'error')),
  max_capacity integer NOT NULL CHECK (max_capacity BETWEEN 1 AND 500),
  incarnation text,
  lease_expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);

CREATE TABLE instances (
  id text PRIMARY KEY,
  customer_id text NOT NULL REFERENCES customers (id),
  name text NOT NULL,
  -- what the customer wants
  desired text NOT NULL DEFAULT 'running' CHECK (desired IN ('running', 'stopped')),
  -- what is, and why (contracts/instance-states.ts)
  state text NOT NULL DEFAULT 'created',
  reason text,
  state_changed_at timestamptz NOT NULL DEFAULT now(),
  -- the paired WhatsApp account: E.164 number and the privacy-preserving address (LID)
  phone_number text,
  lid text,
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
CREATE INDEX instances_customer_id_idx ON instances (customer_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

ALTER TABLE api_keys
  ADD CONSTRAINT api_keys_default_instance_id_fkey FOREIGN KEY (default_instance_id) REFERENCES instances (id);

-- Who may run an instance. The row changes only when ownership changes; every write that only a session may do locks it
-- FOR SHARE under its epoch. A transaction that holds it FOR SHARE must not update it: two such would deadlock.
CREATE TABLE instance_leases (
  instance_id text PRIMARY KEY REFERENCES instances (id),
  -- where the instance is placed
  server_id text NOT NULL REFERENCES servers (id),
  epoch bigint NOT NULL DEFAULT 0,
  -- the worker run that owns it under this epoch; NULL when nobody does
  owner_incarnation text
);
CREATE INDEX instance_leases_server_id_idx ON instance_leases (server_id);
CREATE INDEX instance_leases_owner_incarnation_idx ON instance_leases (owner_incarnation)
  WHERE owner_incarnation IS NOT NULL;

-- Apart from instance_leases, because it is updated in transactions that hold that row FOR SHARE.
CREATE TABLE instance_counters (
  instance_id text PRIMARY KEY REFERENCES instances (id),
  event_sequence bigint NOT NULL DEFAULT 0
);

-- Down Migration

DROP TABLE instance_counters;
DROP TABLE instance_leases;
ALTER TABLE api_keys DROP CONSTRAINT api_keys_default_instance_id_fkey;
DROP TABLE instances;
DROP TABLE servers;
