import { beforeEach, expect, it } from 'vitest'
import type { PairingLinks } from '#core/ports/pairing-links.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedActor } from '#core/testing/seed-actor.ts'
import { seedInstance, seedServer } from '#core/testing/seed.ts'
import type { Actor, Guest } from '#core/verbs/app.ts'
import { authenticateGuest } from './authenticate-guest.ts'
import { createPairingLink } from './create-pairing-link.ts'
import { followPairing } from './follow-pairing.ts'
import { startPairing } from './start-pairing.ts'

/** Links that anybody could sign: signatures are the adapter's matter. */
const pairingLinks: PairingLinks = {
  sign: async (claims) => JSON.stringify(claims),
  async verify(token) {
    const claims = JSON.parse(token) as { customerId: 'cus_'; instanceId: 'ins_'; expiresAt: string }
    return { ...claims, expiresAt: new Date(claims.expiresAt) }
  },
}

let app: MemoryApp & { pairingLinks: PairingLinks }
let actor: Actor
let now: number
let guest: () => Promise<Guest>
let id: Awaited<ReturnType<typeof seedInstance>>

beforeEach(async () => {
  now = Date.parse('2026-01-31T12:00:00.500Z')
  const answers = { qr: () => ({ qr: '2@code', expires_at: '2026-01-31T12:01:00.000Z' }), sync: () => ({}) }
  app = { ...createMemoryApp({ now: () => new Date(now), answers }), pairingLinks }
  app.background.sleep = async (ms) => void (now += ms)
  actor = await seedActor(app.seed)
  const serverId = await seedServer(app.seed)
  id = await seedInstance(app.seed, { customerId: actor.customerId, serverId }, { name: 'shop', state: 'pairing' })
  guest = async () => {
    const { token } = await createPairingLink(app, actor, { id, validHours: 1 })
    return authenticateGuest(app, token)
  }
})

const change = (values: object) => app.seed.update('instances', { id }, values)

async function watched(bearer: Guest): Promise<unknown[]> {
  const news: unknown[] = []
  for await (const look of await followPairing(app, bearer)) news.push(...look)
  return news
}

it('makes a link of so many hours, for instances of its maker alone', async () => {
  const { expiresAt } = await createPairingLink(app, actor, { id, validHours: 24 })
  expect(expiresAt.toISOString()).toBe('2026-02-01T12:00:00.000Z')
  const other = await seedActor(app.seed)
  await expect(createPairingLink(app, other, { id, validHours: 24 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('shows a guest the code and the names, and no id or number', async () => {
  await change({ phoneNumber: '+5511999990001' })
  const looks = await followPairing(app, await guest())
  const { value } = await looks.next()
  await looks.return()
  expect(value).toMatchObject([{ event: 'state' }, { event: 'qr', data: { qr: '2@code' } }])
  const view = JSON.stringify(value?.[0]?.data)
  expect(view).toContain('"instance_name":"shop"')
  expect(view).not.toMatch(/ins_|cus_|\+55/)
})

it('stops showing codes when the link expires', async () => {
  const bearer = await guest()
  now = bearer.expiresAt.getTime() - 3_000
  await expect(watched(bearer)).rejects.toMatchObject({ code: 'INVALID_PAIRING_LINK' })
})

it('stops showing codes when the account is suspended', async () => {
  const bearer = await guest()
  await app.seed.update('customers', { id: actor.customerId }, { status: 'suspended' })
  await expect(watched(bearer)).rejects.toMatchObject({ code: 'ACCOUNT_SUSPENDED' })
})

it('starts what failed or was never started, and leaves alone what is linked', async () => {
  await change({ state: 'failed', reason: 'qr-expired' })
  expect(await startPairing(app, await guest())).toMatchObject({ state: 'failed', reason: 'qr-expired' })
  await app.background.settled()
  expect(app.gateway.seen.map(({ command }) => command)).toEqual(['sync'])

  await change({ state: 'created', desired: 'stopped', phoneNumber: null })
  await startPairing(app, await guest())
  expect(await app.instances.get(actor.customerId, id)).toMatchObject({ desired: 'running' })

  await change({ state: 'connected', desired: 'running', phoneNumber: '+5511999990001' })
  expect(await startPairing(app, await guest())).toMatchObject({ state: 'connected' })
})

it('starts nothing that its owner has stopped while a phone was linked', async () => {
  const linked = { phoneNumber: '+5511999990001', desired: 'stopped' }
  await change({ ...linked, state: 'stopped' })
  await expect(startPairing(app, await guest())).rejects.toMatchObject({ code: 'CONFLICT' })
  await change({ ...linked, state: 'logged_out' })
  await expect(startPairing(app, await guest())).resolves.toMatchObject({ state: 'logged_out' })
})
