import type { CustomerId, WebhookId } from '#contracts/ids.ts'
import {
  maxWebhooksPerCustomer,
  previousSecretMs,
  type CreateWebhookOutcome,
  type WebhookEndpoint,
  type Webhooks,
} from '#core/ports/webhooks.ts'
import { presentTestEvent, testLane } from '#core/rules/webhook-test.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { memoryOnce } from './memory-once.ts'
import { memoryPage } from './memory-page.ts'
import type { MemoryRows } from './memory-rows.ts'

/** Secrets are kept as UTF-8 under the key ring id `memory`: nothing is encrypted here. */
export function createMemoryWebhooks(database: MemoryDatabase): Webhooks {
  const { tables, now } = database

  const liveOf = (customerId: CustomerId) =>
    tables.webhookEndpoints.filter((row) => row.customerId === customerId && row.deletedAt === null)
  const find = (customerId: CustomerId, id: WebhookId) => liveOf(customerId).find((row) => row.id === id)

  function makeDue(matches: (delivery: MemoryRows['deliveries']) => boolean): void {
    for (const delivery of tables.deliveries) {
      const waits = delivery.status === 'pending' && delivery.nextAttemptAt > now()
      if (waits && matches(delivery)) delivery.nextAttemptAt = now()
    }
  }

  return {
    async create(customerId, { secret, ...webhook }, once) {
      return memoryOnce(database, customerId, once, {
        act: () => {
          const { instanceId } = webhook
          const instanceFound = tables.instances.some(
            (row) => row.id === instanceId && row.customerId === customerId && row.deletedAt === null,
          )
          if (instanceId !== null && !instanceFound) return { outcome: 'instance-not-found' }
          if (liveOf(customerId).length >= maxWebhooksPerCustomer) {
            return { outcome: 'limit-reached', limit: maxWebhooksPerCustomer }
          }
          const row = database.insert('webhookEndpoints', {
            ...webhook,
            events: [...webhook.events],
            customerId,
            keyRingId: 'memory',
            secret: new TextEncoder().encode(secret),
          })
          return { outcome: 'created', webhook: toEndpoint(row) }
        },
        effectOf: (result: CreateWebhookOutcome) =>
          result.outcome === 'created' ? { id: result.webhook.id } : undefined,
      })
    },

    async get(customerId, id) {
      const row = find(customerId, id)
      return row === undefined ? undefined : toEndpoint(row)
    },

    async list(customerId, query) {
      const { items, nextCursor } = memoryPage(
        `webhooks/${customerId}`,
        tables.webhookEndpoints.filter((row) => row.customerId === customerId),
        (row) => row.deletedAt === null,
        query,
      )
      return { items: items.map(toEndpoint), nextCursor }
    },

    async update(customerId, id, change) {
      const row = find(customerId, id)
      if (row === undefined) return undefined
      Object.assign(row, change)
      if (change.status === 'enabled') row.disabledReason = null
      if (change.status === 'enabled' || change.url !== undefined) {
        row.failingSince = null
        makeDue((delivery) => delivery.endpointId === id)
      }
      return toEndpoint(row)
    },

    async rotateSecret(customerId, id, secret, once) {
      return memoryOnce(database, customerId, once, {
        act: () => {
          const row = find(customerId, id)
          if (row === undefined) return undefined
          const previousSecretUntil = new Date(now().getTime() + previousSecretMs)
          Object.assign(row, {
            previousKeyRingId: row.keyRingId,
            previousSecret: row.secret,
            previousSecretUntil,
            keyRingId: 'memory',
            secret: new TextEncoder().encode(secret),
          })
          return { webhook: toEndpoint(row), previousSecretUntil }
        },
        effectOf: (rotated) => rotated && { previous_secret_until: rotated.previousSecretUntil.toISOString() },
      })
    },

    async remove(customerId, id) {
      const row = find(customerId, id)
      if (row === undefined) return false
      row.deletedAt = now()
      for (const delivery of tables.deliveries) {
        if (delivery.endpointId === id && delivery.status === 'pending') {
          Object.assign(delivery, { status: 'dropped', finishedAt: now() })
        }
      }
      return true
    },

    async sendTest(customerId, id, eventId, once) {
      return memoryOnce(database, customerId, once, {
        act: () => {
          const row = find(customerId, id)
          if (row === undefined) return 'not-found'
          if (row.status === 'disabled') return 'disabled'
          makeDue((delivery) => delivery.endpointId === id && delivery.lane === testLane)
          database.insert('events', { id: eventId, customerId, type: 'webhook.test', data: presentTestEvent(id) })
          database.insert('deliveries', { eventId, endpointId: id, customerId, lane: testLane })
          return 'recorded'
        },
        effectOf: (outcome: 'recorded' | 'disabled' | 'not-found') =>
          outcome === 'recorded' ? { event_id: eventId } : undefined,
      })
    },
  }
}

function toEndpoint(row: MemoryRows['webhookEndpoints']): WebhookEndpoint {
  const { id, customerId, url, description, events, instanceId, status, disabledReason, createdAt } = row
  const { failingSince, urlCheck } = row
  const shown = { id, customerId, url, description, instanceId, status, disabledReason, createdAt }
  return { ...shown, events: [...events], failingSince, urlCheck }
}
