import { beforeEach, expect, it } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedActor } from '#core/testing/seed-actor.ts'
import { seedInstance, seedServer } from '#core/testing/seed.ts'
import type { Actor } from '#core/verbs/app.ts'
import { checkKey } from '#core/verbs/keys/check-key.ts'
import { watchPairing, type PairingNews } from './watch-pairing.ts'

const code = (second: number) => ({ qr: `2@${second}`, expires_at: new Date(second * 1000).toISOString() })
const notPairing = new ApiError('INSTANCE_NOT_PAIRING', 'Not now.')

let app: MemoryApp
let actor: Actor
let id: InstanceId
let now: number
let answer: ReturnType<typeof code> | ApiError
/** What happens while the watcher sleeps for the nth time. */
let meanwhile: Record<number, () => unknown>

beforeEach(async () => {
  now = Date.parse('2026-01-31T12:00:00Z')
  answer = notPairing
  meanwhile = {}
  app = createMemoryApp({ now: () => new Date(now), answers: { qr: () => answer } })
  app.background.sleep = async (ms) => {
    app.background.slept.push(ms)
    now += ms
    await meanwhile[app.background.slept.length]?.()
  }
  actor = await seedActor(app.seed)
  const serverId = await seedServer(app.seed)
  id = await seedInstance(app.seed, { customerId: actor.customerId, serverId }, { state: 'starting' })
})

const becomes = (values: Parameters<typeof setInstance>[0]) => () => setInstance(values)
async function setInstance(values: { state?: 'pairing' | 'connected' | 'failed' | 'stopped'; desired?: 'stopped' }) {
  await app.seed.update('instances', { id }, { ...values, stateChangedAt: new Date(now) })
}

const stillAllowed = () => checkKey(app, actor, 'instances:manage')

async function watched(lastEventId?: string): Promise<PairingNews[]> {
  const news: PairingNews[] = []
  for await (const look of await watchPairing(app, actor, { id, lastEventId, stillAllowed })) news.push(...look)
  return news
}

const told = (news: PairingNews[]) =>
  news.map(
    ({ event, data }) =>
      `${event} ${'qr' in data ? data.qr : 'reason' in data && event === 'end' ? data.reason : 'state' in data ? data.state : ''}`,
  )

it('tells states and codes as they change, each once, until the phone is linked', async () => {
  meanwhile = {
    1: () => {
      answer = code(1)
      return setInstance({ state: 'pairing' })
    },
    4: () => (answer = code(2)),
    6: () => {
      answer = notPairing
      return setInstance({ state: 'connected' })
    },
  }
  expect(told(await watched())).toEqual([
    'state starting',
    'state pairing',
    'qr 2@1',
    'qr 2@2',
    'state connected',
    'end paired',
  ])
  expect(app.background.slept).toEqual(Array(6).fill(1_000))
})

it('costs one command a look, and nothing of the database, while there is a code', async () => {
  await setInstance({ state: 'pairing' })
  answer = code(1)
  const instances = { ...app.instances }
  let reads = 0
  app.instances.get = (...args) => (reads++, instances.get(...args))
  app.instances.route = (...args) => (reads++, instances.route(...args))
  meanwhile[50] = () => {
    answer = notPairing
    return setInstance({ state: 'connected' })
  }
  await watched()
  expect(app.gateway.seen).toHaveLength(51)
  // The first look at the instance, its route, and the look after the code was gone.
  expect(reads).toBe(3)
})

it.each([
  [{ state: 'failed' }, 'end failed'],
  [{ state: 'stopped', desired: 'stopped' }, 'end stopped'],
] as const)('ends when the instance becomes %o', async (values, end) => {
  meanwhile[2] = becomes(values)
  expect(told(await watched()).at(-1)).toBe(end)
})

it('does not take the state from before a start for the end', async () => {
  await setInstance({ state: 'failed' })
  meanwhile[3] = becomes({ state: 'pairing' })
  meanwhile[4] = becomes({ state: 'connected' })
  expect(told(await watched())).toEqual(['state failed', 'state pairing', 'state connected', 'end paired'])
})

it('takes it for the end when nothing starts for fifteen seconds', async () => {
  await setInstance({ state: 'failed' })
  expect(told(await watched())).toEqual(['state failed', 'end failed'])
  expect(app.background.slept).toHaveLength(15)
})

it('ends after five minutes', async () => {
  answer = code(1)
  expect(told(await watched()).at(-1)).toBe('end timeout')
  expect(app.background.slept).toHaveLength(300)
})

it('goes on where another watch broke off', async () => {
  await setInstance({ state: 'pairing' })
  answer = code(1)
  meanwhile[1] = () => (answer = code(2))
  meanwhile[2] = becomes({ state: 'connected' })
  const first: PairingNews[] = []
  for await (const look of await watchPairing(app, actor, { id, stillAllowed })) {
    first.push(...look)
    break
  }
  expect(told(first)).toEqual(['state pairing', 'qr 2@1'])
  answer = code(1)
  meanwhile[3] = () => (answer = notPairing)
  expect(told(await watched(first.at(-1)?.id))).toEqual(['qr 2@2', 'state connected', 'end paired'])
})

it('waits for a worker that does not answer, and reads its route anew', async () => {
  await setInstance({ state: 'pairing' })
  answer = new ApiError('WORKER_UNAVAILABLE', 'Away.')
  meanwhile[2] = () => (answer = code(7))
  meanwhile[3] = becomes({ state: 'connected' })
  meanwhile[4] = () => (answer = notPairing)
  const news = told(await watched())
  expect(news.slice(0, 2)).toEqual(['state pairing', 'qr 2@7'])
})

it('ends when the key is revoked meanwhile', async () => {
  answer = code(1)
  meanwhile[3] = () => app.seed.update('apiKeys', { id: actor.keyId }, { revokedAt: new Date(0) })
  await expect(watched()).rejects.toMatchObject({ code: 'INVALID_API_KEY' })
  expect(app.background.slept).toHaveLength(14)
})

it("refuses unknown instances, other customers' and stopped ones before it begins", async () => {
  const other = await seedActor(app.seed)
  await expect(watchPairing(app, other, { id, stillAllowed })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await setInstance({ desired: 'stopped' })
  await expect(watchPairing(app, actor, { id, stillAllowed })).rejects.toMatchObject({ code: 'CONFLICT' })
})
