import { compareSync, hashSync } from 'bcryptjs'
import { newId } from '#contracts/ids.ts'
import { scopes } from '#contracts/scopes.ts'
import { createFakeWorkerGateway } from '#core/testing/fake-worker-gateway.ts'
import { seedServer } from '#core/testing/seed.ts'
import { sqlEdgeStores } from '#db/testing/open-sql-edge-stores.ts'
import { otpauthTotp } from '#edge/adapters/totp.ts'
import type { OpenApi } from '#edge/openapi/open-api.ts'
import { openMemoryEdge } from '#edge/testing/open-memory-edge.ts'
import { probeAnswers } from '#edge/testing/route-probes.ts'
import { seedTenant, seedWorld, type World } from '#edge/testing/seed-world.ts'
import type { TestEdge } from '#edge/testing/test-edge.ts'
import type { TestDatabase } from '#local/testing/test-databases.ts'
import type { Random } from '#tests/simulation/random.ts'
import { seedCallers, type Caller } from './callers.ts'
import { createMemories, type Memories } from './memories.ts'

/** The edge in this process on a real database, with workers that always answer and a clock that waiting moves. */
export interface Stage {
  api: OpenApi
  world: World
  callers: readonly Caller[]
  memories: Memories
  /** Sends one request; what it left for later has ended too. */
  send(path: string, init: RequestInit): Promise<{ response: Response; text: string }>
  /** What the edge logged of the last request. */
  logged(): string
  /** New customers, admins and servers, since requests delete and suspend the old ones. */
  renew(random: Random): Promise<void>
  close(): Promise<void>
}

/** What the admins of the stage log in with. */
const password = 'not the password of anybody'
const code = '123456'
/** Of a stream no more is read. */
const maxChunks = 3

export async function openStage(database: TestDatabase): Promise<Stage> {
  const { seed, close, ...stores } = sqlEdgeStores(database)
  const waits = createWaits()
  const gateway = {
    ...createFakeWorkerGateway({ ...probeAnswers }),
    resolveHost: async (_server: unknown, hostName: string) =>
      hostName.endsWith('.example') || hostName.endsWith('.example.com') ? ('public' as const) : ('unknown' as const),
  }
  const memoryEdge = await openMemoryEdge({
    ...stores,
    gateway,
    clock: waits.clock,
    background: waits.background,
    // Cheaper than in production, and otherwise the same.
    passwordHash: { hash: (text) => hashSync(text, 4), matches: (text, hash) => compareSync(text, hash) },
    totp: {
      ...otpauthTotp,
      stepOf: (secret, given, now) => (given === code ? now.getTime() : otpauthTotp.stepOf(secret, given, now)),
    },
  })
  const edge: TestEdge = { ...memoryEdge, seed }
  const stage: Stage = {
    api: (await (await edge.request('/openapi.json')).json()) as OpenApi,
    world: await seedWorld(edge),
    callers: [],
    memories: createMemories({
      password: [password],
      current_password: [password],
      code: [code],
      // A day for some routes, a moment for others.
      from: ['2026-01-31', '2026-01-31T12:00:00Z'],
    }),
    async send(path, init) {
      edge.log.length = 0
      const response = await edge.request(path, init)
      const text = await beginningOf(response)
      await waits.settled()
      return { response, text }
    },
    logged: () => edge.log.map((record) => JSON.stringify(record)).join('\n'),
    async renew(random) {
      const { serverId } = await seedWorldServer(edge)
      stage.world = { serverId, own: await seedTenant(edge, serverId), other: await seedTenant(edge, serverId) }
      await edge.seed.update('admins', { id: stage.world.own.admin.adminId }, { passwordHash: hashSync(password, 4) })
      stage.callers = await seedCallers(edge, stage.world, random.pick(scopes))
      const spare = await seedWorldServer(edge)
      const { own } = stage.world
      // By its own session it asks: another one is there to be ended.
      own.ids.session_id = newId('adminSession')
      await edge.seed.insert('adminSessions', {
        id: own.ids.session_id,
        adminId: own.admin.adminId,
        tokenHash: 'the hash of no token',
        expiresAt: new Date(Date.now() + 24 * 3_600_000),
      })
      stage.memories.renew(stage.world, spare.serverId)
    },
    close,
  }
  return stage
}

/** A server whose worker lives longer than any run. */
async function seedWorldServer(edge: TestEdge) {
  const id = newId('server')
  const leaseExpiresAt = new Date(Date.now() + 24 * 3_600_000)
  return { serverId: await seedServer(edge.seed, { id, url: `https://${id}.example`, leaseExpiresAt }) }
}

/** Waiting takes no time and moves the clock, until the request has its answer. */
function createWaits() {
  let waitedMs = 0
  const running: Promise<unknown>[] = []
  return {
    clock: { now: () => new Date(Date.now() + waitedMs) },
    background: {
      run(work: () => Promise<unknown>) {
        running.push(work())
      },
      async sleep(ms: number) {
        waitedMs += ms
      },
    },
    /** Rejects with what failed behind an answer. */
    async settled() {
      waitedMs = 0
      const results = await Promise.allSettled(running.splice(0))
      const failed = results.find((result) => result.status === 'rejected')
      if (failed !== undefined) throw failed.reason
    },
  }
}

async function beginningOf(response: Response): Promise<string> {
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) return response.text()
  // The answer to a HEAD has none.
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  let text = ''
  for (let chunk = 0; chunk < maxChunks; chunk += 1) {
    const { done, value } = await reader.read()
    if (done) return text
    text += new TextDecoder().decode(value)
  }
  await reader.cancel()
  return text
}
