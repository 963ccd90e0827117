import { afterEach, expect, it } from 'vitest'
import type { SessionChange } from '#core/ports/session-keys.ts'
import { makeBaileysWorld, type BaileysWorld } from '#worker-node/testing/baileys-world.ts'
import { pairedConnection } from '#worker-node/testing/driver-conformance.ts'
import { createMemorySessions } from '#worker-node/testing/memory-sessions.ts'
import { openRecorded } from '#worker-node/testing/recorded-connection.ts'
import { decodeCredentials } from './signal/credentials-codec.ts'

let world: BaileysWorld
afterEach(() => world.stop())

const isPreKey = ({ keys }: SessionChange) => keys?.some(({ type, value }) => type === 'pre-key' && value !== null)

/** A world whose writes are recorded, and of which one can fail. */
async function recordingWorld(failOn: (change: SessionChange) => boolean = () => false) {
  const sessions = createMemorySessions()
  const commits: SessionChange[] = []
  world = await makeBaileysWorld({
    sessions,
    keys: {
      ...sessions.keys,
      async commit(fence, change) {
        if (failOn(change)) throw new Error('database away')
        const became = await sessions.keys.commit(fence, change)
        commits.push(change)
        return became
      },
    },
  })
  return { sessions, commits, session: await world.newSession(), phone: await world.makePhone() }
}

it('the next id is durable no later than the pre-keys below it, so that no id is given out twice', async () => {
  const { commits, session, phone } = await recordingWorld()
  await pairedConnection(world.driver, session, phone)
  let nextPreKeyId = 1
  let written = 0
  for (const { credentials, keys = [] } of commits) {
    if (credentials !== undefined) ({ nextPreKeyId } = decodeCredentials(credentials))
    for (const { type, id, value, insertOnly } of keys) {
      if (type !== 'pre-key' || value === null) continue
      written++
      expect(insertOnly).toBe(true)
      expect(Number(id)).toBeLessThan(nextPreKeyId)
    }
  }
  expect(written).toBeGreaterThan(800)
})

it('nothing is uploaded when the pre-keys could not be stored, and the next log-in makes up for it', async () => {
  let away = true
  const { session, phone } = await recordingWorld((change) => away && isPreKey(change) === true)
  const pairing = openRecorded(world.driver, session)
  await phone.scan((await pairing.told('qr')).qr)
  await pairing.told('closed')
  const first = openRecorded(world.driver, session)
  expect((await first.told('closed')).cause.kind).toBe('internal-error')

  away = false
  const second = openRecorded(world.driver, session)
  await second.told('open')
  const contact = await world.makePhone()
  await contact.delivered((await contact.sendText(phone.phoneNumber, 'with a fresh pre-key')).id)
  expect(contact.simulated.counters().retriesServed).toBe(0)
})
