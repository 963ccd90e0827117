import { expect, it } from 'vitest'
import type { ServiceOverview } from '#core/ports/service-metrics.ts'
import { noLatencies } from './latency.ts'
import { presentMetrics } from './present-metrics.ts'

const nothing = { sent: 0, received: 0, failed: 0, latency: noLatencies() }
const at = new Date('2026-01-31T12:00:00Z')
const overview: ServiceOverview = {
  customers: { active: 2, suspended: 1 },
  instances: { connected: 3, banned: 1 },
  servers: { healthy: 1, degraded: 0, down: 1, other: 0 },
  alerts: [
    { kind: 'server-down', acknowledged: true, count: 1 },
    { kind: 'server-full', acknowledged: false, count: 2 },
  ],
  recent: { ...nothing, sent: 9, received: 5, failed: 1 },
  series: [
    { at, ...nothing },
    { at, ...nothing, sent: 30 },
  ],
}

it('counts every state, also those that no instance is in', () => {
  const { instances } = presentMetrics(overview, '1h')
  expect(instances).toMatchObject({ total: 4, by_state: { connected: 3, banned: 1, created: 0 } })
})

it('counts alerts by what was done about them and by how bad they are', () => {
  expect(presentMetrics(overview, '1h').alerts).toEqual({ open: 2, acknowledged: 1, critical: 1 })
})

it('tells rates per minute whatever the bucket, and no error rate where nothing ended', () => {
  const { messages, series, bucket_seconds } = presentMetrics(overview, '24h')
  expect(messages).toMatchObject({
    sent_per_minute: 1.8,
    received_per_minute: 1,
    failed_per_minute: 0.2,
    error_rate: 0.1,
  })
  expect(bucket_seconds).toBe(900)
  expect(series).toMatchObject([
    { at: '2026-01-31T12:00:00.000Z', sent_per_minute: 0, error_rate: null, send_p95_ms: null },
    { sent_per_minute: 2, error_rate: 0 },
  ])
})
