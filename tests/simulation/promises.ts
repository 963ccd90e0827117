import type { MemoryRows } from '#core/testing/memory-rows.ts'
import type { Scenario } from './scenario.ts'
import { poisonBody } from './server-rack.ts'
import type { World } from './world.ts'
import { refusedBody } from './whatsapp.ts'

/** Nothing is on its way any more and everybody is where they should be; else what is missing. */
export function unsettled({ database, customers, whatsapp, slots }: World): string | undefined {
  const { tables } = database
  if (!customers.wishes.every(({ over }) => over)) return 'a customer still asks'
  if (!whatsapp.idle()) return 'WhatsApp still holds something for an account'
  const waiting = tables.messages.find(({ status }) => status === 'queued' || status === 'sending')
  if (waiting !== undefined) return `a message is ${waiting.status}`
  if (tables.inboundJournal.some(({ projectedAt }) => projectedAt === null)) return 'a journal row is not projected'
  if (tables.deliveries.some(({ status }) => status === 'pending')) return 'a delivery is pending'
  const runs = new Set(slots.map(({ behind }) => behind?.incarnation()))
  for (const { id, state } of tables.instances) {
    if (state !== 'connected') return `an instance is ${state}`
    if (!whatsapp.connected(id)) return 'an instance is not connected'
    const lease = tables.instanceLeases.find(({ instanceId }) => instanceId === id)
    if (!runs.has(lease?.ownerIncarnation ?? 'nobody')) return 'an instance has no living owner'
    const server = tables.servers.find((row) => row.id === lease?.serverId)
    if (server?.status !== 'active') return 'an instance stays on a server that is drained'
    if (slots.some((slot) => slot.isLost && slot.serverId === server.id)) return 'an instance stays on a dead server'
  }
  return undefined
}

/** What must be true of the whole story when it is over. */
export function judge(world: World, { written }: Scenario): void {
  judgeOutbound(world)
  judgeLimits(world)
  judgeInbound(world, written)
  judgeEvents(world)
  judgeDeliveries(world)
}

function judgeOutbound({ database, customers, whatsapp, watch, accounts }: World): void {
  const { messages } = database.tables
  const shown = whatsapp.shown()
  for (const { body, accepted, expiresAt } of customers.wishes) {
    const rows = messages.filter(({ content }) => content.type === 'text' && content.text.body === body)
    if (rows.length !== 1 || rows[0]?.id !== accepted) watch.accuse(`"${body}" has ${rows.length} rows`)
    const times = shown.filter((one) => one.body === body).length
    const [row] = rows
    if (row?.failure === 'RECIPIENT_RESTRICTED' && times === 0 && whatsapp.restricted(row.waMessageId)) continue
    // What was attempted and not confirmed may have been shown.
    if (expiresAt !== undefined && row?.status === 'expired' && times === 0) continue
    if (expiresAt !== undefined && row?.failure === 'DELIVERY_UNKNOWN' && times <= 1) continue
    if (body.startsWith(refusedBody)) {
      if (times > 0 || row?.status !== 'failed') watch.accuse(`"${body}" is ${row?.status} and shown ${times} times`)
      continue
    }
    if (times !== 1) watch.accuse(`"${body}" was accepted and is shown ${times} times`)
    if (row === undefined || !['delivered', 'read'].includes(row.status)) {
      watch.accuse(`"${body}" was shown and is ${row?.status}`)
    }
  }
  for (const { waMessageId, instanceId, body, raw } of shown) {
    const row = messages.find((one) => one.waMessageId === waMessageId && one.instanceId === instanceId)
    if (row === undefined) watch.accuse(`"${body}" was shown under an id that nobody accepted`)
    else if (row.attempts < raw) watch.accuse(`"${body}" left ${raw} times in ${row.attempts} attempts`)
  }
  for (const { instanceId } of accounts) {
    const own = messages.filter((row) => row.instanceId === instanceId && row.direction === 'outbound')
    for (const chat of new Set(own.map((row) => row.chat))) {
      const seen = shown.filter((one) => one.instanceId === instanceId && one.chat === chat)
      const accepted = own
        .filter((row) => row.chat === chat && seen.some((one) => one.waMessageId === row.waMessageId))
        .toSorted((a, b) => a.seq - b.seq)
      sameOrder(
        watch,
        'outbound',
        accepted.map((row) => row.waMessageId),
        seen.map((one) => one.waMessageId),
      )
    }
  }
}

