import type { EventType } from '#contracts/events.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { selfSender, type Message } from '#core/ports/messages.ts'
import type { Outbox, OutboxEntry } from '#core/ports/outbox.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import { messageOf } from '#core/rules/message-of.ts'
import { limitLastsMs, oneLimitMs, presentSendingLimit } from '#core/rules/sending-limits.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { requireFence } from './memory-fence.ts'
import { recordEvent, recordMessageEvent } from './memory-record-event.ts'
import type { MemoryRows } from './memory-rows.ts'

type Row = MemoryRows['messages']

/** What a receipt can still change. */
const open = { delivered: ['sending', 'sent'], read: ['sending', 'sent', 'delivered'] }

export function createMemoryOutbox(database: MemoryDatabase): Outbox {
  const { tables, now } = database
  const unfinished = ({ status }: Row) => status === 'queued' || status === 'sending'

  /** The row with its changes and its event; undefined when there is nothing unfinished under the id. */
  function finish(fence: Fence, id: string, event: EventType, changes: () => Partial<Row>): Message | undefined {
    requireFence(database, fence)
    const row = tables.messages.find((message) => message.id === id && message.instanceId === fence.instanceId)
    if (row === undefined || !unfinished(row)) return undefined
    Object.assign(row, changes())
    recordMessageEvent(database, event, row)
    return messageOf(row)
  }

  return {
    async heads(looks, { chats, hinted = [], busy = [] }) {
      const waiting = (instanceId: InstanceId) =>
        headsOf(tables.messages.filter((row) => row.instanceId === instanceId && unfinished(row)))
      const next = new Map<InstanceId, string>()
      const found = new Set<Row>()
      for (const { instanceId, after } of looks) {
        const all = waiting(instanceId).toSorted((a, b) => (a.chat < b.chat ? -1 : 1))
        const steps = all.filter(({ chat }) => chat > after).slice(0, chats)
        if (steps.length === chats) next.set(instanceId, steps.at(-1)!.chat)
        const named = tables.messages.filter((row) => row.instanceId === instanceId && hinted.includes(row.id))
        for (const row of [...steps, ...all.filter(({ chat }) => named.some((row) => row.chat === chat))])
          found.add(row)
      }
      const entries = [...found]
        .filter(({ id }) => !busy.includes(id))
        .filter(
          ({ notBefore, expiresAt }) => (notBefore ?? now()) <= now() && (expiresAt === null || expiresAt > now()),
        )
        .toSorted((a, b) => a.seq - b.seq)
        .map((row) => ({ row, instance: tables.instances.find(({ id }) => id === row.instanceId)! }))
        .filter(({ row, instance }) => (instance.newChatsHeldUntil ?? now()) <= now() || !isNewChat(database, row))
        .map(({ row, instance }) => ({
          message: messageOf(row),
          attempts: row.attempts,
          quoted: quotedBy(database, row),
          newChat: isNewChat(database, row),
          pace: {
            newChatsPerMinute: instance.newChatsPerMinute,
            slowed: instance.slowedUntil !== null && instance.slowedUntil > now(),
          },
        }))
      return { entries, next }
    },

    async get(instanceId, id) {
      const row = tables.messages.find((message) => message.id === id && message.instanceId === instanceId)
      return row && messageOf(row)
    },

    async findByWaMessageId(instanceId, waMessageId) {
      const row = ownMessages(database, instanceId).find((message) => message.waMessageId === waMessageId)
      return row && messageOf(row)
    },

    async markSent(fence, id) {
      return finish(fence, id, 'message.sent', () => ({ status: 'sent', sentAt: now() }))
    },

    async markFailed(fence, id, failure) {
      return finish(fence, id, 'message.failed', () => ({ status: 'failed', failure }))
    },

    async limitSending(fence, reason) {
      requireFence(database, fence)
      const { instanceId } = fence
      const instance = tables.instances.find(({ id }) => id === instanceId)!
      const column = reason === 'wa-restricted' ? 'newChatsHeldUntil' : 'slowedUntil'
      const until = new Date(now().getTime() + limitLastsMs[reason])
      if ((instance[column]?.getTime() ?? 0) >= until.getTime() - oneLimitMs) return
      instance[column] = until
      const data = presentSendingLimit(instanceId, reason, until)
      recordEvent(database, { instanceId, type: 'instance.sending_limited', data, lane: instanceId })
    },

    async applyReceipt(fence, { waMessageIds, status }) {
      if (waMessageIds.length === 0) return
      requireFence(database, fence)
      for (const row of ownMessages(database, fence.instanceId)) {
        if (!waMessageIds.includes(row.waMessageId)) continue
        if (!open[status].includes(row.status) && row.failure !== 'DELIVERY_UNKNOWN') continue
        if (row.status === 'sending') {
          Object.assign(row, { status: 'sent', sentAt: now() })
          recordMessageEvent(database, 'message.sent', row)
        }
        Object.assign(row, { status, failure: null })
        row.sentAt ??= now()
        row.deliveredAt ??= now()
        if (status === 'read') row.readAt = now()
        recordMessageEvent(database, `message.${status}`, row)
      }
    },

    async expireDueAcrossCustomers(limit) {
      const due = tables.messages
        .filter((row) => unfinished(row) && row.expiresAt !== null && row.expiresAt <= now())
        .slice(0, limit)
      for (const row of due) {
        Object.assign(
          row,
          row.attempts === 0 ? { status: 'expired' } : { status: 'failed', failure: 'DELIVERY_UNKNOWN' },
        )
        recordMessageEvent(database, 'message.failed', row)
      }
      return due.length
    },
  }
}

/** The oldest of each chat. */
function headsOf(rows: readonly Row[]): Row[] {
  const heads = new Map<string, Row>()
  for (const row of rows) if (!heads.has(row.chat)) heads.set(row.chat, row)
  return [...heads.values()]
}

function isNewChat({ tables }: MemoryDatabase, { instanceId, chat, attempts }: Row): boolean {
  const exchanged = tables.messages.some(
    (row) =>
      row.instanceId === instanceId &&
      row.chat === chat &&
      ['sent', 'delivered', 'read', 'received'].includes(row.status),
  )
  return attempts === 0 && !exchanged
}

function ownMessages({ tables }: MemoryDatabase, instanceId: InstanceId): Row[] {
  return tables.messages.filter((row) => row.instanceId === instanceId && row.sender === selfSender)
}

function quotedBy({ tables }: MemoryDatabase, { contextMessageId, instanceId }: Row): OutboxEntry['quoted'] {
  const row = tables.messages.find((message) => message.id === contextMessageId && message.instanceId === instanceId)
  if (row === undefined) return undefined
  const { waMessageId, sender, content } = row
  return { waMessageId, sender, body: content.type === 'text' ? content.text.body : '' }
}
