import type { Benchmark, Surroundings } from '#bench/benchmark.ts'
import { pairQuietly } from '#bench/stage/pair-quietly.ts'
import type { Account, MemoryUse } from '#bench/subject/subject-calls.ts'
import { inTurn, type VariantName } from '#bench/variants.ts'

export const loadMemory: Benchmark = {
  name: 'load-memory',
  seconds: 86,
  what: 'resident memory (RSS after garbage collection) after many sends over several sessions, how much of it the later part added, and the highest of the whole run',
  often: ({ load }) => `once: ${load.sends} sends over ${load.sessions} sessions to ${load.contacts} contacts each`,
  async run(surroundings) {
    const looks = await inTurn(1, (variant) => memoryUnderLoad(surroundings, variant))
    const { sends, looks: parts } = surroundings.sizes.load
    const row = (metric: string, pick: (uses: MemoryUse[]) => number) => ({
      metric,
      unit: 'MB' as const,
      raw: looks.raw.map(pick),
      driver: looks.driver.map(pick),
    })
    const last = (uses: MemoryUse[]) => uses.at(-1)?.rssMb ?? 0
    return [
      { ...row(`after ${sends} sends`, last), goal: { of: 'driver', atMost: 400 } },
      row(`grown since send ${sends / parts}`, (uses) => last(uses) - (uses[0]?.rssMb ?? 0)),
      row('highest', (uses) => uses.at(-1)?.peakMb ?? 0),
    ]
  },
}

/** One look after each part of the sends. */
async function memoryUnderLoad({ stage, sizes: { load } }: Surroundings, variant: VariantName): Promise<MemoryUse[]> {
  const accounts = await stage.newAccounts(load.sessions)
  const contacts = await stage.simulator.makePhones(load.contacts)
  const subject = await stage.startSubject(variant)
  await pairQuietly(stage, subject, accounts)
  const perLane = load.sends / load.looks / (load.sessions * load.contacts)
  const lanes = accounts.flatMap((account: Account) =>
    contacts.map((contact) => ({
      from: account.phoneNumber,
      to: Array.from({ length: perLane }, () => contact),
    })),
  )
  const uses: MemoryUse[] = []
  for (let part = 0; part < load.looks; part++) {
    await subject.calls.send(lanes)
    uses.push(await subject.calls.memory())
  }
  await subject.calls.close()
  await subject.stop()
  return uses
}
