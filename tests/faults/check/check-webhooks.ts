import type { DatabaseRecord, Histories, WebhookPost } from '#tests/faults/history/histories.ts'
import type { Findings } from './findings.ts'
import { descents, groupBy } from './group-by.ts'

type DeliveryRow = Extract<DatabaseRecord, { kind: 'delivery' }>

/** Promise 2 from the event log to the endpoints: signed, at least once, in order per chat, each fact under one id. */
export function checkWebhooks({ database, webhooks }: Histories, { counts, violations }: Findings): void {
  for (const { verified, webhookId, endpoint } of webhooks) {
    if (!verified) violations.push({ kind: 'unsigned', what: `${webhookId} at the ${endpoint} endpoint` })
  }
  const taken = webhooks.filter(({ verified, answer }) => verified && answer === 'accepted')
  const deliveries = database.flatMap((record) => (record.kind === 'delivery' ? [record] : []))
  for (const [endpointId, posts] of groupBy(taken, (post) => post.endpointId)) {
    const first = firstOfEach(posts, ({ webhookId }) => webhookId)
    counts.duplicates += posts.length - first.length
    checkFacts(first, violations)
    for (const [, lane] of groupBy(first.filter(isAboutMessage), ({ instanceId, chat }) => `${instanceId} ${chat}`)) {
      for (const [before, after] of descents(lane, ({ sequence }) => sequence ?? 0))
        violations.push({
          kind: 'order-break',
          what: `${endpointId} took ${describe(before)} before ${describe(after)}`,
        })
    }
  }
  checkDeliveries(deliveries, taken, webhooks, { counts, violations })
  counts.webhookP99Ms = p99(
    taken.flatMap(({ endpoint, ageMs }) => (endpoint === 'healthy' && ageMs !== undefined ? [ageMs] : [])),
  )
}

/** The same fact about the same message under two event ids. */
function checkFacts(posts: readonly WebhookPost[], violations: Findings['violations']): void {
  const facts = groupBy(
    posts.filter(isAboutMessage),
    ({ type, instanceId, chat, waMessageId }) => `${type} ${instanceId} ${chat} ${waMessageId}`,
  )
  for (const [, same] of facts) {
    if (same.length > 1 && same[0] !== undefined)
      violations.push({ kind: 'two-events', what: `${describe(same[0])} under ${same.length} ids` })
  }
}

/** Every delivery to a healthy endpoint was taken there, and none is called delivered that was not. */
function checkDeliveries(
  deliveries: readonly DeliveryRow[],
  taken: readonly WebhookPost[],
  posts: readonly WebhookPost[],
  { counts, violations }: Findings,
): void {
  const kindOf = new Map(posts.map(({ endpointId, endpoint }) => [endpointId, endpoint]))
  const takenKeys = new Set(taken.map(({ endpointId, webhookId }) => `${endpointId} ${webhookId}`))
  for (const { endpointId, eventId, status } of deliveries) {
    const there = takenKeys.has(`${endpointId} ${eventId}`)
    if (kindOf.get(endpointId) === 'healthy' && !there)
      violations.push({ kind: 'lost', what: `${eventId} on its way to healthy endpoint ${endpointId} (${status})` })
    else if (status === 'delivered' && !there)
      violations.push({ kind: 'wrong-status', what: `${eventId} is called delivered to ${endpointId}` })
    else if (!there) counts.undelivered += 1
  }
}

function isAboutMessage({ type, waMessageId }: WebhookPost): boolean {
  return type?.startsWith('message.') === true && waMessageId !== undefined
}

function firstOfEach<T>(records: readonly T[], keyOf: (record: T) => string): T[] {
  const seen = new Set<string>()
  return records.filter((record) => {
    const key = keyOf(record)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function describe({ type, body, webhookId, sequence }: WebhookPost): string {
  return `${type} of "${body}" (${webhookId}, ${sequence})`
}

function p99(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? 0
}
