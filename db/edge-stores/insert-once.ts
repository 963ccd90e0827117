import { and, eq, isNull, or, sql } from 'drizzle-orm'
import type { ApiKeyId, CustomerId } from '#contracts/ids.ts'
import type { Scope } from '#contracts/scopes.ts'
import { keptForMs } from '#core/ports/idempotency.ts'
import { selfSender, type InsertOutcome, type NewMessage } from '#core/ports/messages.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { violatesConstraint } from '#db/errors/violates-constraint.ts'
import { apiKeys } from '#db/schema/api-keys.ts'
import { customers } from '#db/schema/customers.ts'
import { instanceLeases, instances } from '#db/schema/instances.ts'
import { messages } from '#db/schema/messages.ts'
import { servers } from '#db/schema/servers.ts'
import { messageColumns } from './message-columns.ts'
import { ownerNow, routeColumns, routedServer } from './route-columns.ts'
import { addressIsAllowed, keyIsLive, standingColumns } from './standing-columns.ts'

const neededScope: Scope = 'messages:send'

/** A session is up: its state says so and its worker still holds the lease under which it wrote that. */
const connectedNow = sql<boolean>`(${instances.state} = 'connected' AND ${ownerNow} IS NOT NULL)`

/**
 * Acceptance: one transaction in one HTTP request. The insert waits for a running one with the same idempotency key, and
 * each statement sees what was committed before it, so the select finds the message of whoever was first.
 */
export async function insertOnce(
  db: EdgeDatabase,
  customerId: CustomerId,
  keyId: ApiKeyId,
  message: NewMessage,
): Promise<InsertOutcome> {
  try {
    const insert = db.execute(insertStatement(customerId, keyId, message))
    const count = db.execute(usageStatement(customerId, message))
    const select = selectFindings(db, customerId, keyId, message)
    const { idempotencyKey: key } = message
    const [found] =
      key === null
        ? (await db.batch([insert, count, select]))[2]
        : (await db.batch([db.execute(releaseStatement(customerId, key)), insert, count, select]))[3]
    return { outcome: 'ok', acceptance: found === undefined ? nothingFound : toAcceptance(found, message.id) }
  } catch (error) {
    if (violatesConstraint(error, 'usage_days_within_quota')) return { outcome: 'quota-exceeded' }
    throw error
  }
}

const nothingFound = { key: undefined, instance: undefined, contextFound: false, message: undefined }

/** A key stands for its message for so long; then it is free again. */
function releaseStatement(customerId: CustomerId, key: string) {
  return sql`
    UPDATE messages SET idempotency_key = NULL
    WHERE customer_id = ${customerId} AND idempotency_key = ${key}
      AND created_at <= clock_timestamp() - ${keptForMs} * interval '1 millisecond'`
}

/** Inserts the message if key, customer, instance and quoted message allow it and its idempotency key is new. */
function insertStatement(customerId: CustomerId, keyId: ApiKeyId, message: NewMessage) {
  const { id, instanceId, chat, content, contextMessageId, idempotencyKey, expiry } = message
  const expiresAt =
    'at' in expiry
      ? sql`${expiry.at.toISOString()}::timestamptz`
      : sql`clock_timestamp() + make_interval(secs => ${expiry.afterMs / 1000}::double precision)`
  return sql`
    INSERT INTO messages (id, customer_id, instance_id, direction, chat, sender, wa_message_id, type, content,
      context_message_id, status, idempotency_key, request_hash, expires_at)
    SELECT ${id}::text, ${customers.id}, ${instances.id}, 'outbound', ${chat}::text, ${selfSender}::text,
      ${message.waMessageId}::text, ${content.type}::text, ${sql.param(content, messages.content)}::jsonb,
      ${contextMessageId}::text, 'queued', ${idempotencyKey}::text,
      ${sql.param(message.requestHash, messages.requestHash)}::bytea, ${expiresAt}
    FROM ${apiKeys}
    JOIN ${customers} ON ${customers.id} = ${apiKeys.customerId}
    JOIN ${instances} ON ${instances.customerId} = ${customers.id}
    JOIN ${instanceLeases} ON ${instanceLeases.instanceId} = ${instances.id}
    JOIN ${servers} ON ${servers.id} = ${routedServer}
    WHERE ${apiKeys.id} = ${keyId} AND ${keyIsLive} AND ${neededScope} = ANY (${apiKeys.scopes})
      AND ${addressIsAllowed(message.calledFrom)}
      AND ${customers.id} = ${customerId} AND ${customers.status} = 'active' AND ${customers.deletedAt} IS NULL
      AND ${instances.id} = ${instanceId} AND ${instances.deletedAt} IS NULL
      AND ${contextFound(customerId, message)}
      AND (${connectedNow} OR NOT ${message.requireConnected}::boolean)
    ON CONFLICT (customer_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING`
}

