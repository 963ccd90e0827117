import type { CustomerId } from '#contracts/ids.ts'
import type { KeyStanding } from '#core/ports/api-keys.ts'
import { keptForMs } from '#core/ports/idempotency.ts'
import {
  selfSender,
  type Acceptance,
  type InsertOutcome,
  type Messages,
  type NewMessage,
} from '#core/ports/messages.ts'
import { messageOf } from '#core/rules/message-of.ts'
import { keyStanding } from './memory-api-keys.ts'
import { recordAudit } from './memory-audit-log.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { routeOf } from './memory-instances.ts'
import { memoryPage } from './memory-page.ts'
import { recordMessageEvent } from './memory-record-event.ts'
import { countMessage } from './memory-quota.ts'

export function createMemoryMessages(database: MemoryDatabase): Messages {
  const { tables } = database

  return {
    async insertOnce(customerId, keyId, message) {
      const key = tables.apiKeys.find((row) => row.id === keyId && row.customerId === customerId)
      const standing = key === undefined ? undefined : keyStanding(database, keyId, message.calledFrom)
      return accept(database, customerId, standing, message)
    },

    async insertForAdmin(customerId, audit, message) {
      const result = accept(database, customerId, standingForAdmin(database, customerId), message)
      if (result.outcome === 'ok' && result.acceptance.message?.replayed === false) recordAudit(database, audit)
      return result
    },

    async get(customerId, id) {
      const row = tables.messages.find((message) => message.id === id && message.customerId === customerId)
      return row === undefined ? undefined : messageOf(row)
    },

    async cancel(customerId, id) {
      const row = tables.messages.find((message) => message.id === id && message.customerId === customerId)
      if (row?.status === 'queued') {
        row.status = 'cancelled'
        recordMessageEvent(database, 'message.failed', row)
      }
      return row === undefined ? undefined : messageOf(row)
    },

    async list(customerId, instanceId, { direction, status, chat, ...query }) {
      if (instanceOf(database, customerId, { instanceId }) === undefined) return undefined
      const { items, nextCursor } = memoryPage(
        `messages/${instanceId}`,
        tables.messages.filter((row) => row.instanceId === instanceId),
        (row) =>
          (direction === undefined || row.direction === direction) &&
          (status === undefined || row.status === status) &&
          (chat === undefined || row.chat === chat),
        query,
      )
      return { items: items.map(messageOf), nextCursor }
    },
  }
}

const nothingFound: Acceptance = { key: undefined, instance: undefined, contextFound: false, message: undefined }

/** Accepts a message for whoever stands so. */
function accept(
  database: MemoryDatabase,
  customerId: CustomerId,
  standing: KeyStanding | undefined,
  message: NewMessage,
): InsertOutcome {
  const { tables } = database
  if (standing === undefined) return { outcome: 'ok', acceptance: nothingFound }
  const instance = instanceOf(database, customerId, message)
  const contextFound = contextOf(database, customerId, message)
  for (const row of tables.messages) {
    const old = row.createdAt.getTime() <= database.now().getTime() - keptForMs
    if (old && row.customerId === customerId && row.idempotencyKey === message.idempotencyKey) row.idempotencyKey = null
  }
  const replayed = tables.messages.find(
    (row) =>
      row.customerId === customerId && row.idempotencyKey !== null && row.idempotencyKey === message.idempotencyKey,
  )
  const allowed =
    standing.keyLive &&
    standing.addressAllowed &&
    standing.customerStatus === 'active' &&
    standing.scopes.includes('messages:send') &&
    instance !== undefined &&
    (instance.connected || !message.requireConnected) &&
    contextFound
  const isNew = allowed && replayed === undefined
  if (isNew && !countMessage(database, customerId)) return { outcome: 'quota-exceeded' }
  const row = isNew ? insert(database, customerId, message) : replayed
  const found =
    row === undefined || row.requestHash === null
      ? undefined
      : { message: messageOf(row), replayed: !isNew, requestHash: row.requestHash.slice() }
  return { outcome: 'ok', acceptance: { key: standing, instance, contextFound, message: found } }
}

/** An admin may what a key could, so only the customer counts. */
function standingForAdmin({ tables }: MemoryDatabase, customerId: CustomerId): KeyStanding | undefined {
  const customer = tables.customers.find((row) => row.id === customerId)
  if (customer === undefined) return undefined
  return {
    keyLive: true,
    addressAllowed: true,
    useRecorded: true,
    customerStatus: customer.deletedAt === null ? customer.status : 'deleted',
    scopes: ['messages:send'],
    plan: customer.plan,
    limitOverrides: customer.limitOverrides,
  }
}

function instanceOf(
  database: MemoryDatabase,
  customerId: CustomerId,
  { instanceId }: Pick<NewMessage, 'instanceId'>,
): Acceptance['instance'] {
  const instance = database.tables.instances.find(
    (row) => row.id === instanceId && row.customerId === customerId && row.deletedAt === null,
  )
  const route = routeOf(database, instanceId)
  if (instance === undefined || route === undefined) return undefined
  const connected = instance.state === 'connected' && route.incarnation !== null
  return { connected, phoneNumber: instance.phoneNumber, route }
}

function contextOf({ tables }: MemoryDatabase, customerId: CustomerId, { contextMessageId, instanceId }: NewMessage) {
  return (
    contextMessageId === null ||
    tables.messages.some(
      (row) => row.id === contextMessageId && row.instanceId === instanceId && row.customerId === customerId,
    )
  )
}

function insert(database: MemoryDatabase, customerId: CustomerId, { expiry, ...message }: NewMessage) {
  const { id, instanceId, chat, waMessageId, content, contextMessageId, idempotencyKey, requestHash } = message
  return database.insert('messages', {
    id,
    customerId,
    instanceId,
    direction: 'outbound',
    chat,
    sender: selfSender,
    waMessageId,
    type: content.type,
    content,
    contextMessageId,
    status: 'queued',
    idempotencyKey,
    requestHash,
    expiresAt: 'at' in expiry ? expiry.at : new Date(database.now().getTime() + expiry.afterMs),
  })
}
