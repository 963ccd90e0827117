import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProgram } from '#local/testing/find-program.ts'
import { parseExposition } from '#worker-node/testing/parse-exposition.ts'
import { createWorkerMetrics, readWhenAsked } from './worker-metrics.ts'

const run = promisify(execFile)
const folder = new URL('../../monitoring/', import.meta.url)
const rules = readFileSync(new URL('wharf-worker.rules.yml', folder), 'utf8')
const cases = readFileSync(new URL('wharf-worker.rules.test.yml', folder), 'utf8')
const dashboard = readFileSync(new URL('wharf-workers.dashboard.json', folder), 'utf8')
const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name)

interface Panel {
  id: number
  type: string
  targets?: { expr: string }[]
}
const { panels } = JSON.parse(dashboard) as { panels: Panel[] }
const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))

/** What each metric has beside what Prometheus adds to all. */
const labelsOf = new Map<string, Set<string>>()

beforeAll(async () => {
  const metrics = createWorkerMetrics()
  const read = readWhenAsked(metrics, {
    sessions: () => ({}),
    leaseHeld: () => true,
    webhooks: () => ({ running: 0, openBreakers: 0 }),
    leaving: () => 0,
  })
  for (const { name } of parseExposition(await read()).values()) {
    const metric = metrics.registry.getSingleMetric(name) as unknown as { labelNames: string[]; type: string }
    labelsOf.set(name, new Set(metric.labelNames))
    if (metric.type === 'histogram') labelsOf.set(`${name}_bucket`, new Set([...metric.labelNames, 'le']))
  }
  labelsOf.set('up', new Set(['job']))
})

it.each([
  ['the alerts', () => [...rules.matchAll(/expr: ([^]*?)\n +(?:for|labels):/g)].map(([, expr = '']) => expr)],
  ['the dashboard', () => queries],
])('%s name only metrics and labels that there are', (_what, expressions) => {
  const all = expressions()
  expect(all.length).toBeGreaterThanOrEqual(alerts.length)
  for (const expression of all) {
    const named = [...expression.matchAll(/\b((?:wharf|nodejs|process)_\w+|up)\b(?:\{([^}]*)\})?/g)]
    expect([expression, named.length > 0]).toEqual([expression, true])
    const grouped = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '))
    for (const [, name = '', selector = ''] of named) {
      const known = labelsOf.get(name)
      expect([name, known !== undefined]).toEqual([name, true])
      const used = [...[...selector.matchAll(/(\w+)=/g)].map(([, label = '']) => label), ...grouped]
      for (const label of used)
        expect([name, label, known!.has(label) || label === 'instance']).toEqual([name, label, true])
    }
  }
})

it('each panel of the dashboard has an id of its own and something to show', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  for (const { id, type, targets = [] } of panels) expect([id, targets.length > 0]).toEqual([id, type !== 'row'])
})

it('each alert is explained with its severity, and tried both ways', () => {
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
  const explained = [...page.matchAll(/^\| `(Wharf\w+)` +\| (\w+) +\|/gm)].map(([, ...cells]) => cells.join(' '))
  const given = [...rules.matchAll(/- alert: (\w+)[^]*?severity: (\w+)/g)].map(([, ...cells]) => cells.join(' '))
  expect(explained.toSorted()).toEqual(given.toSorted())
  const tried = cases.split('eval_time: ').slice(1)
  const of = (alert: string) => tried.filter((one) => one.includes(`alertname: ${alert}`))
  for (const alert of alerts) {
    expect([alert, of(alert).some((one) => one.includes('exp_labels'))]).toEqual([alert, true])
    expect([alert, of(alert).some((one) => one.includes('exp_alerts: []'))]).toEqual([alert, true])
  }
})

const promtool = findProgram('promtool')
if (promtool === undefined)
  process.stderr.write('\nQueries are not tried: promtool is missing (apt-get install prometheus).\n')

describe.skipIf(promtool === undefined)('promtool', () => {
  let temporary: string
  beforeAll(async () => {
    temporary = await mkdtemp(path.join(tmpdir(), 'wharf-promtool-'))
  })
  afterAll(() => rm(temporary, { recursive: true }))
  const ask = (args: string[]) => run(promtool!, args, { cwd: folder })

  it('sees each alert fire when it should, and only then', async () => {
    expect((await ask(['test', 'rules', 'wharf-worker.rules.test.yml'])).stdout).toContain('SUCCESS')
  })

  it('understands every query of the dashboard', async () => {
    const file = path.join(temporary, 'dashboard.yml')
    const asRules = queries.map((expr, index) => ({
      record: `query:${index}`,
      expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.+'),
    }))
    // JSON is YAML too.
    await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: asRules }] }))
    expect((await ask(['check', 'rules', file])).stdout).toContain(`SUCCESS: ${queries.length} rules found`)
  })

  it('finds a mistake in an alert', async () => {
    const broken = rules.replace('for: 1m', 'for: 1h')
    await writeFile(path.join(temporary, 'wharf-worker.rules.yml'), broken)
    const file = path.join(temporary, 'wharf-worker.rules.test.yml')
    await writeFile(file, await readFile(new URL('wharf-worker.rules.test.yml', folder)))
    await expect(ask(['test', 'rules', file])).rejects.toThrow(/WharfWorkerDown/)
  })
})
