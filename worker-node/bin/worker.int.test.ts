import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { success } from '#contracts/envelope.ts'
import type { ServerId } from '#contracts/ids.ts'
import { seedServer, type Seed } from '#core/testing/seed.ts'
import { newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { createSqlSeed } from '#db/testing/sql-seed.ts'
import { openTestDatabase, type TestDatabase } from '#local/testing/test-databases.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { readIdentity } from '#worker-node/enroll/identity.ts'

const entry = fileURLToPath(new URL('worker.ts', import.meta.url))

let database: TestDatabase
let pool: pg.Pool
let seed: Seed
let serverId: ServerId
let dataDir: string

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'wharf-bin-'))
  database = await openTestDatabase('pglite')
  pool = new pg.Pool({ connectionString: database.url, max: 1 })
  seed = createSqlSeed(pool)
  serverId = await seedServer(seed, { incarnation: null, leaseExpiresAt: null })
})

afterAll(async () => {
  await pool.end()
  await database.close()
  await rm(dataDir, { recursive: true })
})

interface Run {
  child: ChildProcessByStdio<null, Readable, Readable>
  /** Everything that was printed so far. */
  output(): string
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

function run(env: Record<string, string | undefined> = {}, args: string[] = []): Run {
  const child = spawn(process.execPath, ['--import', 'tsx', entry, ...args], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.workerUrl,
      SERVER_ID: serverId,
      EDGE_JWKS_URL: 'http://127.0.0.1:1/.well-known/jwks.json',
      SESSION_KEY_RING: newKeyRingSpec(),
      WEBHOOK_KEY_RING: newKeyRingSpec(),
      DATA_DIR: dataDir,
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }))
  return { child, output: () => printed, ended }
}

async function holdsLease(worker: Run): Promise<void> {
  await waitFor(() => worker.output().includes('The lease of this server is held.'), {
    what: 'the lease',
    timeoutMs: 20_000,
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const incarnation = async () => (await seed.rows('servers', { id: serverId }))[0]?.incarnation

describe('the worker process', () => {
  it('explains itself', async () => {
    const help = run({}, ['--help'])
    expect(await help.ended).toEqual({ code: 0, signal: null })
    expect(help.output()).toContain('SESSION_KEY_RING')
  })

  it.each([
    [{ DATABASE_URL: undefined }, 'DATABASE_URL is not set.'],
    [{ SERVER_ID: 'one' }, 'SERVER_ID is not a server id such as srv_01h455vb4pex5vsknk084sn02q.'],
  ])('with %o says what is wrong in its first line and ends', async (env, sentence) => {
    const failed = run(env)
    expect(await failed.ended).toEqual({ code: 1, signal: null })
    expect(failed.output().split('\n')[0]).toBe(sentence)
  })

  it('whose port is taken says so and ends', async () => {
    const taken: Server = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const port = portOf(taken)
    const failed = run({ PORT: String(port) })
    expect((await failed.ended).code).toBe(1)
    expect(failed.output()).toContain(`127.0.0.1:${port} is taken by another program.`)
    taken.close()
  })

  it('takes its secrets from the credentials of the service manager', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'wharf-credentials-'))
    await writeFile(path.join(folder, 'SESSION_KEY_RING'), `${newKeyRingSpec()}\n`)
    const worker = run({ SESSION_KEY_RING: undefined, CREDENTIALS_DIRECTORY: folder })
    await holdsLease(worker)
    worker.child.kill('SIGTERM')
    expect((await worker.ended).code).toBe(0)
    await rm(folder, { recursive: true })
  })

  it('that is only to enroll keeps its identity and ends without a lease', async () => {
    const edge: Server = createHttpServer((_request, response) =>
      response.end(JSON.stringify(success({ server_id: serverId, name: 'one', url: 'https://one.example' }))),
    ).listen(0, '127.0.0.1')
    await once(edge, 'listening')
    const folder = path.join(dataDir, 'enrolled')
    const asked = ['--enroll', `wet_${'a'.repeat(43)}`, '--edge', `http://127.0.0.1:${portOf(edge)}`, '--enroll-only']
    const enrolling = run({ SERVER_ID: undefined, EDGE_JWKS_URL: undefined, DATA_DIR: folder }, asked)
    expect(await enrolling.ended).toEqual({ code: 0, signal: null })
    expect(enrolling.output()).toBe(`Enrolled as ${serverId}.\n`)
    expect(await readIdentity(folder)).toMatchObject({ server_id: serverId })
    expect(await incarnation()).toBeNull()
    edge.close()
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends on %s within seconds, by itself, and gives the lease back',
    async (signal) => {
      const worker = run()
      await holdsLease(worker)
      expect(await incarnation()).not.toBeNull()
      worker.child.kill(signal)
      expect(await worker.ended).toEqual({ code: 0, signal: null })
      expect(await incarnation()).toBeNull()
      const lines = worker.output().trim().split('\n')
      for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow()
    },
  )

  it('that is killed is followed at once by a successor in the same data folder', async () => {
    const first = run()
    await holdsLease(first)
    first.child.kill('SIGKILL')
    await first.ended
    const second = run()
    await holdsLease(second)
    expect(second.output()).toContain('The last run on this host is dead: its lease is ended.')
    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
  })

  it('that is killed on another machine is waited for by its successor until its lease has run out', async () => {
    const first = run()
    await holdsLease(first)
    first.child.kill('SIGKILL')
    await first.ended
    const second = run({ DATA_DIR: path.join(dataDir, 'another') })
    await waitFor(() => second.output().includes('waiting'), { what: 'the wait', timeoutMs: 10_000 })
    // What the database's clock does by itself in 12 s.
    await seed.update('servers', { id: serverId }, { leaseExpiresAt: new Date() })
    await holdsLease(second)
    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
  })

  it('can be ended while it still waits for its lease', async () => {
    const holder = run()
    await holdsLease(holder)
    const waiting = run()
    await waitFor(() => waiting.output().includes('waiting'), { what: 'the wait', timeoutMs: 10_000 })
    waiting.child.kill('SIGTERM')
    expect((await waiting.ended).code).toBe(0)
    holder.child.kill('SIGTERM')
    await holder.ended
  })
})
