import type { CustomerId, WebhookId } from '#contracts/ids.ts'
import {
  maxReplayed,
  maxShownAttempts,
  type Delivery,
  type ReplayOutcome,
  type WebhookDeliveries,
} from '#core/ports/webhook-deliveries.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { memoryOnce } from './memory-once.ts'
import { memoryPage } from './memory-page.ts'
import type { MemoryRows } from './memory-rows.ts'

export function createMemoryWebhookDeliveries(database: MemoryDatabase): WebhookDeliveries {
  const { tables, now } = database
  const endpointOf = (customerId: CustomerId, id: WebhookId) =>
    tables.webhookEndpoints.find((row) => row.id === id && row.customerId === customerId && row.deletedAt === null)
  const deliveriesOf = (id: WebhookId) =>
    tables.deliveries
      .filter(({ endpointId }) => endpointId === id)
      .map((row) => ({ id: row.eventId, row, event: eventOf(database, row) }))

  return {
    async list(customerId, id, { status, eventType, limit, cursor }) {
      if (endpointOf(customerId, id) === undefined) return undefined
      const { items, nextCursor } = memoryPage(
        `deliveries/${id}`,
        deliveriesOf(id),
        ({ row, event }) =>
          (status === undefined || row.status === status) && (eventType === undefined || event.type === eventType),
        { limit, ...(cursor === undefined ? {} : { cursor }) },
      )
      return { items: items.map(({ row }) => deliveryOf(database, row)), nextCursor }
    },

    async replay(customerId, id, choice, once) {
      return memoryOnce(database, customerId, once, {
        act: () => {
          const endpoint = endpointOf(customerId, id)
          if (endpoint === undefined) return { outcome: 'not-found' }
          const deliveries = deliveriesOf(id)
          if ('eventId' in choice && !deliveries.some(({ row }) => row.eventId === choice.eventId)) {
            return { outcome: 'event-not-found' }
          }
          if (endpoint.status === 'disabled') return { outcome: 'disabled' }
          const chosen = deliveries
            .filter(({ row, event }) =>
              'eventId' in choice
                ? row.eventId === choice.eventId
                : event.occurredAt >= choice.from && event.occurredAt < choice.to,
            )
            .filter(({ row }) => row.status === 'delivered' || row.status === 'dead')
            .toSorted((a, b) => a.event.occurredAt.getTime() - b.event.occurredAt.getTime())
          for (const { row } of chosen.slice(0, maxReplayed)) {
            const attemptsBefore = row.attempts
            Object.assign(row, { status: 'pending', attemptsBefore, nextAttemptAt: now(), finishedAt: null })
          }
          const continueFrom = chosen[maxReplayed]?.event.occurredAt ?? null
          return { outcome: 'replayed', replayed: Math.min(chosen.length, maxReplayed), continueFrom }
        },
        effectOf: (result: ReplayOutcome) =>
          result.outcome === 'replayed'
            ? { replayed: result.replayed, continue_from: result.continueFrom?.toISOString() ?? null }
            : undefined,
      })
    },
  }
}

function eventOf({ tables }: MemoryDatabase, { eventId }: MemoryRows['deliveries']): MemoryRows['events'] {
  const event = tables.events.find(({ id }) => id === eventId)
  if (event === undefined) throw new Error(`There is no event ${eventId}.`)
  return event
}

function deliveryOf(database: MemoryDatabase, row: MemoryRows['deliveries']): Delivery {
  const { eventId, endpointId, status, nextAttemptAt, finishedAt } = row
  const event = eventOf(database, row)
  const attempts = database.tables.deliveryAttempts.filter(
    (attempt) => attempt.eventId === eventId && attempt.endpointId === endpointId,
  )
  return {
    eventId,
    eventType: event.type,
    occurredAt: event.occurredAt,
    status,
    attemptCount: row.attempts,
    attempts: attempts
      .slice(-maxShownAttempts)
      .map(({ eventId: _event, endpointId: _endpoint, ...attempt }) => attempt),
    nextAttemptAt,
    finishedAt,
  }
}
