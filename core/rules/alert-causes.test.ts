import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { AlertFacts } from '#core/ports/alerts.ts'
import { alertCauses } from './alert-causes.ts'

const nothing: AlertFacts = { servers: [], instances: [], webhooks: [], quotas: [], messages: { sent: 0, failed: 0 } }
const serverId = newId('server')
const customerId = newId('customer')
const instanceId = newId('instance')

const kindsOf = (facts: Partial<AlertFacts>, redis = true) =>
  alertCauses({ ...nothing, ...facts }, { redis }).map(({ kind }) => kind)

const server = (values: Partial<AlertFacts['servers'][number]>) => ({
  servers: [
    {
      id: serverId,
      name: 'a',
      status: 'active' as const,
      health: 'healthy' as const,
      placed: 85,
      maxCapacity: 100,
      leaseEndedMs: -5_000,
      check: null,
      ...values,
    },
  ],
})

it('finds nothing where all is well', () => {
  expect(kindsOf({})).toEqual([])
  expect(kindsOf(server({}))).toEqual([])
})

describe('a server', () => {
  it.each([
    [29_999, []],
    [30_000, ['server-down']],
    [null, ['server-down']],
  ])('whose lease ended %s ms ago: %j', (leaseEndedMs, kinds) => {
    expect(kindsOf(server({ leaseEndedMs }))).toEqual(kinds)
  })

  it('is degraded only while it lives', () => {
    expect(kindsOf(server({ health: 'degraded' }))).toEqual(['server-degraded'])
    expect(kindsOf(server({ health: 'degraded', leaseEndedMs: 60_000 }))).toEqual(['server-down'])
  })

  it('is told of when the edge found it so twice, and does not live elsewhere', () => {
    const silent = { grade: 'unhealthy', reason: 'no-answer', sinceMs: 45_000 } as const
    const slow = { grade: 'degraded', reason: 'slow', sinceMs: 45_000 } as const
    expect(kindsOf(server({ check: silent }))).toEqual(['server-unreachable'])
    expect(kindsOf(server({ check: { ...silent, sinceMs: 44_999 } }))).toEqual([])
    expect(kindsOf(server({ check: silent, leaseEndedMs: 60_000 }))).toEqual(['server-down'])
    expect(kindsOf(server({ check: silent, health: 'degraded' }))).toEqual(['server-unreachable', 'server-degraded'])
    expect(kindsOf(server({ check: slow }))).toEqual(['server-degraded'])
    expect(kindsOf(server({ check: slow, health: 'degraded' }))).toEqual(['server-degraded'])
    expect(kindsOf(server({ check: { ...slow, sinceMs: 0 }, health: 'degraded' }))).toEqual(['server-degraded'])
    expect(kindsOf(server({ check: { ...slow, grade: 'healthy', reason: null } }))).toEqual([])
  })

  it('is full above 85 %, unless it is being emptied anyway', () => {
    expect(kindsOf(server({ placed: 86 }))).toEqual(['server-full'])
    expect(kindsOf(server({ placed: 86, status: 'draining' }))).toEqual([])
  })

  it('is named in the details', () => {
    expect(alertCauses({ ...nothing, ...server({ placed: 90 }) }, { redis: true })).toEqual([
      {
        kind: 'server-full',
        subject: serverId,
        customerId: null,
        details: { name: 'a', placed: 90, max_capacity: 100 },
      },
    ])
  })
})

it.each([
  ['logged_out', 'wa-logged-out', ['instance-logged-out']],
  ['banned', 'wa-temporary-ban', ['instance-banned']],
  ['connected', null, []],
] as const)('an instance that is %s because of %s: %j', (state, reason, kinds) => {
  expect(kindsOf({ instances: [{ id: instanceId, customerId, state, reason, stateChangedAt: new Date() }] })).toEqual(
    kinds,
  )
})

it.each([
  [899, []],
  [900, ['quota-nearly-used']],
  [1_000, ['quota-nearly-used']],
])('%i messages of 1,000: %j', (messages, kinds) => {
  expect(kindsOf({ quotas: [{ customerId, day: '2026-01-31', messages, quota: 1_000 }] })).toEqual(kinds)
})

it.each([
  [0, 0, []],
  [0, 19, []],
  [0, 20, ['error-rate']],
  [91, 9, []],
  [90, 10, ['error-rate']],
])('%i messages sent and %i failed: %j', (sent, failed, kinds) => {
  expect(kindsOf({ messages: { sent, failed } })).toEqual(kinds)
})

it('tells of every endpoint that we disabled, and of Redis', () => {
  const webhook = { id: newId('webhook'), customerId, reason: 'endpoint-failing' as const, failingSince: new Date(0) }
  expect(alertCauses({ ...nothing, webhooks: [webhook] }, { redis: false })).toEqual([
    {
      kind: 'webhook-disabled',
      subject: webhook.id,
      customerId,
      details: { reason: 'endpoint-failing', failing_since: '1970-01-01T00:00:00.000Z' },
    },
    { kind: 'redis-away', subject: 'redis', customerId: null, details: {} },
  ])
})