/** Whoever loses a message to a restriction is told of it, and what was not tried yet waits for its end. */
function judgeLimits({ database, watch, accounts }: World): void {
  const { events, messages, instances } = database.tables
  for (const { instanceId } of accounts) {
    const isRestricted = messages.some((row) => row.instanceId === instanceId && row.failure === 'RECIPIENT_RESTRICTED')
    const told = events.some((event) => event.instanceId === instanceId && event.data['reason'] === 'wa-restricted')
    const held = instances.some(({ id, newChatsHeldUntil }) => id === instanceId && newChatsHeldUntil !== null)
    if (told !== held) watch.accuse(told ? 'a restriction was told and holds nothing' : 'a restriction was not told')
    if (isRestricted && !held) watch.accuse('a message failed for a restriction that holds nothing')
  }
}

function judgeInbound({ database, watch, accounts }: World, written: Scenario['written']): void {
  const { messages, events } = database.tables
  for (const { instanceId } of accounts) {
    const own = written.filter((one) => one.instanceId === instanceId)
    const rows = messages.filter((row) => row.instanceId === instanceId && row.direction === 'inbound')
    const told = events
      .filter((event) => event.instanceId === instanceId && event.type === 'message.received')
      .toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0))
      .map(({ data }) => rows.find(({ id }) => id === data['id']))
    for (const from of new Set(own.map((one) => one.from))) {
      const readable = own.filter((one) => one.from === from && !one.body.startsWith(poisonBody))
      sameOrder(
        watch,
        'inbound',
        readable.map((one) => one.waMessageId),
        told.filter((row) => row?.chat === from).map((row) => row?.waMessageId ?? ''),
      )
    }
    if (rows.length !== own.filter(({ body }) => !body.startsWith(poisonBody)).length) {
      watch.accuse(`${own.length} messages came in and ${rows.length} were recorded`)
    }
  }
}

function judgeEvents({ database, watch, accounts }: World): void {
  const { events, messages } = database.tables
  for (const { instanceId } of accounts) {
    const own = events.filter((event) => event.instanceId === instanceId)
    const sequences = own.map(({ sequence }) => sequence ?? 0).toSorted((a, b) => a - b)
    if (sequences.some((sequence, index) => sequence !== index + 1)) watch.accuse('events are not numbered 1, 2, 3 ...')
    for (const { id } of messages.filter((row) => row.instanceId === instanceId)) {
      const types = own.filter(({ data }) => data['id'] === id).map(({ type }) => type)
      if (new Set(types).size !== types.length) watch.accuse(`one message was told twice: ${types.join(', ')}`)
      const story = ['message.received', 'message.sent', 'message.delivered', 'message.read', 'message.failed']
      const places = types.map((type) => story.indexOf(type))
      if (places.some((place, index) => index > 0 && place < (places[index - 1] ?? 0))) {
        watch.accuse(`a message was told backwards: ${types.join(', ')}`)
      }
    }
  }
}

function judgeDeliveries({ database, watch, receivers }: World): void {
  const { deliveries, deliveryAttempts, events, webhookEndpoints } = database.tables
  for (const endpoint of webhookEndpoints) {
    for (const { id } of events) {
      const own = (row: Pick<MemoryRows['deliveries'], 'eventId' | 'endpointId'>) =>
        row.eventId === id && row.endpointId === endpoint.id
      const rows = deliveries.filter(own)
      const [row] = rows
      if (row === undefined || rows.length !== 1) {
        watch.accuse(`an event has ${rows.length} deliveries to one endpoint`)
        continue
      }
      if (row.status !== 'delivered') watch.accuse(`a delivery ended ${row.status}`)
      if (receivers.received(endpoint.url, id) === 0) watch.accuse('an event counts as delivered and never arrived')
      const attempts = deliveryAttempts.filter(own).map(({ attempt }) => attempt)
      if (attempts.length !== row.attempts || new Set(attempts).size !== attempts.length) {
        watch.accuse(`${row.attempts} attempts are counted and ${attempts.length} are kept`)
      }
      if (row.claimToken !== null || row.claimedUntil !== null) watch.accuse('a delivery that is over is claimed')
    }
  }
}

function sameOrder(watch: World['watch'], which: string, wanted: readonly string[], seen: readonly string[]): void {
  if (wanted.join(' ') !== seen.join(' ')) {
    watch.accuse(`${which} order of a chat: ${seen.join(' ')} instead of ${wanted.join(' ')}`)
  }
}
