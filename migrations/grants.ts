import type pg from 'pg'

/** What the two halves of the service act as in the database; made by 0040_roles.sql. */
export const databaseRoles = { edge: 'wharf_edge', worker: 'wharf_worker' } as const

export type RoleName = keyof typeof databaseRoles

/** As GRANT takes it: of the whole table, or of some columns. */
export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | `${'SELECT' | 'INSERT' | 'UPDATE'} (${string})`

/** An empty list says that the role has nothing to do with the table. */
export type TableGrants = Record<RoleName, readonly Privilege[]>

/** What admins say of a server. */
const registryColumns = 'name, url, region, ip_address, provider, max_capacity, cpu_cores, ram_gb, cost_per_month'

/** What a worker measures of its machine. */
const machineColumns = 'cpu, memory, disk, network_in, network_out, event_loop_lag_ms, sessions'

/**
 * What each role may do with each table: no more than its statements need, so that whoever takes over one half does not have
 * the other's. They are applied after every run of the migrations, whatever order those were written in; a table that is
 * missing here fails the tests. A role that locks rows (FOR UPDATE, FOR SHARE) needs UPDATE of some column: where it changes
 * none, it may change the one by which rows are found.
 */
export const tableGrants: Record<string, TableGrants> = {
  plans: { edge: ['SELECT'], worker: [] },
  customers: { edge: ['SELECT', 'INSERT', 'UPDATE'], worker: ['SELECT (id, status, deleted_at)'] },
  api_keys: { edge: ['SELECT', 'INSERT', 'UPDATE'], worker: [] },
  usage_days: { edge: ['SELECT', 'INSERT', 'UPDATE'], worker: [] },
  request_days: { edge: ['SELECT', 'INSERT', 'UPDATE (requests, bytes_in, bytes_out)'], worker: [] },
  message_days: {
    edge: ['SELECT', 'INSERT', 'UPDATE (sent, received, failed, media_sent, media_received)'],
    worker: [],
  },

  // A worker cannot send the edge's commands elsewhere (url), nor can the edge hold a lease.
  servers: {
    edge: [
      'SELECT',
      `INSERT (id, status, ${registryColumns})`,
      `UPDATE (status, status_reason, drain_started_at, drain_instances, deleted_at, public_key, worker_version, enrolled_at, ${registryColumns})`,
    ],
    worker: ['SELECT', 'UPDATE (incarnation, lease_expires_at, stopping, health)'],
  },
  server_checks: {
    edge: ['SELECT', 'INSERT', 'UPDATE (grade, reason, took_ms, checked_at, since)'],
    worker: [],
  },
  // A worker tells of its machine, and the edge of messages.
  server_minutes: {
    edge: ['SELECT', 'INSERT', 'UPDATE (sent, received, failed, latency)', 'DELETE'],
    worker: ['SELECT', `INSERT (server_id, at, ${machineColumns})`, `UPDATE (${machineColumns})`],
  },
  server_hours: { edge: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'], worker: [] },
  server_enrollments: { edge: ['SELECT', 'INSERT', 'UPDATE (token_hash, expires_at, used_at)'], worker: [] },
  instances: {
    edge: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    worker: [
      'SELECT',
      'UPDATE (state, reason, state_changed_at, phone_number, lid, new_chats_held_until, slowed_until)',
    ],
  },
  instance_leases: { edge: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'], worker: ['SELECT', 'UPDATE'] },
  instance_counters: { edge: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'], worker: ['SELECT', 'INSERT', 'UPDATE'] },

  // The edge erases sessions, and sees nothing of what is in them.
  session_credentials: {
    edge: ['SELECT (instance_id, updated_at)', 'UPDATE (instance_id)', 'DELETE'],
    worker: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  },
  session_keys: { edge: ['SELECT (instance_id)', 'DELETE'], worker: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] },
  // Retention is the edge's: it has to see which rows still hold a plaintext.
  inbound_journal: {
    edge: ['SELECT', 'UPDATE (plaintext, stanza, undecodable_by)', 'DELETE'],
    worker: ['SELECT', 'INSERT', 'UPDATE'],
  },
  contact_numbers: { edge: ['SELECT (instance_id)', 'DELETE'], worker: ['SELECT', 'INSERT', 'UPDATE'] },
  undecryptable_messages: {
    edge: ['SELECT', 'UPDATE (instance_id)', 'DELETE'],
    worker: ['SELECT', 'INSERT', 'UPDATE'],
  },

  messages: { edge: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'], worker: ['SELECT', 'INSERT', 'UPDATE'] },
  events: { edge: ['SELECT', 'INSERT', 'UPDATE (id)', 'DELETE'], worker: ['SELECT', 'INSERT'] },
  // Where events go, and what signs them, is the customer's to say.
  webhook_endpoints: {
    edge: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    worker: ['SELECT', 'UPDATE (status, disabled_reason, failing_since, url_check)'],
  },
  deliveries: { edge: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'], worker: ['SELECT', 'INSERT', 'UPDATE'] },
  delivery_attempts: { edge: ['SELECT', 'UPDATE (event_id)', 'DELETE'], worker: ['INSERT'] },
  idempotent_requests: { edge: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'], worker: [] },

  admins: { edge: ['SELECT', 'INSERT', 'UPDATE'], worker: [] },
  admin_sessions: { edge: ['SELECT', 'INSERT', 'UPDATE'], worker: [] },
  minute_stats: { edge: ['SELECT', 'INSERT', 'UPDATE (minute)', 'DELETE'], worker: [] },
  alerts: { edge: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'], worker: [] },
  // Rows are only ever added; purge_audit_logs takes the old ones.
  audit_logs: { edge: ['SELECT', 'INSERT'], worker: [] },
}

/** Who may call the functions of migrations, which act as their owner: by signature. */
export const functionGrants: Record<string, readonly RoleName[]> = {
  'purge_audit_logs(integer)': ['edge'],
}

/** Two runs at once would change the same rows of PostgreSQL's own tables. */
const lockKey = 4_040

/** Gives the roles exactly what `tableGrants` and `functionGrants` say, in one transaction. */
export async function applyGrants(client: pg.Client): Promise<void> {
  const roles = Object.values(databaseRoles).join(', ')
  const grants = Object.entries(tableGrants).flatMap(([table, { edge, worker }]) => [
    ...grant(edge, table, databaseRoles.edge),
    ...grant(worker, table, databaseRoles.worker),
  ])
  const statements = [
    'BEGIN',
    `SELECT pg_advisory_xact_lock(${lockKey})`,
    `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${roles}`,
    ...grants,
    ...Object.entries(functionGrants).flatMap(([signature, names]) => [
      `REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC, ${roles}`,
      ...names.map((name) => `GRANT EXECUTE ON FUNCTION ${signature} TO ${databaseRoles[name]}`),
    ]),
    'COMMIT',
  ]
  try {
    await client.query(statements.join(';\n'))
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

function grant(privileges: readonly Privilege[], table: string, role: string): string[] {
  return privileges.length === 0 ? [] : [`GRANT ${privileges.join(', ')} ON ${table} TO ${role}`]
}
