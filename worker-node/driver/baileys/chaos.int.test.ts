import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Faults } from '#simulator/api.ts'
import { makeBaileysWorld, type BaileysWorld } from '#worker-node/testing/baileys-world.ts'
import { pairedConnection, textTo } from '#worker-node/testing/driver-conformance.ts'
import { openRecorded } from '#worker-node/testing/recorded-connection.ts'

let world: BaileysWorld

beforeEach(async () => {
  world = await makeBaileysWorld({ timings: { queryTimeoutMs: 2_000, ackTimeoutMs: 2_000 } })
})
afterEach(() => world.stop())

/** Cuts the connection at the n-th stanza that the device sends from now on. */
function cutAtStanza(faults: Faults, phoneNumber: string, n: number): void {
  if (n > 1) faults.add({ action: { kind: 'delay', delayMs: 0 }, stanza: '*', phoneNumber, times: n - 1 })
  faults.add({ action: { kind: 'close' }, stanza: '*', phoneNumber, times: 1 })
}

it('a connection cut at any stanza ends with a cause, and the next one makes up for it', async () => {
  const [session, phone, contact] = [await world.newSession(), await world.makePhone(), await world.makePhone()]
  await (await pairedConnection(world.driver, session, phone)).close()
  const request = textTo(contact.phoneNumber, 'in spite of everything')

  for (let n = 1; n <= 24; n++) {
    cutAtStanza(world.simulator.faults, phone.phoneNumber, n)
    await contact.sendText(phone.phoneNumber, `to be received ${n}`)
    const connection = openRecorded(world.driver, session)
    await connection.told('open').catch(() => undefined)
    await connection.send(request)
    // What is not cut by then is ended by us: nothing may be left hanging either way.
    await connection.close()
    expect(connection.calls.at(-1)?.call).toBe('closed')
    world.simulator.faults.clear()
  }

  const last = openRecorded(world.driver, session)
  await last.told('open')
  expect(await last.send(request)).toEqual({ outcome: 'acked' })
  const { id } = await contact.sendText(phone.phoneNumber, 'the last')
  await contact.delivered(id)
  expect(contact.shown(phone.phoneNumber).filter(({ fromMe }) => !fromMe)).toHaveLength(1)
  const received = new Set(
    world.journal(session).flatMap(({ waMessageId, stanza }) => (stanza.self ? [] : [waMessageId])),
  )
  expect(received.size).toBe(25)
  expect(contact.simulated.counters().undecryptable).toBe(0)
})
