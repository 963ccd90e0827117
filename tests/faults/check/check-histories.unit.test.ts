import { expect, it } from 'vitest'
import type { DatabaseRecord, Histories, WebhookPost, WireRecord } from '#tests/faults/history/histories.ts'
import { checkHistories } from './check-histories.ts'
import { violationKinds, type Violation, type ViolationKind } from './findings.ts'
import { printFindings } from './print-findings.ts'

const healthy = 'whk_healthy'

/** Two messages out and two in, in one chat, and nothing went wrong. */
function goodRun(): Histories {
  const post = (number: number, way: 'out' | 'in'): WebhookPost => ({
    atMs: 1_000 + number,
    endpointId: healthy,
    endpoint: 'healthy',
    webhookId: `evt_${way}${number}`,
    verified: true,
    answer: 'accepted',
    type: way === 'in' ? 'message.received' : 'message.sent',
    instanceId: 'ins_1',
    sequence: (way === 'in' ? 0 : 10) + number,
    ageMs: 10 * number,
    chat: '+551',
    waMessageId: `WA-${way}${number}`,
    body: `${way} 0.0 ${number}`,
  })
  const rows = (way: 'out' | 'in', number: number): DatabaseRecord[] => [
    {
      kind: 'message',
      id: `msg_${way}${number}`,
      instanceId: 'ins_1',
      direction: way === 'in' ? 'inbound' : 'outbound',
      waMessageId: `WA-${way}${number}`,
      body: `${way} 0.0 ${number}`,
      status: way === 'in' ? 'received' : 'sent',
      attempts: 1,
    },
    {
      kind: 'event',
      id: `evt_${way}${number}`,
      instanceId: 'ins_1',
      sequence: (way === 'in' ? 0 : 10) + number,
      type: way === 'in' ? 'message.received' : 'message.sent',
      messageId: `msg_${way}${number}`,
    },
    { kind: 'delivery', eventId: `evt_${way}${number}`, endpointId: healthy, status: 'delivered', attempts: 1 },
  ]
  const wire = (number: number): WireRecord[] => [
    { kind: 'shown', body: `out 0.0 ${number}`, waMessageId: `WA-out${number}`, rawStanzas: 1 },
    { kind: 'written', body: `in 0.0 ${number}`, waMessageId: `WA-in${number}`, receipt: true },
  ]
  return {
    api: [1, 2].map((number) => ({
      atMs: number,
      key: `key-${number}`,
      body: `out 0.0 ${number}`,
      status: 202,
      messageId: `msg_out${number}`,
      waMessageId: `WA-out${number}`,
    })),
    wire: [...wire(1), ...wire(2)],
    database: [
      ...([1, 2] as const).flatMap((number) => [...rows('out', number), ...rows('in', number)]),
      { kind: 'epoch', instanceId: 'ins_1', epoch: 1, atMs: 100 },
      { kind: 'epoch', instanceId: 'ins_1', epoch: 2, atMs: 5_000 },
      { kind: 'journal', instanceId: 'ins_1', seq: 1, epoch: 1 },
      { kind: 'journal', instanceId: 'ins_1', seq: 2, epoch: 2 },
    ],
    webhooks: [post(1, 'in'), post(2, 'in'), post(1, 'out'), post(2, 'out')],
    writes: [
      { startedMs: 200, operation: 'commit', instanceId: 'ins_1', epoch: 1 },
      // It began before the next owner did, so the next owner waited for it.
      { startedMs: 4_999, operation: 'commit', instanceId: 'ins_1', epoch: 1 },
      { startedMs: 5_001, operation: 'commit', instanceId: 'ins_1', epoch: 2 },
    ],
  }
}

const kindsOf = (violations: readonly Violation[]) => [...new Set(violations.map(({ kind }) => kind))]

it('a run in which everything held has its figures and no violation', () => {
  const { counts, violations } = checkHistories(goodRun())
  expect(violations).toEqual([])
  expect(counts).toEqual({
    accepted: 2,
    shown: 2,
    unknown: 0,
    repeatedRequests: 0,
    rawResends: 0,
    written: 2,
    received: 2,
    duplicates: 0,
    undelivered: 0,
    webhookP99Ms: 20,
    epochs: 2,
    fencedWrites: 3,
  })
})

const first = <T>(records: readonly T[], fits: (record: T) => boolean): T => {
  const found = records.find(fits)
  if (found === undefined) throw new Error('The good run has no such record.')
  return found
}
const isShown = (number: number) => (record: WireRecord) =>
  record.kind === 'shown' && record.body.endsWith(` ${number}`)
const isWritten = (record: WireRecord) => record.kind === 'written'
const isRow = (kind: DatabaseRecord['kind'], id: string) => (record: DatabaseRecord) =>
  record.kind === kind && 'id' in record && record.id === id
const remove = <T>(records: T[], fits: (record: T) => boolean) => {
  records.splice(records.indexOf(first(records, fits)), 1)
}

