import { expect, it } from 'vitest'
import { startSimulator } from './start-simulator.ts'
import { lightIdentity, logInLightClient, pairLightClient } from './testing/light-client.ts'
import type { LightClient, LightIdentity } from './testing/light-client.ts'

const SESSIONS = 500
const AT_ONCE = 25

/** Runs `work` for each item, some at a time, in order of the items. */
async function forEachSome<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values()
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

it(`holds ${SESSIONS} sessions at once: all are paired, logged in, pinged and written to`, async () => {
  const simulator = await startSimulator()
  const identities: LightIdentity[] = Array.from({ length: SESSIONS }, lightIdentity)
  const clients: LightClient[] = []
  const writer = await simulator.makePhone({ name: 'Writer' })
  const phones = await Promise.all(identities.map(() => simulator.makePhone()))
  await forEachSome([...identities.entries()], async ([index, who]) => {
    const phone = phones[index]
    if (!phone) throw new Error('There is a phone per session.')
    await pairLightClient(simulator, phone, who)
    clients.push(await logInLightClient(simulator, who))
  })
  const active = (): number => simulator.connections().filter(({ state }) => state === 'active').length
  expect(active()).toBe(SESSIONS)

  const pongs = clients.map((client) => client.next(({ tag, attrs }) => tag === 'iq' && attrs['id'] === 'PING'))
  const ping = { tag: 'iq', attrs: { id: 'PING', type: 'get', xmlns: 'w:p', to: '@s.whatsapp.net' } }
  for (const client of clients) client.send(ping)
  await Promise.all(pongs)

  const sent = await Promise.all(phones.map((phone) => writer.sendText(phone.phoneNumber, 'to everyone')))
  await Promise.all(
    sent.map(({ id }) => writer.waitForStatus(id, ({ deliveredTo }) => deliveredTo.length === 2, 30_000)),
  )
  expect(active()).toBe(SESSIONS)
  for (const client of clients) client.close()
  await simulator.stop()
}, 120_000)
