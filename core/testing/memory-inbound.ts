import { newId, type InstanceId } from '#contracts/ids.ts'
import { orphanedAfterMs, type Inbound, type ProjectedMessage, type UnprojectedRow } from '#core/ports/inbound.ts'
import { selfSender } from '#core/ports/messages.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { recordEvent, recordMessageEvent } from './memory-record-event.ts'
import type { MemoryRows } from './memory-rows.ts'

type JournalRow = MemoryRows['inboundJournal']
type Place = Pick<MemoryRows['messages'], 'instanceId' | 'waMessageId' | 'chat' | 'sender'>

export function createMemoryInbound(database: MemoryDatabase): Inbound {
  const { tables, now } = database

  function waiting(limit: number, isWanted: (row: JournalRow) => boolean): UnprojectedRow[] {
    return tables.inboundJournal
      .filter((row) => row.projectedAt === null && isWanted(row))
      .toSorted((a, b) => a.seq - b.seq)
      .slice(0, limit)
      .map(({ instanceId, seq, waMessageId, stanza, plaintext, receivedAt }) => ({
        instanceId,
        seq,
        waMessageId,
        stanza: { ...stanza },
        plaintext: plaintext.slice(),
        receivedAt,
      }))
  }

  /** Marks the row and returns it; undefined when it was projected already. */
  function take(instanceId: InstanceId, seq: number): JournalRow | undefined {
    const row = tables.inboundJournal.find((entry) => entry.instanceId === instanceId && entry.seq === seq)
    if (row === undefined || row.projectedAt !== null) return undefined
    row.projectedAt = now()
    return row
  }

  /** Tells under the id that the message will have, unless it is known or was told. */
  function tellUndecryptable(place: Place, aliases: Place, failedAt: Date): boolean {
    if (isKnown(tables.messages, place) || findTold(place, aliases) !== undefined) return false
    const { instanceId, waMessageId, chat, sender } = place
    const row = { instanceId, waMessageId, chat, sender, messageId: newId('message'), failedAt }
    recordUndecryptable(database, database.insert('undecryptableMessages', row), false)
    return true
  }

  function show(
    place: Place,
    aliases: Place,
    { content, receivedAt }: { content: NonNullable<ProjectedMessage['content']>; receivedAt: Date },
  ): boolean {
    const found = findTold(place, aliases)
    const told = found?.resolvedAt === null ? found : undefined
    if (told !== undefined) told.resolvedAt = now()
    const instance = tables.instances.find(({ id }) => id === place.instanceId)
    if (instance === undefined || isKnown(tables.messages, place)) return false
    const own = place.sender === selfSender
    const inserted = database.insert('messages', {
      ...place,
      id: told?.messageId ?? newId('message'),
      customerId: instance.customerId,
      direction: own ? 'outbound' : 'inbound',
      type: content.type,
      content,
      status: own ? 'sent' : 'received',
      createdAt: receivedAt,
      sentAt: own ? receivedAt : null,
    })
    recordMessageEvent(database, own ? 'message.sent' : 'message.received', inserted)
    if (told !== undefined) recordUndecryptable(database, { ...told, ...place }, true)
    return true
  }

  /** What was told of this message, under its number or its anonymous address. */
  function findTold(place: Place, { chat, sender }: Place) {
    return tables.undecryptableMessages.find((row) =>
      isSame(
        {
          ...row,
          chat: row.chat === chat ? place.chat : row.chat,
          sender: row.sender === sender ? place.sender : row.sender,
        },
        place,
      ),
    )
  }

  const store: Inbound = {
    unprojected: async (instanceIds, limit) => waiting(limit, (row) => instanceIds.includes(row.instanceId)),

    orphansAcrossCustomers: async (limit) =>
      waiting(
        limit,
        ({ instanceId, receivedAt }) =>
          receivedAt.getTime() <= now().getTime() - orphanedAfterMs && !isOwned(database, instanceId),
      ),

    async project({ instanceId, seq }, message) {
      const row = take(instanceId, seq)
      if (row === undefined || message === undefined) return false
      const { content, numbers, waMessageId } = message
      for (const [lid, phoneNumber] of numbers ?? []) learn(database, instanceId, lid, phoneNumber)
      const chat = numberOf(database, instanceId, message.chat)
      const sender = numberOf(database, instanceId, message.sender)
      const place = { instanceId, waMessageId, chat, sender }
      const lidOf = (address: string) => [...(numbers ?? [])].find(([, known]) => known === address)?.[0] ?? address
      const aliases = { ...place, chat: lidOf(message.chat), sender: lidOf(message.sender) }
      const { receivedAt } = row
      if (content === null) return tellUndecryptable(place, aliases, receivedAt)
      return show(place, aliases, { content, receivedAt })
    },

    async projectAll(projections) {
      const areNew: boolean[] = []
      for (const { row, message } of projections) areNew.push(await store.project(row, message))
      return areNew
    },

    async setAside({ instanceId, seq }, version) {
      const row = take(instanceId, seq)
      if (row !== undefined) row.undecodableBy = version
    },

    async retrySetAsideAcrossCustomers(version, limit) {
      const rows = tables.inboundJournal
        .filter(({ undecodableBy }) => undecodableBy !== null && undecodableBy !== version)
        .toSorted((a, b) => a.seq - b.seq)
        .slice(0, limit)
      for (const row of rows) Object.assign(row, { projectedAt: null, undecodableBy: null })
      return rows.length
    },
  }
  return store
}

