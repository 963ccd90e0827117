// The WhatsApp server of a run, in a process of its own, so that none of its work counts as the measured process's.
import { setTimeout as delay } from 'node:timers/promises'
import type { Phone } from '#simulator/api.ts'
import { textOfNow } from '#bench/path/moments.ts'
import { startSimulator } from '#simulator/start-simulator.ts'
import { serveCalls } from './serve-calls.ts'

const quietTimeoutMs = 60_000
const simulator = await startSimulator()

const calls = {
  address: async () => ({ url: simulator.url, rootPublicKey: simulator.rootPublicKey }),

  /** E.164 numbers of new phones. */
  async makePhones(count: number): Promise<string[]> {
    const phones = await Promise.all(Array.from({ length: count }, () => simulator.makePhone()))
    return phones.map(({ phoneNumber }) => phoneNumber)
  },

  async scan(phoneNumber: string, qr: string): Promise<void> {
    await phoneOf(phoneNumber).scan(qr)
  },

  /** From now on this phone answers every message at once. */
  async answerEverything(phoneNumber: string): Promise<void> {
    phoneOf(phoneNumber).behaviour.autoReply = 'pong'
  },

  /** Each sender sends so many texts, all at once; resolves when the linked device of `to` has confirmed every one. */
  async burst(from: readonly string[], to: string, each: number): Promise<void> {
    const senders = from.map(phoneOf)
    await Promise.all(
      Array.from({ length: each }, (_, n) => senders.map((sender) => sender.sendText(to, `message ${n}`))).flat(),
    )
    await calls.quiet(to)
  },

  /** Each pair writes in turn, `count` texts in all, that carry the moment of writing: at once, or so many per second. */
  async writeNow(pairs: readonly { from: string; to: string }[], count: number, perSecond?: number): Promise<void> {
    const startedAt = performance.now()
    const open: Promise<unknown>[] = []
    for (let n = 0; n < count; n++) {
      const { from, to } = pairs[n % pairs.length] ?? { from: '', to: '' }
      const waitMs = perSecond === undefined ? 0 : startedAt + (n * 1000) / perSecond - performance.now()
      if (waitMs > 0) await delay(waitMs)
      open.push(phoneOf(from).sendText(to, textOfNow()))
    }
    await Promise.all(open)
  },

  /** Resolves when nothing waits for the linked device of this number. */
  async quiet(phoneNumber: string): Promise<void> {
    await simulator.waitForConnection(
      (connection) =>
        connection.phoneNumber === phoneNumber && connection.state === 'active' && connection.queued === 0,
      quietTimeoutMs,
    )
  },
}

export type SimulatorCalls = typeof calls

function phoneOf(phoneNumber: string): Phone {
  const phone = simulator.phone(phoneNumber)
  if (phone === undefined) throw new Error(`There is no phone ${phoneNumber}.`)
  return phone
}

serveCalls(calls)
