import { sql } from 'drizzle-orm'
import type { ApiKeyId, CustomerId, InstanceId, MessageId, ServerId } from '#contracts/ids.ts'
import type { Scope } from '#contracts/scopes.ts'
import type { KeyStanding } from '#core/ports/api-keys.ts'
import type { AuditEntry } from '#core/ports/audit-log.ts'
import { keptForMs } from '#core/ports/idempotency.ts'
import { selfSender, type Acceptance, type InsertOutcome, type NewMessage } from '#core/ports/messages.ts'
import { messageOf } from '#core/rules/message-of.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { violatesConstraint } from '#db/errors/violates-constraint.ts'
import { apiKeys } from '#db/schema/api-keys.ts'
import { customers } from '#db/schema/customers.ts'
import { instanceLeases, instances } from '#db/schema/instances.ts'
import { messages } from '#db/schema/messages.ts'
import { servers } from '#db/schema/servers.ts'
import { readRow } from '#db/worker-stores/read-row.ts'
import { auditOfChanged } from './audit-sql.ts'
import { limitNow } from './limit-now.ts'
import { ownerNow, routedServer } from './route-columns.ts'
import { standingColumns } from './standing-columns.ts'

const neededScope: Scope = 'messages:send'

/** A session is up: its state says so and its worker still holds the lease under which it wrote that. */
const connectedNow = sql<boolean>`(${instances.state} = 'connected' AND ${ownerNow} IS NOT NULL)`

/** Who asks: a key, or an admin, of whom it is written down. */
type Asker = { keyId: ApiKeyId } | { audit: AuditEntry }

/**
 * Acceptance: one statement in one HTTP request, so one plan and one transaction that nobody waits within: the customer's
 * counter, which all its requests meet at, is locked last. A statement sees what was committed before it. So a request that
 * waited for a twin with its idempotency key, or met a key that has been kept for long enough, inserts nothing and finds
 * nothing; it asks again.
 */
export async function insertOnce(
  db: EdgeDatabase,
  customerId: CustomerId,
  asker: Asker,
  message: NewMessage,
): Promise<InsertOutcome> {
  try {
    const found = await tryOnce(db, customerId, asker, message)
    const acceptance = metAnother(found) ? await tryAgain(db, customerId, asker, message) : found
    return { outcome: 'ok', acceptance: acceptance === undefined ? nothingFound : toAcceptance(acceptance, message.id) }
  } catch (error) {
    if (violatesConstraint(error, 'usage_days_within_quota')) return { outcome: 'quota-exceeded' }
    throw error
  }
}

const nothingFound = { key: undefined, instance: undefined, contextFound: false, message: undefined }

/** Everything allowed the message, yet its idempotency key was taken. */
function metAnother(found: Findings | undefined): boolean {
  return found?.allowed === true && found.id === null
}

async function tryOnce(db: EdgeDatabase, customerId: CustomerId, asker: Asker, message: NewMessage) {
  const { rows } = await db.execute<Findings>(acceptStatement(customerId, asker, message))
  return rows[0]
}

/**
 * Frees the key if its time is over. A twin that comes between the two statements is waited for once more; its message then
 * has been committed, and the last look must find it.
 */
async function tryAgain(db: EdgeDatabase, customerId: CustomerId, asker: Asker, message: NewMessage) {
  const [, { rows }] = await db.batch([
    db.execute(releaseStatement(customerId, message.idempotencyKey)),
    db.execute<Findings>(acceptStatement(customerId, asker, message)),
  ])
  return metAnother(rows[0]) ? tryOnce(db, customerId, asker, message) : rows[0]
}

/** A key stands for its message for so long; then it is free again. */
const isKept = sql`created_at > clock_timestamp() - ${keptForMs} * interval '1 millisecond'`

function releaseStatement(customerId: CustomerId, key: string | null) {
  return sql`
    UPDATE messages SET idempotency_key = NULL
    WHERE customer_id = ${customerId} AND idempotency_key = ${key} AND NOT (${isKept})`
}

/** What stands in the way, or nothing: NULL for what does not exist. No row when the customer has no such key. */
interface Findings extends Record<string, unknown> {
  key_live: boolean
  address_allowed: boolean
  use_recorded: boolean
  customer_status: KeyStanding['customerStatus']
  scopes: KeyStanding['scopes']
  plan: KeyStanding['plan']
  limit_overrides: KeyStanding['limitOverrides']
  connected: boolean
  phone_number: string | null
  routed_instance: InstanceId | null
  server_id: ServerId | null
  url: string | null
  epoch: string | null
  incarnation: string | null
  context_found: boolean
  /** All of the above let the message in. */
  allowed: boolean
  /** With the columns of `messages`: what was inserted now, or what the idempotency key stands for. */
  id: MessageId | null
}

/**
 * Inserts the message if key, customer, instance and quoted message allow it and its idempotency key is new. Counts it if it
 * was inserted now: a replay spends nothing. The table's CHECK refuses one beyond the quota, and so the whole statement.
 */
