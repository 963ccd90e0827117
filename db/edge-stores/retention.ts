import { sql, type SQL } from 'drizzle-orm'
import type { Retention } from '#core/ports/retention.ts'
import { retentionMs } from '#core/rules/retention.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'

/**
 * Every statement finds what is due by an index in the order of age, skips what somebody else is purging, and stops at its
 * limit. Rows that have to stay although they are old are few, and are passed over.
 */
export function createRetention(db: EdgeDatabase): Retention {
  const deleted = async (statement: SQL) => (await db.execute(statement)).rowCount ?? 0
  const counted = async (statement: SQL) => {
    const { rows } = await db.execute<{ count: number }>(statement)
    return rows[0]?.count ?? 0
  }

  return guardStore<Retention>({
    emptyJournalAcrossCustomers: (limit) =>
      deleted(sql`
        UPDATE inbound_journal SET plaintext = '', stanza = '{}', undecodable_by = NULL
        WHERE (instance_id, ciphertext_hash) IN (
          SELECT instance_id, ciphertext_hash FROM inbound_journal
          WHERE projected_at IS NOT NULL AND plaintext <> '' AND ${isOver('received_at', 'journalPlaintext')}
          ORDER BY received_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`),

    purgeJournalAcrossCustomers: (limit) =>
      deleted(sql`
        DELETE FROM inbound_journal WHERE (instance_id, ciphertext_hash) IN (
          SELECT instance_id, ciphertext_hash FROM inbound_journal
          WHERE projected_at IS NOT NULL AND plaintext = '' AND ${isOver('received_at', 'journalHash')}
          ORDER BY received_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`),

    purgeUndecryptableAcrossCustomers: (limit) =>
      deleted(sql`
        DELETE FROM undecryptable_messages WHERE (instance_id, wa_message_id, chat, sender) IN (
          SELECT instance_id, wa_message_id, chat, sender FROM undecryptable_messages
          WHERE ${isOver('failed_at', 'undecryptable')}
          ORDER BY failed_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`),

    purgeDeliveryAttemptsAcrossCustomers: (limit) =>
      deleted(sql`
        DELETE FROM delivery_attempts WHERE (event_id, endpoint_id, attempt) IN (
          SELECT event_id, endpoint_id, attempt FROM delivery_attempts
          WHERE ${isOver('attempted_at', 'deliveryAttempts')}
          ORDER BY attempted_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`),

    purgeEventsAcrossCustomers: (limit) =>
      counted(sql`
        WITH due AS MATERIALIZED (
          SELECT e.id FROM events e
          WHERE ${isOver('e.occurred_at', 'events')}
            AND NOT EXISTS (SELECT FROM delivery_attempts a WHERE a.event_id = e.id)
            AND NOT EXISTS (
              SELECT FROM deliveries d JOIN webhook_endpoints w ON w.id = d.endpoint_id
              WHERE d.event_id = e.id AND d.status = 'pending' AND w.status = 'enabled' AND w.deleted_at IS NULL)
          ORDER BY e.occurred_at LIMIT ${limit} FOR UPDATE OF e SKIP LOCKED
        ),
        undelivered AS (DELETE FROM deliveries d USING due WHERE d.event_id = due.id),
        purged AS (DELETE FROM events e USING due WHERE e.id = due.id RETURNING e.id)
        SELECT count(*)::integer AS count FROM purged`),

    // Their seq is their order of age: no index on the time is needed.
    purgeMessagesAcrossCustomers: (limit) =>
      deleted(sql`
        DELETE FROM messages WHERE id IN (
          SELECT id FROM (SELECT id, created_at, status FROM messages ORDER BY seq LIMIT ${limit}) AS oldest
          WHERE ${isOver('created_at', 'messages')} AND status NOT IN ('queued', 'sending'))
        AND status NOT IN ('queued', 'sending')`),

    // While the credentials are locked nobody can make new keys: those that are seen here are the old ones.
    eraseLoggedOutSessionsAcrossCustomers: (limit) =>
      counted(sql`
        WITH due AS MATERIALIZED (
          SELECT c.instance_id FROM instances i JOIN session_credentials c ON c.instance_id = i.id
          WHERE i.state = 'logged_out' AND ${isOver('i.state_changed_at', 'loggedOutSession')}
            AND ${isOver('c.updated_at', 'loggedOutSession')}
          ORDER BY i.state_changed_at LIMIT ${limit}
          FOR NO KEY UPDATE OF i SKIP LOCKED FOR UPDATE OF c SKIP LOCKED
        ),
        keys AS (DELETE FROM session_keys k USING due WHERE k.instance_id = due.instance_id),
        erased AS (DELETE FROM session_credentials c USING due WHERE c.instance_id = due.instance_id RETURNING 1)
        SELECT count(*)::integer AS count FROM erased`),

    purgeDeletedEndpointsAcrossCustomers: (limit) =>
      deleted(sql`
        DELETE FROM webhook_endpoints WHERE id IN (
          SELECT w.id FROM webhook_endpoints w
          WHERE ${isOver('w.deleted_at', 'deletedEndpoint')}
            AND NOT EXISTS (SELECT FROM deliveries d WHERE d.endpoint_id = w.id)
          ORDER BY w.deleted_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`),

    purgeDeletedInstancesAcrossCustomers: (limit) => counted(purgeInstances(limit)),

    purgeMinuteStatsAcrossCustomers: (limit) =>
      deleted(sql`
        DELETE FROM minute_stats WHERE minute IN (
          SELECT minute FROM minute_stats WHERE ${isOver('minute', 'minuteStats')}
          ORDER BY minute LIMIT ${limit} FOR UPDATE SKIP LOCKED)`),

    purgeServerMinutes: (limit) =>
      deleted(sql`
        DELETE FROM server_minutes WHERE (server_id, at) IN (
          SELECT server_id, at FROM server_minutes WHERE ${isOver('at', 'serverMinutes')}
          ORDER BY at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`),

    purgeServerHours: (limit) =>
      deleted(sql`
        DELETE FROM server_hours WHERE (server_id, at) IN (
          SELECT server_id, at FROM server_hours WHERE ${isOver('at', 'serverHours')}
          ORDER BY at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`),

    purgeAlertsAcrossCustomers: (limit) =>
      deleted(sql`
        DELETE FROM alerts WHERE id IN (
          SELECT id FROM alerts WHERE ${isOver('resolved_at', 'alerts')}
          ORDER BY resolved_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`),

    // The edge's role may delete no entry; the function deletes for it what is old enough, and nothing else.
    purgeAuditLogsAcrossCustomers: (limit) => counted(sql`SELECT purge_audit_logs(${limit}) AS count`),
  })
}