/** One thing planted into the good run, and what it has to be called. */
const planted: [string, ViolationKind[], (run: Histories) => void][] = [
  ['an accepted message that no phone shows', ['lost'], (run) => remove(run.wire, isShown(2))],
  ['an accepted message whose row is gone', ['lost'], (run) => remove(run.database, isRow('message', 'msg_out1'))],
  [
    'a message that is shown under two ids',
    ['shown-twice', 'wrong-status'],
    (run) => run.wire.push({ kind: 'shown', body: 'out 0.0 2', waMessageId: 'WA-other', rawStanzas: 1 }),
  ],
  [
    'two messages shown the wrong way round',
    ['order-break'],
    (run) => void run.wire.splice(0, 0, ...run.wire.splice(2, 1)),
  ],
  [
    'one key that made two messages',
    ['idempotency'],
    (run) => run.api.push({ ...first(run.api, () => true), messageId: 'msg_x' }),
  ],
  [
    'a good request that is refused',
    ['refused'],
    (run) => run.api.unshift({ atMs: 1, key: 'key-1', body: 'out 0.0 1', status: 409 }),
  ],
  [
    'a message that is shown and called failed',
    ['missing-event', 'wrong-status'],
    (run) => void Object.assign(first(run.database, isRow('message', 'msg_out1')), { status: 'failed' }),
  ],
  [
    'what a phone wrote without a receipt',
    ['lost'],
    (run) => void Object.assign(first(run.wire, isWritten), { receipt: false }),
  ],
  ['a receipt for what is in no row', ['lost'], (run) => remove(run.database, isRow('message', 'msg_in1'))],
  [
    'what a phone wrote in two rows',
    ['two-events', 'missing-event'],
    (run) =>
      run.database.push({ ...first(run.database, isRow('message', 'msg_in1')), id: 'msg_in1b' } as DatabaseRecord),
  ],
  [
    'a received message that no endpoint was told',
    ['lost'],
    (run) => remove(run.webhooks, ({ webhookId }) => webhookId === 'evt_in1'),
  ],
  [
    'one message told under two event ids',
    ['two-events', 'order-break'],
    (run) => run.webhooks.push({ ...first(run.webhooks, () => true), webhookId: 'evt_again' }),
  ],
  [
    'two events of one kind about one message',
    ['two-events'],
    (run) =>
      run.database.push({
        ...first(run.database, isRow('event', 'evt_out1')),
        id: 'evt_b',
        sequence: 30,
      } as DatabaseRecord),
  ],
  ['a message whose event is missing', ['missing-event'], (run) => remove(run.database, isRow('event', 'evt_out2'))],
  ['events of one chat that a webhook got the wrong way round', ['order-break'], (run) => void run.webhooks.reverse()],
  [
    'received messages whose events stand the wrong way round',
    ['order-break'],
    (run) => void Object.assign(first(run.database, isRow('event', 'evt_in1')), { sequence: 5 }),
  ],
  [
    'a status that goes back',
    ['order-break', 'missing-event'],
    (run) => {
      Object.assign(first(run.database, isRow('message', 'msg_out1')), { status: 'read' })
      run.database.push({
        ...first(run.database, isRow('event', 'evt_out1')),
        id: 'evt_d',
        type: 'message.delivered',
        sequence: 3,
      } as DatabaseRecord)
    },
  ],
  [
    'an unsigned webhook',
    ['unsigned'],
    (run) =>
      run.webhooks.push({
        atMs: 1,
        endpointId: healthy,
        endpoint: 'healthy',
        webhookId: 'evt_in1',
        verified: false,
        answer: 'refused',
      }),
  ],
  [
    'a delivery that is called done and never came',
    ['wrong-status'],
    (run) => {
      run.webhooks.push({ ...first(run.webhooks, () => true), endpointId: 'whk_slow', endpoint: 'slow' })
      run.database.push({
        kind: 'delivery',
        eventId: 'evt_in2',
        endpointId: 'whk_slow',
        status: 'delivered',
        attempts: 1,
      })
    },
  ],
  [
    'a write of an old owner that began after its successor did',
    ['stale-epoch'],
    (run) => run.writes.push({ startedMs: 5_002, operation: 'markSent', instanceId: 'ins_1', epoch: 1 }),
  ],
  [
    "an old owner's journal row behind its successor's",
    ['stale-epoch'],
    (run) => run.database.push({ kind: 'journal', instanceId: 'ins_1', seq: 3, epoch: 1 }),
  ],
]

it.each(planted)('finds %s', (_what, kinds, plant) => {
  const run = goodRun()
  plant(run)
  const findings = checkHistories(run)
  expect(kindsOf(findings.violations).toSorted()).toEqual(kinds.toSorted())
  for (const kind of kinds) expect(printFindings(findings).join('\n')).toMatch(new RegExp(`${kind}: .* [1-9]`))
})

it('has a planted example of every kind', () => {
  const shown = new Set(planted.flatMap(([, kinds]) => kinds))
  expect(Object.keys(violationKinds).filter((kind) => !shown.has(kind as ViolationKind))).toEqual([])
})

it('counts what is allowed: repetitions, raw resends, deliveries again, and a message whose 202 got lost', () => {
  const run = goodRun()
  run.api.unshift({ atMs: 1, key: 'key-1', body: 'out 0.0 1', status: 503 })
  run.api = run.api.filter(({ key }) => key !== 'key-2')
  Object.assign(first(run.wire, isShown(1)), { rawStanzas: 3 })
  run.webhooks.push(first(run.webhooks, () => true))
  const { counts, violations } = checkHistories(run)
  expect(violations).toEqual([])
  expect(counts).toMatchObject({ accepted: 1, unknown: 1, repeatedRequests: 1, rawResends: 2, duplicates: 1 })
})

it('counts, and does not blame, what a bad endpoint has not taken yet', () => {
  const run = goodRun()
  run.webhooks.push({
    ...first(run.webhooks, () => true),
    endpointId: 'whk_bad',
    endpoint: 'failing',
    answer: 'refused',
  })
  run.database.push({ kind: 'delivery', eventId: 'evt_in1', endpointId: 'whk_bad', status: 'pending', attempts: 1 })
  const { counts, violations } = checkHistories(run)
  expect(violations).toEqual([])
  expect(counts.undelivered).toBe(1)
})
