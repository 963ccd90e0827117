import type { TestPostgres } from '#local/testing/start-test-postgres.ts'
import type { Findings } from '#tests/faults/check/findings.ts'
import { saveHistories } from '#tests/faults/history/history-folder.ts'
import { createRandom } from '#tests/simulation/random.ts'
import { checkFolder } from '#tests/faults/run-faults.ts'
import { collectHistories } from '#tests/faults/stage/collect-histories.ts'
import { makeChat, openStage, type Stage } from '#tests/faults/stage/open-stage.ts'
import { hurryWebhooks } from '#tests/faults/stage/hurry-webhooks.ts'
import { untilSettled } from '#tests/faults/stage/until-quiet.ts'
import { crashPoints, type CrashPoint, type CrashPointName } from './crash-points.ts'
import { noteTaken, openScene, type SceneState } from './crash-scene.ts'

export interface CrashRunOptions {
  points: readonly CrashPointName[]
  /** How often each is killed. */
  times: number
  workers: number
  sessions: number
  seed: number
  /** For histories and logs; made if missing. */
  folder: string
  postgres: TestPostgres
  /** A deadline of the whole run, or Ctrl-C. */
  signal: AbortSignal
  print: (line: string) => void
}

/** What one point showed over all its kills. */
export interface CrashResult {
  point: CrashPointName
  kills: number
  /** One sentence per kill after which something did not hold. */
  failures: string[]
  /** Milliseconds from the hand-over of the message to its arrival, one per kill that held. */
  tookMs: number[]
}

/**
 * Kills at each point, one kill after the other on one stage: each has a message of its own and a follower in the same chat,
 * so that the checker can tell what was lost, doubled or out of order.
 */
export async function runCrashPoints(
  options: CrashRunOptions,
): Promise<{ results: CrashResult[]; findings: Findings }> {
  const { points, times, folder, print, signal } = options
  const dice = createRandom(options.seed)
  const random = () => dice.next()
  const stage = await openStage({ ...options, chatsPerSession: 1, random })
  const state: SceneState = { api: [], taken: noteTaken(stage), numbers: new Map(), signal }
  const hurry = hurryWebhooks(stage)
  try {
    const results: CrashResult[] = []
    let turn = 0
    for (const point of points) {
      const result: CrashResult = { point, kills: 0, failures: [], tookMs: [] }
      results.push(result)
      for (let time = 0; time < times; time += 1) {
        signal.throwIfAborted()
        await killOnce(stage, state, crashPoints[point], turn++, result)
      }
      const held = result.kills - result.failures.length
      print(
        `  ${point.padEnd(4)} ${held} of ${result.kills} held, ${describe(result.tookMs)}  ${crashPoints[point].between}`,
      )
      for (const failure of result.failures) print(`       ${failure}`)
    }
    stage.endpoints.heal()
    await untilSettled(stage, signal)
    await saveHistories(folder, await collectHistories(stage, state.api))
    return { results, findings: await checkFolder(folder) }
  } finally {
    await hurry.stop()
    await stage.stop()
  }
}

async function killOnce(
  stage: Stage,
  state: SceneState,
  point: CrashPoint,
  turn: number,
  result: CrashResult,
): Promise<void> {
  const session = stage.sessions[turn % stage.sessions.length]
  if (session === undefined) throw new Error('The stage has no session.')
  const chat = point.newChat ? await makeChat(stage.simulator, `turn-${turn}`, point.newChat) : session.chats[0]
  if (chat === undefined) throw new Error('The session has no chat.')
  if (point.newChat) session.chats.push(chat)
  result.kills += 1
  try {
    const scene = await openScene(stage, state, session, chat)
    const startedAt = performance.now()
    await point.run(scene, state.api)
    result.tookMs.push(performance.now() - startedAt)
    // What comes next in the chat, both ways, must come after it.
    const follower = scene.prepareOut()
    const [written] = await Promise.all([scene.writeIn(), scene.sendOut(follower)])
    await Promise.all([scene.shownAtPhone(follower), scene.takenByEndpoint(written)])
  } catch (error) {
    state.signal.throwIfAborted()
    result.failures.push((error as Error).message)
  }
}

function describe(tookMs: readonly number[]): string {
  const sorted = tookMs.toSorted((one, other) => one - other)
  const median = sorted[Math.floor(sorted.length / 2)]
  const slowest = sorted.at(-1)
  if (median === undefined || slowest === undefined) return 'none arrived'
  return `arrived after ${(median / 1_000).toFixed(1)} s (slowest ${(slowest / 1_000).toFixed(1)} s)`
}