const ownedTables = [
  'session_keys',
  'session_credentials',
  'contact_numbers',
  'undecryptable_messages',
  'instance_counters',
  'instance_leases',
] as const

function purgeInstances(limit: number): SQL {
  const emptied = ownedTables.map(
    (table) =>
      sql`${sql.raw(`of_${table}`)} AS (DELETE FROM ${sql.raw(table)} t USING due WHERE t.instance_id = due.id)`,
  )
  return sql`
    WITH due AS MATERIALIZED (
      SELECT i.id FROM instances i
      WHERE ${isOver('i.deleted_at', 'deletedInstance')}
        AND NOT EXISTS (SELECT FROM messages m WHERE m.instance_id = i.id)
        AND NOT EXISTS (SELECT FROM events e WHERE e.instance_id = i.id)
        AND NOT EXISTS (SELECT FROM inbound_journal j WHERE j.instance_id = i.id)
        AND NOT EXISTS (SELECT FROM webhook_endpoints w WHERE w.instance_id = i.id)
      ORDER BY i.deleted_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ),
    ${sql.join(emptied, sql`, `)},
    keys AS (UPDATE api_keys k SET default_instance_id = NULL FROM due WHERE k.default_instance_id = due.id),
    purged AS (DELETE FROM instances i USING due WHERE i.id = due.id RETURNING i.id)
    SELECT count(*)::integer AS count FROM purged`
}

function isOver(column: string, kind: keyof typeof retentionMs): SQL {
  return sql`${sql.raw(column)} <= clock_timestamp() - ${retentionMs[kind]} * interval '1 millisecond'`
}
