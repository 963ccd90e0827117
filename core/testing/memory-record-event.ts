import type { EventType } from '#contracts/events.ts'
import { newId, type InstanceId } from '#contracts/ids.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows } from './memory-rows.ts'

/** Counts, records the event and addresses it to the customer's enabled endpoints that subscribe to it. */
export function recordEvent(
  database: MemoryDatabase,
  { instanceId, type, data, lane }: { instanceId: InstanceId; type: EventType; data: object; lane: string },
): void {
  const { tables } = database
  const instance = tables.instances.find((row) => row.id === instanceId)
  if (instance === undefined) throw new Error(`There is no instance ${instanceId}.`)
  const { customerId } = instance
  const counter =
    tables.instanceCounters.find((row) => row.instanceId === instanceId) ??
    database.insert('instanceCounters', { instanceId })
  const sequence = ++counter.eventSequence
  const id = newId('event')
  database.insert('events', { id, customerId, instanceId, sequence, type, data: { ...data } })
  for (const endpoint of tables.webhookEndpoints) {
    const listens =
      endpoint.customerId === customerId &&
      endpoint.status === 'enabled' &&
      endpoint.deletedAt === null &&
      (endpoint.instanceId === null || endpoint.instanceId === instanceId) &&
      (endpoint.events.includes('*') || endpoint.events.includes(type))
    if (listens) database.insert('deliveries', { eventId: id, endpointId: endpoint.id, customerId, lane })
  }
}

export function recordMessageEvent(database: MemoryDatabase, type: EventType, message: MemoryRows['messages']): void {
  const { instanceId, chat } = message
  const ownNumber = database.tables.instances.find((row) => row.id === instanceId)?.phoneNumber ?? null
  recordEvent(database, { instanceId, type, data: presentMessage(message, ownNumber), lane: `${instanceId}/${chat}` })
}
