import type { Benchmark, Surroundings } from './benchmark.ts'
import { describeMachine } from './report/machine.ts'
import { openPathStage, type PathStage } from './path/path-stage.ts'
import { reportBenchmark, type Report, type ReportedBenchmark } from './report/report.ts'
import { fullSizes, quickSizes } from './sizes.ts'
import { makeDuel, type Duel } from './stage/duel.ts'
import { makeFleet, type Fleet } from './stage/fleet.ts'
import type { Stage } from './stage/open-stage.ts'

/** Why a run ended before its last benchmark. */
export class Interrupted extends Error {}

/**
 * Runs one benchmark after the other; two at once would measure each other. When one fails, or `interrupted` rejects, the
 * report holds what was measured before and says so.
 */
export async function runBenchmarks(
  stage: Stage,
  chosen: readonly Benchmark[],
  { quick, progress, interrupted }: { quick: boolean; progress: (line: string) => void; interrupted: Promise<never> },
): Promise<Report> {
  const sizes = quick ? quickSizes : fullSizes
  const startedAt = new Date()
  const machine = describeMachine()
  let duel: Promise<Duel> | undefined
  let fleet: Promise<Fleet> | undefined
  let path: Promise<PathStage> | undefined
  const surroundings: Surroundings = {
    stage,
    sizes,
    duel: () => (duel ??= makeDuel(stage, sizes.contacts)),
    fleet: () => (fleet ??= makeFleet(stage, sizes.sessions)),
    path: () => (path ??= openPathStage(stage, sizes.path)),
  }

  const reported: ReportedBenchmark[] = []
  let endedEarly: Report['endedEarly'] = null
  for (const benchmark of chosen) {
    progress(`${benchmark.name} ...`)
    const before = performance.now()
    try {
      const rows = await Promise.race([benchmark.run(surroundings), interrupted])
      const seconds = (performance.now() - before) / 1000
      progress(`${benchmark.name}: ${seconds.toFixed(0)} s`)
      reported.push(reportBenchmark(benchmark, sizes, rows, seconds))
    } catch (error) {
      if (!(error instanceof Interrupted)) progress(String(error instanceof Error ? error.stack : error))
      endedEarly = { during: benchmark.name, why: error instanceof Error ? error.message : String(error) }
      break
    }
  }
  return {
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    quick,
    endedEarly,
    machine,
    database: stage.database.description,
    benchmarks: reported,
  }
}
