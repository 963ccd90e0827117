// oxlint-disable no-console -- what reaches the console is what this file is about
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLog } from '#worker-node/log.ts'
import { makeBaileysWorld } from '#worker-node/testing/baileys-world.ts'
import { pairedConnection, textTo } from '#worker-node/testing/driver-conformance.ts'
import type { TestSession } from '#worker-node/testing/driver-world.ts'
import { createMemorySessions } from '#worker-node/testing/memory-sessions.ts'
import { openRecorded } from '#worker-node/testing/recorded-connection.ts'
import { decodeCredentials } from './signal/credentials-codec.ts'

const printed: string[] = []
const methods = ['log', 'info', 'warn', 'error', 'debug'] as const
const real = methods.map((method) => console[method])

beforeEach(() => {
  printed.length = 0
  for (const method of methods) console[method] = (...values: unknown[]) => void printed.push(JSON.stringify(values))
})
afterEach(() => {
  for (const [index, method] of methods.entries()) console[method] = real[index] ?? console.log
})

/** Every private byte string of the stored credentials, as it could be written down. */
function secretsOf(sessions: ReturnType<typeof createMemorySessions>, { instanceId }: TestSession): string[] {
  const row = sessions.database.tables.sessionCredentials.find((stored) => stored.instanceId === instanceId)
  const credentials = decodeCredentials(row?.credentials ?? new Uint8Array())
  const keys = [credentials.noiseKey, credentials.signedIdentityKey, credentials.signedPreKey.keyPair]
  const secrets = [...keys.map((pair) => pair.private), Buffer.from(credentials.advSecretKey, 'base64')]
  return secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret)
    return [bytes.toString('base64'), bytes.toString('hex'), [...bytes.subarray(0, 8)].join(',')]
  })
}

it('no key, message text or whole number reaches the log or the console, whatever goes wrong', async () => {
  const lines: string[] = []
  const sessions = createMemorySessions()
  const log = createLog('debug', { write: (line: string) => void lines.push(line) })
  const world = await makeBaileysWorld({ sessions, log, timings: { ackTimeoutMs: 300 } })
  try {
    const [session, phone, contact] = [await world.newSession(), await world.makePhone(), await world.makePhone()]
    const connection = await pairedConnection(world.driver, session, phone)
    const send = (body: string) => connection.send(textTo(contact.phoneNumber, body))
    const { faults } = world.simulator
    await send('the secret text out')
    await contact.delivered((await contact.sendText(phone.phoneNumber, 'the secret text in')).id)

    // Undecryptable in both directions, refused, swallowed, a stream error, a failing store.
    const { phoneNumber } = phone
    faults.add({ action: { kind: 'corrupt' }, direction: 'to-device', phoneNumber, times: 1 })
    await contact.delivered((await contact.sendText(phoneNumber, 'the secret text again')).id)
    faults.add({ action: { kind: 'corrupt' }, phoneNumber, times: 1 })
    await send('the secret text, corrupt')
    world.refuseNext(phone, 463)
    await send('the secret text, refused')
    faults.add({ action: { kind: 'drop' }, phoneNumber, times: 1 })
    await send('the secret text, dropped')
    const secrets = secretsOf(sessions, session)
    world.disconnect(phone, '503')
    await connection.told('closed')
    const next = openRecorded(world.driver, session)
    await next.told('open')
    for (const row of sessions.database.tables.sessionKeys) if (row.type === 'session') row.value = Buffer.from('?')
    await next.send(textTo(contact.phoneNumber, 'the secret text, unreadable keys'))
    await next.told('closed')

    const said = [...lines, ...printed].join('\n')
    for (const secret of [...secrets, 'the secret text', phoneNumber.slice(1), contact.phoneNumber.slice(1)]) {
      expect(said).not.toContain(secret)
    }
    expect(printed).toEqual([])
    expect(lines.length).toBeGreaterThan(0)
  } finally {
    await world.stop()
  }
})