function acceptStatement(customerId: CustomerId, asker: Asker, message: NewMessage) {
  const { id, instanceId, chat, content, contextMessageId, idempotencyKey, expiry } = message
  const expiresAt =
    'at' in expiry
      ? sql`${expiry.at.toISOString()}::timestamptz`
      : sql`clock_timestamp() + make_interval(secs => ${expiry.afterMs / 1000}::double precision)`
  const { key, from, where } = standingOf(customerId, asker, message)
  const audited = 'audit' in asker ? sql`, changed AS (SELECT id FROM inserted), ${auditOfChanged(asker.audit)}` : sql``
  return sql`
    WITH standing AS MATERIALIZED (
      SELECT ${key.keyLive} AS key_live, ${key.addressAllowed} AS address_allowed, ${key.useRecorded} AS use_recorded,
        ${key.customerStatus} AS customer_status, ${key.scopes} AS scopes, ${key.plan}, ${key.limitOverrides},
        ${limitNow('messages_per_day')} AS quota,
        coalesce(${connectedNow}, false) AS connected, ${instances.phoneNumber}, ${instances.id} AS routed_instance,
        ${servers.id} AS server_id, ${servers.url}, ${instanceLeases.epoch}, ${ownerNow} AS incarnation,
        ${contextFound(customerId, message)} AS context_found
      FROM ${from}
      LEFT JOIN ${instances} ON ${instances.id} = ${instanceId} AND ${instances.customerId} = ${customers.id}
        AND ${instances.deletedAt} IS NULL
      LEFT JOIN ${instanceLeases} ON ${instanceLeases.instanceId} = ${instances.id}
      LEFT JOIN ${servers} ON ${servers.id} = ${routedServer}
      WHERE ${where}
    ),
    decided AS MATERIALIZED (
      SELECT *, key_live AND address_allowed AND customer_status = 'active' AND ${neededScope} = ANY (scopes)
        AND server_id IS NOT NULL AND context_found AND (connected OR NOT ${message.requireConnected}::boolean) AS allowed
      FROM standing
    ),
    earlier AS (
      SELECT * FROM messages
      WHERE customer_id = ${customerId} AND idempotency_key = ${idempotencyKey} AND ${isKept}
    ),
    inserted AS (
      INSERT INTO messages (id, customer_id, instance_id, direction, chat, sender, wa_message_id, type, content,
        context_message_id, status, idempotency_key, request_hash, expires_at)
      SELECT ${id}::text, ${customerId}::text, routed_instance, 'outbound', ${chat}::text, ${selfSender}::text,
        ${message.waMessageId}::text, ${content.type}::text, ${sql.param(content, messages.content)}::jsonb,
        ${contextMessageId}::text, 'queued', ${idempotencyKey}::text,
        ${sql.param(message.requestHash, messages.requestHash)}::bytea, ${expiresAt}
      FROM decided
      WHERE allowed AND NOT EXISTS (SELECT FROM earlier)
      ON CONFLICT (customer_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
      RETURNING *
    ),
    counted AS (
      INSERT INTO usage_days (customer_id, day, messages, quota)
      SELECT inserted.customer_id, (inserted.created_at AT TIME ZONE 'UTC')::date, 1, decided.quota
      FROM inserted, decided
      ON CONFLICT (customer_id, day) DO UPDATE
        SET messages = usage_days.messages + excluded.messages, quota = excluded.quota
    )${audited}
    SELECT decided.*, message.*
    FROM decided LEFT JOIN (SELECT * FROM inserted UNION ALL SELECT * FROM earlier) AS message ON true`
}

/** How a key and its customer stand; of an admin's, only the customer is asked about. */
function standingOf(customerId: CustomerId, asker: Asker, { calledFrom }: NewMessage) {
  const key = standingColumns(calledFrom)
  if ('keyId' in asker) {
    return {
      key,
      from: sql`${apiKeys} JOIN ${customers} ON ${customers.id} = ${apiKeys.customerId}`,
      where: sql`${apiKeys.id} = ${asker.keyId} AND ${apiKeys.customerId} = ${customerId}`,
    }
  }
  const yes = sql<boolean>`true`
  const all = { keyLive: yes, addressAllowed: yes, useRecorded: yes, scopes: sql`ARRAY[${neededScope}::text]` }
  return { key: { ...key, ...all }, from: sql`${customers}`, where: sql`${customers.id} = ${customerId}` }
}

function contextFound(customerId: CustomerId, { contextMessageId, instanceId }: NewMessage) {
  if (contextMessageId === null) return sql<boolean>`true`
  return sql<boolean>`EXISTS (
    SELECT FROM messages AS quoted
    WHERE quoted.id = ${contextMessageId} AND quoted.instance_id = ${instanceId}
      AND quoted.customer_id = ${customerId})`
}

function toAcceptance(found: Findings, id: MessageId): Acceptance {
  const { connected, phone_number: phoneNumber, routed_instance: instanceId, server_id: serverId, url, epoch } = found
  const placed = instanceId !== null && serverId !== null && url !== null && epoch !== null
  const route = placed && { instanceId, serverId, url, epoch: Number(epoch), incarnation: found.incarnation }
  const row = found.id === null ? undefined : readRow(messages, found)
  return {
    key: {
      keyLive: found.key_live,
      addressAllowed: found.address_allowed,
      useRecorded: found.use_recorded,
      customerStatus: found.customer_status,
      scopes: found.scopes,
      plan: found.plan,
      limitOverrides: found.limit_overrides,
    },
    instance: route ? { connected, phoneNumber, route } : undefined,
    contextFound: found.context_found,
    message:
      row === undefined || row.requestHash === null
        ? undefined
        : { message: messageOf(row), replayed: row.id !== id, requestHash: row.requestHash },
  }
}
