import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeBaileysWorld, type BaileysWorld } from '#worker-node/testing/baileys-world.ts'
import { pairedConnection, textTo } from '#worker-node/testing/driver-conformance.ts'
import { createMemorySessions } from '#worker-node/testing/memory-sessions.ts'
import { slowKeys } from '#worker-node/testing/slow-keys.ts'
import { decodePlaintext } from './decode-plaintext.ts'

let world: BaileysWorld

beforeEach(async () => {
  const sessions = createMemorySessions()
  world = await makeBaileysWorld({ sessions, keys: slowKeys(sessions.keys) })
})
afterEach(() => world.stop())

async function linkedAccount() {
  const [session, phone] = [await world.newSession(), await world.makePhone()]
  const connection = await pairedConnection(world.driver, session, phone)
  const received = () => world.journal(session).flatMap((row) => bodyOf(decodePlaintext(row)))
  return { session, phone, connection, received }
}

function bodyOf(message: ReturnType<typeof decodePlaintext>): string[] {
  return message?.content?.type === 'text' ? [message.content.text.body] : []
}

const numbered = (what: string, count: number) => Array.from({ length: count }, (_, n) => `${what} ${n}`)

it('300 messages each way at once with one contact are all read, on both sides', async () => {
  const { phone, connection, received } = await linkedAccount()
  const contact = await world.makePhone()
  await connection.send(textTo(contact.phoneNumber, 'hello'))

  const [outgoing, incoming] = [numbered('to contact', 300), numbered('to account', 300)]
  const sending = Promise.all(outgoing.map((body) => connection.send(textTo(contact.phoneNumber, body))))
  for (const body of incoming) await contact.sendText(phone.phoneNumber, body)
  expect(new Set((await sending).map(({ outcome }) => outcome))).toEqual(new Set(['acked']))

  await expect.poll(() => received().length, { timeout: 30_000 }).toBe(300)
  expect(new Set(received())).toEqual(new Set(incoming))
  const shown = () => contact.shown(phone.phoneNumber).filter(({ fromMe }) => !fromMe)
  await expect.poll(() => shown().length, { timeout: 10_000 }).toBe(301)
  expect(new Set(shown().map(({ body }) => body))).toEqual(new Set(['hello', ...outgoing]))
  expect(contact.simulated.counters().undecryptable).toBe(0)
})

it('two accounts in one process with the same contact do not disturb each other', async () => {
  const accounts = [await linkedAccount(), await linkedAccount()]
  const contact = await world.makePhone()
  const bodies = numbered('message', 60)
  const outcomes = await Promise.all(
    accounts.flatMap(({ connection }) => bodies.map((body) => connection.send(textTo(contact.phoneNumber, body)))),
  )
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['acked']))
  for (const { phone } of accounts) {
    const shown = () => new Set(contact.shown(phone.phoneNumber).map(({ body }) => body))
    await expect.poll(shown).toEqual(new Set(bodies))
  }
  expect(contact.simulated.counters().undecryptable).toBe(0)
})

it('two accounts of this process write to each other', async () => {
  const [one, two] = [await linkedAccount(), await linkedAccount()]
  const bodies = numbered('across', 40)
  await Promise.all(
    bodies.flatMap((body) => [
      one.connection.send(textTo(two.phone.phoneNumber, body)),
      two.connection.send(textTo(one.phone.phoneNumber, body)),
    ]),
  )
  for (const { received } of [one, two]) {
    await expect.poll(() => new Set(received()), { timeout: 10_000 }).toEqual(new Set(bodies))
  }
})
