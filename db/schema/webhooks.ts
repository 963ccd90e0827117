import { sql } from 'drizzle-orm'
import { bigint, check, foreignKey, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { CustomerId, EventId, InstanceId, WebhookId } from '#contracts/ids.ts'
import type { DeliveryStatus } from '#core/ports/webhook-deliveries.ts'
import type { DisabledReason, UrlCheck } from '#core/ports/webhooks.ts'
import { bytea, moment } from './column-types.ts'
import { customers } from './customers.ts'
import { events } from './events.ts'
import { instances } from './instances.ts'

export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: text('id').$type<WebhookId>().primaryKey(),
    customerId: text('customer_id')
      .$type<CustomerId>()
      .notNull()
      .references(() => customers.id),
    url: text('url').notNull(),
    description: text('description'),
    /** Event types, or `*` alone. */
    events: text('events').array().notNull(),
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .references(() => instances.id),
    keyRingId: text('key_ring_id').notNull(),
    /** The signing secret, sealed with the endpoint's id as additional data. */
    secret: bytea('secret').notNull(),
    /** The secret before the last rotation; it signs too until then. */
    previousKeyRingId: text('previous_key_ring_id'),
    previousSecret: bytea('previous_secret'),
    previousSecretUntil: moment('previous_secret_until'),
    status: text('status').$type<'enabled' | 'disabled'>().notNull().default('enabled'),
    disabledReason: text('disabled_reason').$type<DisabledReason>(),
    createdAt: moment('created_at').notNull().defaultNow(),
    deletedAt: moment('deleted_at'),
    /** The first failed attempt since one succeeded. */
    failingSince: moment('failing_since'),
    /** `verified`: a worker looked its name up, or it has answered one. */
    urlCheck: text('url_check').$type<UrlCheck>().notNull().default('unverified'),
  },
  (table) => [
    check('webhook_endpoints_status_check', sql`${table.status} IN ('enabled', 'disabled')`),
    check('webhook_endpoints_url_check_check', sql`${table.urlCheck} IN ('verified', 'unverified')`),
    index('webhook_endpoints_customer_id_idx')
      .on(table.customerId, table.createdAt.desc(), table.id.desc())
      .where(sql`${table.deletedAt} IS NULL`),
    index('webhook_endpoints_disabled_idx')
      .on(table.id)
      .where(sql`${table.disabledReason} IS NOT NULL AND ${table.deletedAt} IS NULL`),
    index('webhook_endpoints_deleted_at_idx')
      .on(table.deletedAt)
      .where(sql`${table.deletedAt} IS NOT NULL`),
    index('webhook_endpoints_instance_id_idx')
      .on(table.instanceId)
      .where(sql`${table.instanceId} IS NOT NULL`),
  ],
)

/** One event on its way to one endpoint. Deliveries of one (endpoint, lane) go out one after the other. */
export const deliveries = pgTable(
  'deliveries',
  {
    eventId: text('event_id')
      .$type<EventId>()
      .notNull()
      .references(() => events.id),
    endpointId: text('endpoint_id')
      .$type<WebhookId>()
      .notNull()
      .references(() => webhookEndpoints.id),
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity().unique(),
    customerId: text('customer_id')
      .$type<CustomerId>()
      .notNull()
      .references(() => customers.id),
    /** Instance and chat, so that events of one chat stay in order. */
    lane: text('lane').notNull(),
    status: text('status').$type<DeliveryStatus>().notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    /** Attempts made before the last replay, where the schedule of retries began anew. */
    attemptsBefore: integer('attempts_before').notNull().default(0),
    nextAttemptAt: moment('next_attempt_at')
      .notNull()
      .default(sql`clock_timestamp()`),
    claimToken: text('claim_token'),
    /** The run of the worker that claimed it: the claim ends with the run's lease, and at `claimed_until`. */
    claimedBy: text('claimed_by'),
    claimedUntil: moment('claimed_until'),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    primaryKey({ columns: [table.eventId, table.endpointId] }),
    check('deliveries_status_check', sql`${table.status} IN ('pending', 'delivered', 'dead', 'dropped')`),
    index('deliveries_lane_idx')
      .on(table.endpointId, table.lane, table.seq)
      .where(sql`${table.status} = 'pending'`),
    index('deliveries_pending_idx')
      .on(table.endpointId, table.seq)
      .where(sql`${table.status} = 'pending'`),
    index('deliveries_list_idx').on(table.endpointId, table.seq.desc()),
  ],
)

export const deliveryAttempts = pgTable(
  'delivery_attempts',
  {
    eventId: text('event_id').$type<EventId>().notNull(),
    endpointId: text('endpoint_id').$type<WebhookId>().notNull(),
    attempt: integer('attempt').notNull(),
    attemptedAt: moment('attempted_at')
      .notNull()
      .default(sql`clock_timestamp()`),
    durationMs: integer('duration_ms').notNull(),
    /** HTTP status; null with an error when there was no answer. */
    status: integer('status'),
    error: text('error'),
    response: text('response'),
  },
  (table) => [
    primaryKey({ columns: [table.eventId, table.endpointId, table.attempt] }),
    foreignKey({
      columns: [table.eventId, table.endpointId],
      foreignColumns: [deliveries.eventId, deliveries.endpointId],
    }),
    index('delivery_attempts_attempted_at_idx').on(table.attemptedAt),
  ],
)