/** Remembers the number, and moves what stands under the anonymous address. */
function learn(database: MemoryDatabase, instanceId: InstanceId, lid: string, phoneNumber: string): void {
  const { contactNumbers, messages } = database.tables
  const known = contactNumbers.find((row) => row.instanceId === instanceId && row.lid === lid)
  if (known?.phoneNumber === phoneNumber) return
  if (known === undefined) database.insert('contactNumbers', { instanceId, lid, phoneNumber })
  else Object.assign(known, { phoneNumber, learnedAt: database.now() })
  const moved = (address: string) => (address === lid ? phoneNumber : address)
  for (const row of messages) {
    const place = { ...row, chat: moved(row.chat), sender: moved(row.sender) }
    if (row.instanceId === instanceId && !isKnown(messages, place)) {
      Object.assign(row, { chat: place.chat, sender: place.sender })
    }
  }
}

function numberOf({ tables }: MemoryDatabase, instanceId: InstanceId, address: string): string {
  const known = tables.contactNumbers.find((row) => row.instanceId === instanceId && row.lid === address)
  return known?.phoneNumber ?? address
}

function isOwned({ tables, now }: MemoryDatabase, instanceId: InstanceId): boolean {
  const owner = tables.instanceLeases.find((lease) => lease.instanceId === instanceId)?.ownerIncarnation ?? null
  return tables.servers.some(
    ({ incarnation, leaseExpiresAt }) =>
      owner !== null && incarnation === owner && leaseExpiresAt !== null && leaseExpiresAt > now(),
  )
}

function isSame(one: Place, other: Place): boolean {
  return (
    one.instanceId === other.instanceId &&
    one.waMessageId === other.waMessageId &&
    one.chat === other.chat &&
    one.sender === other.sender
  )
}

function isKnown(table: readonly Place[], place: Place): boolean {
  return table.some((row) => isSame(row, place))
}

function recordUndecryptable(
  database: MemoryDatabase,
  { instanceId, messageId, chat, sender, waMessageId }: MemoryRows['undecryptableMessages'],
  resolved: boolean,
): void {
  const ownNumber = database.tables.instances.find(({ id }) => id === instanceId)?.phoneNumber ?? null
  const from = sender === selfSender ? ownNumber : sender
  const data = { instance_id: instanceId, message_id: messageId, from, chat, wa_message_id: waMessageId, resolved }
  recordEvent(database, { instanceId, type: 'message.undecryptable', data, lane: `${instanceId}/${chat}` })
}
