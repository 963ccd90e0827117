import type { Benchmark, Goal, Row } from '#bench/benchmark.ts'
import type { VariantFleet } from '#bench/stage/fleet.ts'
import type { Stage } from '#bench/stage/open-stage.ts'
import { inTurn, type PerVariant, type VariantName } from '#bench/variants.ts'

/** RSS in megabytes, at each of the asked numbers of sessions. */
type Looks = readonly number[]

export const idleMemory: Benchmark = {
  name: 'idle-memory',
  what: 'resident memory (RSS after garbage collection) of a process with idle sessions: in the process that paired them, and in one that was started again on what is stored',
  often: ({ restarts }) => `paired once, since pairing is dear; ${restarts} restarts`,
  async run({ stage, sizes: { sessions, restarts }, fleet }) {
    const { raw, driver } = await fleet()
    const pairedLooks = ({ memory }: VariantFleet): Looks[] => [memory.map(({ rssMb }) => rssMb)]
    const paired = { raw: pairedLooks(raw), driver: pairedLooks(driver) }
    const fleets = { raw, driver }
    const restarted = await inTurn(restarts, (variant) => memoryAfterRestart(stage, variant, fleets[variant], sessions))
    return [
      ...rowsOf('after pairing', sessions, paired),
      ...rowsOf('after a restart', sessions, restarted, { of: 'driver', atMost: 0.6 }),
    ]
  },
}

async function memoryAfterRestart(
  stage: Stage,
  variant: VariantName,
  { accounts }: VariantFleet,
  sessions: readonly number[],
): Promise<Looks> {
  const subject = await stage.startSubject(variant)
  const looks: number[] = []
  let opened = 0
  for (const count of sessions) {
    await subject.calls.open(accounts.slice(opened, count))
    opened = count
    looks.push((await subject.calls.memory()).rssMb)
  }
  await subject.calls.close()
  await subject.stop()
  return looks
}

/** The first session brings caches and connections with it, so what one session takes is the slope after it. */
function rowsOf(when: string, sessions: readonly number[], looks: PerVariant<Looks[]>, goal?: Goal): Row[] {
  const row = (metric: string, pick: (look: Looks) => number): Row => ({
    metric,
    unit: 'MB',
    raw: looks.raw.map(pick),
    driver: looks.driver.map(pick),
  })
  const [first = 0, last = 0] = [sessions[0], sessions.at(-1)]
  const slope = (look: Looks) => ((look.at(-1) ?? 0) - (look[0] ?? 0)) / (last - first)
  return [
    ...sessions.map((count, index) => row(`${countOf(count)} ${when}`, (look) => look[index] ?? 0)),
    { ...row(`each of ${countOf(last)} ${when}`, slope), ...(goal && { goal }) },
  ]
}

function countOf(sessions: number): string {
  return sessions === 1 ? '1 session' : `${sessions} sessions`
}
