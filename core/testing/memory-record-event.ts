import type { EventType } from '#contracts/events.ts'
import { newId, type CustomerId, type InstanceId } from '#contracts/ids.ts'
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
  address(database, database.insert('events', { id, customerId, instanceId, sequence, type, data: { ...data } }), lane)
}

/** The same for what belongs to no instance. */
export function recordCustomerEvent(
  database: MemoryDatabase,
  { customerId, type, data, lane }: { customerId: CustomerId; type: EventType; data: object; lane: string },
): void {
  address(database, database.insert('events', { id: newId('event'), customerId, type, data: { ...data } }), lane)
}

function address(
  database: MemoryDatabase,
  { id, customerId, instanceId, type }: MemoryRows['events'],
  lane: string,
): void {
  for (const endpoint of database.tables.webhookEndpoints) {
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
