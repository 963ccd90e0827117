import type { Benchmark } from '#bench/benchmark.ts'
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
    const row = (since: string, pick: (times: OpenTimes) => number) => ({
      metric: `${sessions.at(-1)} sessions open, since ${since}`,
      unit: 's' as const,
      raw: times.raw.map((each) => pick(each) / 1000),
      driver: times.driver.map((each) => pick(each) / 1000),
    })
    return [
      { ...row("the process's start", (each) => each.sinceProcessStartMs), goal: { of: 'driver', atMost: 4 } },
      row('the first opening', (each) => each.sinceCallMs),
    ]
  },
}
