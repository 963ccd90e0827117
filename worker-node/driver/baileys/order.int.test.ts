import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeBaileysWorld, type BaileysWorld } from '#worker-node/testing/baileys-world.ts'
import { pairedConnection } from '#worker-node/testing/driver-conformance.ts'
import { createMemorySessions } from '#worker-node/testing/memory-sessions.ts'
import { openRecorded } from '#worker-node/testing/recorded-connection.ts'
import { slowKeys } from '#worker-node/testing/slow-keys.ts'
import { decodePlaintext } from './decode-plaintext.ts'

let world: BaileysWorld

beforeEach(async () => {
  const sessions = createMemorySessions()
  world = await makeBaileysWorld({ sessions, keys: slowKeys(sessions.keys) })
})
afterEach(() => world.stop())

it('what waited and what comes meanwhile is journaled in the order in which it was written', async () => {
  const [session, phone, contact] = [await world.newSession(), await world.makePhone(), await world.makePhone()]
  await (await pairedConnection(world.driver, session, phone)).close()
  const bodies = Array.from({ length: 80 }, (_, n) => `message ${n}`)
  for (const body of bodies.slice(0, 50)) await contact.sendText(phone.phoneNumber, body)

  const connection = openRecorded(world.driver, session)
  await connection.told('journaled')
  for (const body of bodies.slice(50)) await contact.sendText(phone.phoneNumber, body)

  const journaled = () =>
    world.journal(session).flatMap((row) => {
      const content = decodePlaintext(row)?.content
      return content?.type === 'text' ? [content.text.body] : []
    })
  await expect.poll(() => journaled().length, { timeout: 20_000 }).toBe(80)
  expect(journaled()).toEqual(bodies)
})
