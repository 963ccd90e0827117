import { expect, it } from 'vitest'
import { newId, type ServerId } from '#contracts/ids.ts'
import type { WorkerHealth } from '#contracts/worker-protocol.ts'
import type { HealthAnswer } from '#core/ports/worker-gateway.ts'
import { createMemoryApp } from '#core/testing/memory-app.ts'
import { seedServer } from '#core/testing/seed.ts'
import { checkServers } from './check-servers.ts'

function arrange() {
  let now = new Date('2026-01-31T12:00:00Z')
  const app = createMemoryApp({ now: () => now })
  const pass = (ms: number) => void (now = new Date(now.getTime() + ms))
  return { app, pass, checks: async () => app.seed.rows('serverChecks') }
}

const healthOf = (serverId: ServerId, values: Partial<WorkerHealth> = {}): WorkerHealth => ({
  status: 'healthy',
  server_id: serverId,
  version: '1.2.3',
  uptime_seconds: 1,
  lease: { held: true },
  database: { reachable: true },
  sessions: {},
  ...values,
})

it.each<[string, (id: ServerId) => HealthAnswer, number, object]>([
  ['answers at once', (id) => healthOf(id), 2_000, { grade: 'healthy', reason: null }],
  ['answers late', (id) => healthOf(id), 2_001, { grade: 'degraded', reason: 'slow' }],
  [
    'says that something is wrong',
    (id) => healthOf(id, { status: 'degraded' }),
    10,
    { grade: 'degraded', reason: 'says-degraded' },
  ],
  ['is another one', () => healthOf(newId('server')), 10, { grade: 'unhealthy', reason: 'another-server' }],
  ['does not take the token', () => 'token-refused', 10, { grade: 'unhealthy', reason: 'token-refused' }],
  ['is none', () => 'not-a-worker', 10, { grade: 'unhealthy', reason: 'not-a-worker' }],
  ['does not answer', () => 'no-answer', 10_000, { grade: 'unhealthy', reason: 'no-answer' }],
])('grades a worker that %s', async (_what, answer, tookMs, expected) => {
  const { app, pass, checks } = arrange()
  const serverId = await seedServer(app.seed)
  app.gateway.health = async () => {
    pass(tookMs)
    return answer(serverId)
  }
  expect(await checkServers(app)).toBe(1)
  expect(await checks()).toMatchObject([{ serverId, tookMs, ...expected }])
})

it('calls every server once that should answer, and no more than five at the same time', async () => {
  const { app, checks } = arrange()
  const ids = await Promise.all(Array.from({ length: 12 }, () => seedServer(app.seed)))
  for (const status of ['provisioning', 'inactive'] as const) await seedServer(app.seed, { status })
  const asked: ServerId[] = []
  let running = 0
  let most = 0
  app.gateway.health = async ({ id }) => {
    asked.push(id)
    most = Math.max(most, ++running)
    await Promise.resolve()
    running--
    return healthOf(id)
  }
  expect(await checkServers(app)).toBe(12)
  expect(asked.toSorted()).toEqual(ids.toSorted())
  expect(most).toBe(5)
  expect(await checks()).toHaveLength(12)
  expect(await checkServers(app)).toBe(0)
})
