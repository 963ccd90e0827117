// One of the processes that play seeds: takes its share and tells its parent what became of it.
import { runSeed, type Story } from './run-seed.ts'

/** What a player tells: how far it is, and the stories in which a promise broke. */
export interface Share {
  seeds: number
  messages: number
  happened: number
  lastedMs: number
  failures: Pick<Story, 'seed' | 'broken'>[]
}

const perReport = 100

const [first, seeds, step] = process.argv.slice(2).map(Number) as [number, number, number]
let share = emptyShare()
for (let seed = first; seed < first + seeds * step; seed += step) {
  const { broken, messages, happened, lastedMs } = await runSeed(seed)
  share.seeds += 1
  share.messages += messages
  share.happened += happened
  share.lastedMs += lastedMs
  if (broken !== undefined) share.failures.push({ seed, broken })
  if (share.seeds === perReport) tell()
}
tell()
process.disconnect()

function tell(): void {
  process.send?.(share)
  share = emptyShare()
}

function emptyShare(): Share {
  return { seeds: 0, messages: 0, happened: 0, lastedMs: 0, failures: [] }
}
