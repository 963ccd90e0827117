import type { DatabaseRecord, Histories } from '#tests/faults/history/histories.ts'
import { parseText } from '#tests/faults/history/histories.ts'
import type { Findings } from './findings.ts'
import { descents, groupBy } from './group-by.ts'

type EventRow = Extract<DatabaseRecord, { kind: 'event' }>
type MessageRow = Extract<DatabaseRecord, { kind: 'message' }>

/** Promise 2 up to the event log: what a phone wrote is one message and one event, in order per chat. */
export function checkInbound({ wire, database, webhooks }: Histories, { counts, violations }: Findings): void {
  const messages = database.flatMap((record) => (record.kind === 'message' ? [record] : []))
  const events = database.flatMap((record) => (record.kind === 'event' ? [record] : []))
  const rows = groupBy(
    messages.filter(({ direction }) => direction === 'inbound'),
    ({ body }) => body,
  )
  const told = new Set(
    webhooks.flatMap(({ endpoint, answer, type, body }) =>
      endpoint === 'healthy' && answer === 'accepted' && type === 'message.received' ? [body] : [],
    ),
  )
  counts.received = told.size

  for (const record of wire) {
    if (record.kind !== 'written') continue
    counts.written += 1
    const stored = rows.get(record.body)?.length ?? 0
    if (!record.receipt) violations.push({ kind: 'lost', what: `"${record.body}" never got a receipt` })
    if (stored === 0) violations.push({ kind: 'lost', what: `"${record.body}" is in no row` })
    if (stored > 1) violations.push({ kind: 'two-events', what: `"${record.body}" is in ${stored} rows` })
    if (!told.has(record.body))
      violations.push({ kind: 'lost', what: `"${record.body}" was told to no healthy endpoint` })
  }
  checkEvents(messages, events, { counts, violations })
}

/** What each status must have told, once. */
const toldBy: Record<string, readonly string[]> = {
  received: ['message.received'],
  sent: ['message.sent'],
  delivered: ['message.sent', 'message.delivered'],
  read: ['message.sent', 'message.delivered', 'message.read'],
  failed: ['message.failed'],
  expired: ['message.failed'],
}

/** What happened to a message is told once each, and never backwards. */
function checkEvents(messages: MessageRow[], events: EventRow[], { violations }: Findings): void {
  const eventsOf = groupBy(events, ({ messageId }) => messageId)
  for (const { id, body, status } of messages) {
    const own = (eventsOf.get(id) ?? []).toSorted((one, other) => one.sequence - other.sequence)
    for (const [type, same] of groupBy(own, (event) => event.type)) {
      if (same.length > 1) violations.push({ kind: 'two-events', what: `${same.length} ${type} of "${body}" (${id})` })
    }
    for (const type of toldBy[status] ?? []) {
      if (!own.some((event) => event.type === type))
        violations.push({ kind: 'missing-event', what: `"${body}" is ${status} without ${type} (${id})` })
    }
    for (const [before, after] of descents(own, ({ type }) => stages.indexOf(type)))
      violations.push({ kind: 'order-break', what: `${before.type} of "${body}" comes before ${after.type} (${id})` })
  }
  const bodies = new Map(messages.map(({ id, body }) => [id, body]))
  const received = events
    .filter(({ type }) => type === 'message.received')
    .toSorted((one, other) => one.sequence - other.sequence)
    .flatMap(({ messageId }) => parseText(bodies.get(messageId)) ?? [])
  for (const [chat, texts] of groupBy(received, (text) => text.chat)) {
    for (const [before, after] of descents(texts, ({ number }) => number))
      violations.push({ kind: 'order-break', what: `event of "in ${chat} ${before.number}" before ${after.number}` })
  }
}

const stages = ['message.received', 'message.sent', 'message.delivered', 'message.read', 'message.failed']
