import { newId } from '#contracts/ids.ts'
import type { Inbound } from '#core/ports/inbound.ts'
import { selfSender } from '#core/ports/messages.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { recordMessageEvent } from './memory-record-event.ts'

export function createMemoryInbound(database: MemoryDatabase): Inbound {
  const { tables, now } = database
  return {
    async unprojected(instanceIds, limit) {
      return tables.inboundJournal
        .filter((row) => row.projectedAt === null && instanceIds.includes(row.instanceId))
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
    },

    async project({ instanceId, seq }, message) {
      const row = tables.inboundJournal.find((entry) => entry.instanceId === instanceId && entry.seq === seq)
      if (row === undefined || row.projectedAt !== null) return false
      row.projectedAt = now()
      const instance = tables.instances.find(({ id }) => id === instanceId)
      if (message === undefined || instance === undefined) return false
      const { waMessageId, chat, sender, content } = message
      const known = tables.messages.some(
        (other) =>
          other.instanceId === instanceId &&
          other.waMessageId === waMessageId &&
          other.chat === chat &&
          other.sender === sender,
      )
      if (known) return false
      const own = sender === selfSender
      const inserted = database.insert('messages', {
        id: newId('message'),
        customerId: instance.customerId,
        instanceId,
        direction: own ? 'outbound' : 'inbound',
        chat,
        sender,
        waMessageId,
        type: content.type,
        content,
        status: own ? 'sent' : 'received',
        createdAt: row.receivedAt,
        sentAt: own ? row.receivedAt : null,
      })
      recordMessageEvent(database, own ? 'message.sent' : 'message.received', inserted)
      return true
    },
  }
}
