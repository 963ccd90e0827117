import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { TestPostgres } from '#local/testing/start-test-postgres.ts'
import { createChaos } from './chaos/chaos.ts'
import { describeFault, planFaults } from './chaos/schedule.ts'
import { checkHistories } from './check/check-histories.ts'
import type { Findings } from './check/findings.ts'
import { readHistories, saveHistories } from './history/history-folder.ts'
import { createRandom } from '#tests/simulation/random.ts'
import { collectHistories } from './stage/collect-histories.ts'
import { openStage, type Stage } from './stage/open-stage.ts'
import { untilQuiet } from './stage/until-quiet.ts'
import { startTraffic, type Traffic } from './traffic/start-traffic.ts'

export interface FaultRunOptions {
  /** Messages each way. */
  messages: number
  kills: number
  /** Faults of other kinds. */
  others: number
  workers: number
  sessions: number
  chatsPerSession: number
  seed: number
  /** No single fault lasts longer, in milliseconds. */
  maxFaultMs: number
  /** Gives up when for so long nothing arrived, in milliseconds. */
  stallMs: number
  /** For histories and logs; made if missing. */
  folder: string
  postgres: TestPostgres
  /** A deadline of the whole run, or Ctrl-C. */
  signal: AbortSignal
  print: (line: string) => void
}

const lookEveryMs = 20
const tellEveryMs = 5_000

/**
 * One run: traffic both ways on a stage of its own while faults strike, then quiet, then the checker. What did not arrive
 * in time is not an error here: the checker finds it. Leaves histories and logs in the folder, and no process.
 */
export async function runFaults(options: FaultRunOptions): Promise<Findings> {
  const { messages, kills, others, workers, maxFaultMs: maxMs, folder, print, signal } = options
  const dice = createRandom(options.seed)
  const random = () => dice.next()
  const plan = planFaults({ kills, others, workers, maxMs, random })
  print(`Starting ${workers} workers and ${options.sessions} sessions`)
  const stage = await openStage({ ...options, random })
  const chaos = createChaos(stage)
  let traffic: Traffic | undefined
  try {
    signal.throwIfAborted()
    print(`${messages} messages each way, ${kills} kills, ${others} other faults`)
    const startedAt = performance.now()
    traffic = startTraffic(stage, messages)
    const tell = narrate(traffic, messages, startedAt, print)
    const watch = watchProgress(traffic, options.stallMs, signal)
    for (const { at, fault } of plan) {
      while (watch.moving() && share(traffic, messages) < at) {
        tell()
        await delay(lookEveryMs)
      }
      if (!watch.moving()) break
      print(
        `  ${seconds(startedAt)} ${String(Math.round(100 * share(traffic, messages))).padStart(3)}%  ${describeFault(fault)}`,
      )
      chaos.strike(fault)
    }
    await untilQuiet({ stage, traffic, chaos, messages, moving: watch.moving, tell, signal })
    signal.throwIfAborted()
    if (!watch.moving()) print(`Nothing arrived for ${options.stallMs} ms: giving up.`)
    print(`  ${seconds(startedAt)} collecting the histories`)
    return await collectAndCheck(stage, traffic, folder)
  } finally {
    traffic?.stop()
    chaos.end()
    await stage.stop()
  }
}

async function collectAndCheck(stage: Stage, traffic: Traffic, folder: string): Promise<Findings> {
  await saveHistories(folder, await collectHistories(stage, traffic.api))
  return checkFolder(folder)
}

/** Runs the checker on the histories that a run left. */
export async function checkFolder(folder: string): Promise<Findings> {
  return checkHistories(await readHistories(path.resolve(folder)))
}

function share(traffic: Traffic, messages: number): number {
  return (traffic.shown() + traffic.received()) / (2 * messages)
}

/** False once nothing has arrived for `stallMs`, or the run was aborted. */
function watchProgress(traffic: Traffic, stallMs: number, signal: AbortSignal): { moving: () => boolean } {
  let seen = -1
  let since = performance.now()
  return {
    moving() {
      const now = traffic.accepted() + traffic.written() + traffic.shown() + traffic.received()
      if (now !== seen) {
        seen = now
        since = performance.now()
      }
      return !signal.aborted && performance.now() - since < stallMs
    },
  }
}

function narrate(traffic: Traffic, messages: number, startedAt: number, print: (line: string) => void): () => void {
  let toldAt = performance.now()
  return () => {
    if (performance.now() - toldAt < tellEveryMs) return
    toldAt = performance.now()
    const [shown, received] = [traffic.shown(), traffic.received()]
    print(`  ${seconds(startedAt)} accepted ${traffic.accepted()}, shown ${shown}, received ${received} of ${messages}`)
  }
}

function seconds(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s`
}
