import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Report } from '#bench/report/report.ts'

const entry = path.join(import.meta.dirname, 'bench.ts')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wharf-bench-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function bench(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number]
  return { code, stdout, stderr }
}

it('measures driver and whole path beside what they are compared with, and writes tables and JSON', async () => {
  const jsonFile = path.join(folder, 'bench.json')
  const names = ['receive', 'curve', 'path-out', 'path-in']
  const { code, stdout, stderr } = await bench('--quick', ...names, '--json', jsonFile)
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/^\| receive +\| CPU per received message \(ms\) \| .*x \(/m)
  expect(stdout).toMatch(/^\| benchmark +\| figure +\| baseline +\| whole path +\|/m)
  expect(stdout).toMatch(/PostgreSQL \d/)

  const report = JSON.parse(await readFile(jsonFile, 'utf8')) as Report
  expect(report.benchmarks.map(({ name }) => name)).toEqual(names)
  for (const { columns, rows } of report.benchmarks) {
    for (const { metric, raw, driver } of rows) {
      if (columns.raw === 'raw Baileys') expect(raw).toHaveLength(2)
      expect(Math.min(...raw, ...driver), metric).toBeGreaterThan(0)
    }
  }
}, 180_000)

it('prints and writes what it has measured when it is ended, marked as partial', async () => {
  const jsonFile = path.join(folder, 'partial.json')
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', entry, '--quick', 'curve', 'load-memory', '--json', jsonFile],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    if (chunk.toString().includes('load-memory ...')) child.kill('SIGTERM')
  })
  expect(await once(child, 'close'), stderr).toEqual([143, null])
  expect(stdout).toContain('PARTIAL: ended during load-memory: SIGTERM')
  expect(stdout).toMatch(/^\| curve +\| sign/m)
  const report = JSON.parse(await readFile(jsonFile, 'utf8')) as Report
  expect(report.endedEarly).toEqual({ during: 'load-memory', why: 'SIGTERM' })
  expect(report.benchmarks.map(({ name }) => name)).toEqual(['curve'])
}, 120_000)

it('says in one sentence that there is no such benchmark, and lists those that there are', async () => {
  const unknown = await bench('nothing')
  expect(unknown.code).toBe(1)
  expect(unknown.stderr).toMatch(/^There is no benchmark nothing: choose from warm-send, .*\.\n$/)
  const list = await bench('--list')
  expect(list.stdout).toContain('idle-memory')
})
