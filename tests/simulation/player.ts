// One of the processes that play seeds: takes its share and tells its parent what became of it.
import { runSeed } from './run-seed.ts'
import { addShare, emptyShare, shareOf } from './share.ts'

const perReport = 100

const [first, seeds, step] = process.argv.slice(2).map(Number) as [number, number, number]
let share = emptyShare()
for (let seed = first; seed < first + seeds * step; seed += step) {
  addShare(share, shareOf(await runSeed(seed)))
  if (share.seeds === perReport) tell()
}
tell()
process.disconnect()

function tell(): void {
  process.send?.(share)
  share = emptyShare()
}
