import type { Benchmark, Row } from '#bench/benchmark.ts'
import type { OpenTimes } from '#bench/subject/subject-calls.ts'
import { inTurn } from '#bench/variants.ts'

export const openSessions: Benchmark = {
  name: 'open-sessions',
  what: 'time until every stored session is logged in, at most 20 at a time between opening and open; without the pause that the worker makes between two (10 a second)',
  often: ({ restarts, sessions }) => `${restarts} restarts with ${sessions.at(-1)} sessions`,
  async run({ stage, sizes: { restarts, sessions }, fleet }) {
    const fleets = await fleet()
    const times = await inTurn(restarts, async (variant) => {
      const subject = await stage.startSubject(variant)
      const opened = await subject.calls.open(fleets[variant].accounts)
      await subject.calls.close()
      await subject.stop()
      return opened
    })
    const count = sessions.at(-1) ?? 0
    const row = (metric: string, unit: Row['unit'], pick: (times: OpenTimes) => number): Row => ({
      metric,
      unit,
      raw: times.raw.map(pick),
      driver: times.driver.map(pick),
    })
    const sinceStart = row(`${count} open, since process start`, 's', (each) => each.sinceProcessStartMs / 1000)
    return [
      { ...sinceStart, goal: { of: 'driver', atMost: 4 } },
      row(`${count} open, since first opening`, 's', (each) => each.sinceCallMs / 1000),
      row('CPU of one opening', 'ms', (each) => each.cpuMs / count),
    ]
  },
}
