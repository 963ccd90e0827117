import type { Benchmark } from '#bench/benchmark.ts'
import type { Lane } from '#bench/subject/subject-calls.ts'
import { perMessage } from './per-message.ts'

export const warmSend: Benchmark = perMessage({
  name: 'warm-send',
  seconds: 35,
  what: "CPU of a text to a contact that was written to before, until the server's ack; one message in flight per contact",
  unitOfWork: 'warm send',
  count: ({ warmSends }) => warmSends,
  work: ({ subject, phoneNumber, contacts }, _stage, { warmSends }) =>
    subject.calls.send(
      contacts.map((contact): Lane => ({ from: phoneNumber, to: repeated(contact, warmSends / contacts.length) })),
    ),
})

export const coldSend: Benchmark = perMessage({
  name: 'cold-send',
  what: "CPU of the first text to a number, until the server's ack; one at a time, each to a phone of its own",
  unitOfWork: 'cold send',
  count: ({ coldSends }) => coldSends,
  async work({ subject, phoneNumber }, { simulator }, { coldSends }) {
    const strangers = await simulator.makePhones(coldSends)
    return subject.calls.send([{ from: phoneNumber, to: strangers }])
  },
})

export const receive: Benchmark = perMessage({
  name: 'receive',
  seconds: 10,
  what: 'CPU of an incoming text up to its receipt; all contacts write at once',
  unitOfWork: 'received message',
  count: ({ received }) => received,
  async work({ subject, phoneNumber, contacts }, { simulator }, { received }) {
    await subject.calls.startMeasuring()
    await simulator.burst(contacts, phoneNumber, received / contacts.length)
    return subject.calls.stopMeasuring()
  },
})

export const pingPong: Benchmark = perMessage({
  name: 'ping-pong',
  seconds: 15,
  what: 'CPU of a text and the answer to it, a ratchet step each way; one contact, one at a time',
  unitOfWork: 'pair',
  count: ({ pingPongs }) => pingPongs,
  async work({ subject, phoneNumber }, { simulator }, { pingPongs }) {
    const [contact = ''] = await simulator.makePhones(1)
    await simulator.answerEverything(contact)
    await subject.calls.pingPong(phoneNumber, contact, 1)
    return subject.calls.pingPong(phoneNumber, contact, pingPongs)
  },
})

function repeated(number: string, times: number): string[] {
  return Array.from({ length: times }, () => number)
}
