import type { Benchmark, Surroundings } from '#bench/benchmark.ts'
import type { PathStage } from '#bench/path/path-stage.ts'
import { percentile } from '#bench/path/percentile.ts'
import { cpuBetween, type CpuOfPath } from '#bench/path/send-through.ts'
import type { PathSizes } from '#bench/sizes.ts'
import type { Stage } from '#bench/stage/open-stage.ts'
import { pairQuietly } from '#bench/stage/pair-quietly.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { pathColumns } from './path-columns.ts'

export const pathIn: Benchmark = {
  name: 'path-in',
  columns: pathColumns,
  what: "texts of phones through journal and projection to the webhook's arrival at the customer's program; the baseline is raw Baileys in one process with as many accounts, until its receipts have left",
  often: ({ path }) =>
    `${path.rounds} bursts of ${path.burst} after one that is not counted; then ${path.steadySeconds} s at half of the best rate`,
  async run({ stage, sizes, path: open }: Surroundings) {
    const path = await open()
    const { rounds, burst, steadySeconds } = sizes.path
    const raw = await receiveRaw(stage, sizes.path)
    await path.subscribe(['message.received'])
    await receiveThrough(stage, path, burst)
    const bursts: ReceiveRound[] = []
    for (let round = 0; round < rounds; round++) bursts.push(await receiveThrough(stage, path, burst))
    const perSecond = Math.max(...bursts.map((round) => round.perSecond))
    const steady = await receiveThrough(stage, path, Math.round((perSecond / 2) * steadySeconds), perSecond / 2)
    const of = (pick: (round: ReceiveRound) => number) => bursts.map(pick)
    return [
      {
        metric: 'messages per second, best',
        unit: '/s',
        raw: [raw.perSecond],
        driver: [perSecond],
        goal: { of: 'driver', atLeast: 400 },
      },
      {
        metric: 'burst: messages per second',
        unit: '/s',
        raw: [raw.perSecond],
        driver: of((round) => round.perSecond),
      },
      { metric: 'burst: webhook p50', unit: 'ms', raw: [], driver: of(({ latencyMs }) => percentile(latencyMs, 0.5)) },
      { metric: 'burst: webhook p99', unit: 'ms', raw: [], driver: of(({ latencyMs }) => percentile(latencyMs, 0.99)) },
      {
        metric: 'CPU of the worker per message',
        unit: 'ms',
        raw: [raw.cpuMs],
        driver: of((round) => round.cpuMs.worker / burst),
      },
      {
        metric: 'CPU of PostgreSQL per message',
        unit: 'ms',
        raw: [],
        driver: of((round) => round.cpuMs.database / burst),
      },
      {
        metric: 'database round trips per message',
        unit: '',
        raw: [],
        driver: of((round) => round.roundTrips / burst),
        goal: { of: 'driver', atMost: 3 },
      },
      { metric: 'half rate', unit: '/s', raw: [], driver: [steady.perSecond] },
      {
        metric: 'half rate: webhook p50',
        unit: 'ms',
        raw: [],
        driver: [percentile(steady.latencyMs, 0.5)],
        goal: { of: 'driver', atMost: 25 },
      },
      { metric: 'half rate: webhook p99', unit: 'ms', raw: [], driver: [percentile(steady.latencyMs, 0.99)] },
    ]
  },
}

interface ReceiveRound {
  perSecond: number
  latencyMs: readonly number[]
  cpuMs: CpuOfPath
  roundTrips: number
}

/** Phones write so many texts, at once or at a rate; ends when the webhook of the last has arrived and is recorded. */
async function receiveThrough(
  { simulator }: Stage,
  path: PathStage,
  count: number,
  perSecond?: number,
): Promise<ReceiveRound> {
  const deepest = path.instances[0]?.contacts.length ?? 0
  const pairs = Array.from({ length: deepest }, (_, n) => n).flatMap((n) =>
    path.instances.map(({ phoneNumber, contacts }) => ({ from: contacts[n] ?? '', to: phoneNumber })),
  )
  await path.customer.takeLatencies()
  const [cpu, trips, startedAt] = [await path.cpu(), await path.roundTrips(), performance.now()]
  await simulator.writeNow(pairs, count, perSecond)
  await waitFor(async () => (await path.customer.received()) >= count, {
    what: `${count} webhooks`,
    timeoutMs: 120_000,
    intervalMs: 20,
  })
  const wallMs = performance.now() - startedAt
  await path.log.untilDelivered()
  const [cpuAfter, tripsAfter] = [await path.cpu(), await path.roundTrips()]
  return {
    perSecond: (count * 1000) / wallMs,
    latencyMs: await path.customer.takeLatencies(),
    cpuMs: cpuBetween(cpu, cpuAfter),
    roundTrips: tripsAfter.worker - trips.worker,
  }
}

async function receiveRaw(stage: Stage, { instances, contacts, burst }: PathSizes) {
  const accounts = await stage.newAccounts(instances)
  const numbers = await stage.simulator.makePhones(contacts)
  const subject = await stage.startSubject('raw')
  await pairQuietly(stage, subject, accounts)
  const pairs = numbers.flatMap((from) => accounts.map(({ phoneNumber }) => ({ from, to: phoneNumber })))
  const round = async () => {
    await subject.calls.startMeasuring()
    const startedAt = performance.now()
    await stage.simulator.writeNow(pairs, burst)
    for (const { phoneNumber } of accounts) await stage.simulator.quiet(phoneNumber)
    const wallMs = performance.now() - startedAt
    const { cpuMs } = await subject.calls.stopMeasuring()
    return { perSecond: (burst * 1000) / wallMs, cpuMs: cpuMs / burst }
  }
  await round()
  const measured = await round()
  await subject.stop()
  return measured
}
