import type { Benchmark, Row } from '#bench/benchmark.ts'
import type { Post } from '#bench/path/customer-process.ts'
import type { PathStage } from '#bench/path/path-stage.ts'
import { eachRound, sendThrough, type SendRound } from '#bench/path/send-through.ts'
import type { Stage } from '#bench/stage/open-stage.ts'
import { pairQuietly } from '#bench/stage/pair-quietly.ts'
import type { Cost } from '#bench/subject/subject-calls.ts'
import type { PathSizes } from '#bench/sizes.ts'
import { cpuMsOf } from '#bench/path/process-use.ts'
import { pathColumns } from './path-columns.ts'

export const pathOut: Benchmark = {
  name: 'path-out',
  columns: pathColumns,
  what: "texts from POST through edge, database and worker to the simulator's ack, spread over all instances; the baseline of sending is raw Baileys in one process with as many accounts, that of accepting a Worker that passes requests on to an echo",
  often: ({ path }) =>
    `${path.rounds} rounds of ${path.out.map(({ atOnce, messages }) => `${messages} with ${atOnce} open`).join(', ')} after one that is not counted; then ${path.steadySeconds} s at half of the best rate`,
  async run({ stage, sizes, path: open }) {
    const path = await open()
    const { rounds, out, steadySeconds } = sizes.path
    const most = out.at(-1)!
    const raw = await sendRaw(stage, sizes.path, most.messages)
    const passOn = await path.passOn()
    await sendThrough(path, most.messages, most)

    const rows: Row[] = []
    let best: SendRound[] = []
    for (const { atOnce, messages } of out) {
      best = []
      const passed: number[][] = []
      for (let round = 0; round < rounds; round++) {
        const times = await path.customer.post(passOn.url, '', emptyPosts(messages), { atOnce })
        passed.push(times.map(({ acceptMs }) => acceptMs))
        best.push(await sendThrough(path, messages, { atOnce }))
      }
      rows.push(...rowsOf(`${atOnce} open`, best, passed))
    }

    const passOnCpu = await cpuOfPassingOn(path, passOn, most)
    const perSecond = Math.max(...best.map((round) => round.perSecond))
    const steady = await sendThrough(path, Math.round((perSecond / 2) * steadySeconds), { perSecond: perSecond / 2 })
    return [
      {
        metric: 'messages per second, best',
        unit: '/s',
        raw: [raw.perSecond],
        driver: [perSecond],
        goal: { of: 'driver', atLeast: 400 },
      },
      ...rows,
      {
        metric: 'CPU of edge and worker per message',
        unit: 'ms',
        raw: [raw.cpuMs],
        driver: best.map((round) => (round.cpuMs.edge + round.cpuMs.worker) / most.messages),
        goal: { of: 'driver', atMost: 4 },
      },
      {
        metric: 'CPU of the worker per message',
        unit: 'ms',
        raw: [raw.cpuMs],
        driver: best.map((round) => round.cpuMs.worker / most.messages),
      },
      {
        metric: 'CPU of the edge per message',
        unit: 'ms',
        raw: [passOnCpu],
        driver: best.map((round) => round.cpuMs.edge / most.messages),
      },
      {
        metric: 'CPU of PostgreSQL per message',
        unit: 'ms',
        raw: [],
        driver: best.map((round) => round.cpuMs.database / most.messages),
      },
      {
        metric: 'database round trips per message',
        unit: '',
        raw: [],
        driver: best.map((round) => (round.roundTrips.edge + round.roundTrips.worker) / most.messages),
        goal: { of: 'driver', atMost: 3 },
      },
      { metric: 'half rate', unit: '/s', raw: [], driver: [steady.perSecond] },
      { metric: 'half rate: accept p50', unit: 'ms', raw: [], driver: eachRound([steady.acceptMs], 0.5) },
      {
        metric: 'half rate: accept p99',
        unit: 'ms',
        raw: [],
        driver: eachRound([steady.acceptMs], 0.99),
        goal: { of: 'driver', atMost: 50 },
      },
      { metric: 'half rate: sent p50', unit: 'ms', raw: [], driver: eachRound([steady.sentMs], 0.5) },
      {
        metric: 'half rate: sent p99',
        unit: 'ms',
        raw: [],
        driver: eachRound([steady.sentMs], 0.99),
        goal: { of: 'driver', atMost: 250 },
      },
    ]
  },
}

function rowsOf(name: string, rounds: readonly SendRound[], passed: readonly (readonly number[])[]): Row[] {
  const accepts = rounds.map(({ acceptMs }) => acceptMs)
  const sent = rounds.map(({ sentMs }) => sentMs)
  return [
    { metric: `${name}: messages per second`, unit: '/s', raw: [], driver: rounds.map(({ perSecond }) => perSecond) },
    { metric: `${name}: accept p50`, unit: 'ms', raw: eachRound(passed, 0.5), driver: eachRound(accepts, 0.5) },
    { metric: `${name}: accept p99`, unit: 'ms', raw: eachRound(passed, 0.99), driver: eachRound(accepts, 0.99) },
    { metric: `${name}: sent p50`, unit: 'ms', raw: [], driver: eachRound(sent, 0.5) },
    { metric: `${name}: sent p99`, unit: 'ms', raw: [], driver: eachRound(sent, 0.99) },
  ]
}

/** Raw Baileys straight to the simulator, with as many accounts and contacts as the path has. */
async function sendRaw(stage: Stage, { instances, contacts }: PathSizes, messages: number) {
  const accounts = await stage.newAccounts(instances)
  const numbers = await stage.simulator.makePhones(contacts)
  const subject = await stage.startSubject('raw')
  await pairQuietly(stage, subject, accounts)
  const each = Math.ceil(messages / (instances * contacts))
  const lanes = accounts.flatMap(({ phoneNumber }) =>
    numbers.map((number) => ({ from: phoneNumber, to: Array.from({ length: each }, () => number) })),
  )
  await subject.calls.send(lanes)
  const { cpuMs, wallMs }: Cost = await subject.calls.send(lanes)
  await subject.stop()
  const sent = each * lanes.length
  return { perSecond: (sent * 1000) / wallMs, cpuMs: cpuMs / sent }
}

async function cpuOfPassingOn(
  { customer }: PathStage,
  { url, pid }: { url: string; pid: number },
  { atOnce, messages }: { atOnce: number; messages: number },
): Promise<number> {
  const before = await cpuMsOf(pid)
  await customer.post(url, '', emptyPosts(messages), { atOnce })
  return ((await cpuMsOf(pid)) - before) / messages
}

function emptyPosts(count: number): Post[] {
  return Array.from({ length: count }, () => ({ path: '/', body: { text: 'message' } }))
}
