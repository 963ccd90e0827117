import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { exposedValue, parseExposition, type ExposedMetric } from '#worker-node/testing/parse-exposition.ts'
import { createMetricsApp } from './metrics-app.ts'
import { createWorkerMetrics, readWhenAsked } from './worker-metrics.ts'

const metrics = createWorkerMetrics()
const webhooks = () => ({ running: 5, openBreakers: 2 })
const leaving = () => 4
const read = readWhenAsked(metrics, { sessions: () => ({ connected: 3 }), leaseHeld: () => true, webhooks, leaving })
let exposed: Map<string, ExposedMetric>

beforeAll(async () => {
  exposed = parseExposition(await read())
})

const ours = () => [...exposed.values()].filter(({ name }) => name.startsWith('wharf_'))

describe('what a worker shows to Prometheus', () => {
  it('is served as text of version 0.0.4, and nothing else is there', async () => {
    const app = createMetricsApp(read, metrics.registry.contentType)
    const answer = await app.request('/metrics')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(parseExposition(await answer.text()).has('wharf_build_info')).toBe(true)
    for (const path of ['/', '/health', '/internal/instances/x/qr']) expect((await app.request(path)).status).toBe(404)
  })

  it('carries a prefix of ours, or is the process itself', () => {
    for (const name of exposed.keys()) expect(name).toMatch(/^(wharf|process|nodejs)_[a-z0-9_]+$/)
  })

  it('has a type and a sentence for each', () => {
    for (const { name, type, help } of exposed.values()) {
      expect([name, ['counter', 'gauge', 'histogram', 'summary'].includes(type)]).toEqual([name, true])
      expect(help.length).toBeGreaterThan(5)
    }
  })

  it('ends in _total exactly when it counts, and in a base unit when it measures', () => {
    for (const { name, type } of exposed.values()) {
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
      if (type === 'histogram') expect(name).toMatch(/_(seconds|bytes)$/)
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|kilobytes|kb|mb)(_|$)/)
    }
  })

  it('has labels of closed sets alone: no id could become a series', () => {
    const allowed = new Set(
      'state request outcome cause reason status result verdict store kind command code version node_version le'.split(
        ' ',
      ),
    )
    const used = new Set(ours().flatMap(({ samples }) => samples.flatMap(({ labels }) => Object.keys(labels))))
    expect([...used].filter((name) => !allowed.has(name))).toEqual([])
  })

  it('shows every state, and what the worker is at that moment', () => {
    const samples = exposed.get('wharf_sessions')?.samples ?? []
    expect(samples).toHaveLength(10)
    expect(samples.find(({ labels }) => labels.state === 'connected')?.value).toBe(3)
    expect(exposed.get('wharf_server_lease_held')?.samples).toMatchObject([{ value: 1 }])
    expect(exposed.get('wharf_webhook_attempts_running')?.samples).toMatchObject([{ value: 5 }])
    expect(exposed.get('wharf_webhook_breakers_open')?.samples).toMatchObject([{ value: 2 }])
  })

  it('forgets the queues of sessions that it no longer has', async () => {
    const alone = createWorkerMetrics()
    let sessions: Record<string, number> = { connected: 1 }
    const readAlone = readWhenAsked(alone, { sessions: () => sessions, leaseHeld: () => true, webhooks, leaving })
    alone.readyChats.set(7)
    alone.projectionLag.set(90)
    const queues = async () => {
      const page = await readAlone()
      return ['wharf_outbox_ready_chats', 'wharf_inbound_projection_lag_seconds'].map((name) =>
        exposedValue(page, name),
      )
    }
    expect(await queues()).toEqual([7, 90])
    sessions = { disconnected: 1 }
    expect(await queues()).toEqual([0, 90])
    sessions = {}
    expect(await queues()).toEqual([0, 0])
  })

  it('begins its counters at zero, so that the first increase is seen', () => {
    for (const { name, samples } of ours()) {
      if (!name.endsWith('_total') || ['wharf_commands_total', 'wharf_database_errors_total'].includes(name)) continue
      expect([name, samples.length > 0]).toEqual([name, true])
    }
  })
})

describe('docs/metrics.md', () => {
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `(wharf_\w+)` +\| (\w+) +\| ([^|]*?) *\|/gm)]

  it('describes exactly what is registered, with type and labels', async () => {
    const registered = await metrics.registry.getMetricsAsJSON()
    const labelsOf = (name: string) => {
      const metric = metrics.registry.getSingleMetric(name) as unknown as { labelNames: string[] }
      return metric.labelNames.map((label) => `\`${label}\``).join(', ')
    }
    const expected = registered
      .filter(({ name }) => name.startsWith('wharf_'))
      .map(({ name, type }) => [name, String(type), labelsOf(name)])
    const byName = ([a = '']: string[], [b = '']: string[]) => a.localeCompare(b)
    expect(rows.map(([, ...cells]) => cells).toSorted(byName)).toEqual(expected.toSorted(byName))
  })
})