/** Counts the message if it was inserted now: a replay spends nothing. The table's CHECK refuses one beyond the quota. */
function usageStatement(customerId: CustomerId, { id }: NewMessage) {
  return sql`
    INSERT INTO usage_days (customer_id, day, messages, quota)
    SELECT c.id, (m.created_at AT TIME ZONE 'UTC')::date, 1, p.messages_per_day
    FROM messages m JOIN customers c ON c.id = m.customer_id JOIN plans p ON p.name = c.plan
    WHERE m.id = ${id} AND m.customer_id = ${customerId}
    ON CONFLICT (customer_id, day) DO UPDATE
      SET messages = usage_days.messages + excluded.messages, quota = excluded.quota`
}

function contextFound(customerId: CustomerId, { contextMessageId, instanceId }: NewMessage) {
  if (contextMessageId === null) return sql<boolean>`true`
  return sql<boolean>`EXISTS (
    SELECT FROM messages AS quoted
    WHERE quoted.id = ${contextMessageId} AND quoted.instance_id = ${instanceId}
      AND quoted.customer_id = ${customerId})`
}

/** One row, or none when the customer has no such key. */
function selectFindings(db: EdgeDatabase, customerId: CustomerId, keyId: ApiKeyId, message: NewMessage) {
  const { id, instanceId, idempotencyKey } = message
  const ofThisRequest = or(
    eq(messages.id, id),
    idempotencyKey === null ? undefined : eq(messages.idempotencyKey, idempotencyKey),
  )
  return db
    .select({
      key: standingColumns(message.calledFrom),
      connected: connectedNow,
      phoneNumber: instances.phoneNumber,
      route: routeColumns,
      contextFound: contextFound(customerId, message),
      message: messageColumns,
      requestHash: messages.requestHash,
    })
    .from(apiKeys)
    .innerJoin(customers, eq(customers.id, apiKeys.customerId))
    .leftJoin(
      instances,
      and(eq(instances.id, instanceId), eq(instances.customerId, customers.id), isNull(instances.deletedAt)),
    )
    .leftJoin(instanceLeases, eq(instanceLeases.instanceId, instances.id))
    .leftJoin(servers, sql`${servers.id} = ${routedServer}`)
    .leftJoin(messages, and(eq(messages.customerId, customers.id), ofThisRequest))
    .where(and(eq(apiKeys.id, keyId), eq(apiKeys.customerId, customerId)))
}

type Findings = Awaited<ReturnType<typeof selectFindings>>[number]

function toAcceptance(
  { key, connected, phoneNumber, route, contextFound, message, requestHash }: Findings,
  id: string,
) {
  const { instanceId, serverId, url, epoch, incarnation } = route
  const placed = instanceId !== null && serverId !== null && url !== null && epoch !== null
  return {
    key,
    instance: placed ? { connected, phoneNumber, route: { instanceId, serverId, url, epoch, incarnation } } : undefined,
    contextFound,
    message:
      message === null || requestHash === null ? undefined : { message, replayed: message.id !== id, requestHash },
  }
}
