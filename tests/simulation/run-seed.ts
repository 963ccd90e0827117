import type { MemoryDatabase } from '#core/testing/memory-database.ts'
import { judge, unsettled } from './promises.ts'
import { createRandom } from './random.ts'
import { planScenario } from './scenario.ts'
import { installVirtualGlobals } from './virtual-globals.ts'
import { createVirtualTime } from './virtual-time.ts'
import { createWorld } from './world.ts'

/** Everything has to be settled this long after the last fault. The longest waits are those of resends and webhooks. */
const patienceMs = 40 * 60_000
/** Looks for what comes late, after everything is settled. */
const aftermathMs = 3_000

export interface Story {
  seed: number
  /** The first promise that did not hold; undefined when all did. */
  broken: string | undefined
  /** Virtual milliseconds, and how many things happened in them. */
  lastedMs: number
  happened: number
  messages: number
  /** What it came to, so that a model in which nothing happens is noticed. */
  met: Met
}

export const rarities = ['restricted', 'slowed', 'probed'] as const
/** Accounts that WhatsApp refused with 463 and with 429, and deliveries that probed an endpoint whose breaker was open. */
export type Met = Record<(typeof rarities)[number], number>

/** Plays the scenario of one seed to its end. The same seed always plays the same. */
export async function runSeed(seed: number, listen?: (line: string) => void): Promise<Story> {
  const time = createVirtualTime(createRandom(seed), listen)
  const restoreGlobals = installVirtualGlobals(time)
  const { stackTraceLimit } = Error
  // Thousands of errors are made on purpose, and nobody reads where.
  if (listen === undefined) Error.stackTraceLimit = 0
  try {
    const world = await createWorld(time)
    const { watch, database } = world
    const surprise = (error: unknown) => watch.accuse(`an error that nobody caught: ${String(error)}`)
    process.on('unhandledRejection', surprise)
    try {
      const scenario = planScenario(world)
      const isBroken = () => watch.broken() !== undefined
      await time.run(isBroken, scenario.healsAtMs + 1)
      let nextLook = 0
      const isSettled = () => {
        if (isBroken()) return true
        if (time.now < nextLook) return false
        nextLook = time.now + 100
        return unsettled(world) === undefined
      }
      const until = scenario.healsAtMs + patienceMs
      // What comes late has to settle as well.
      do {
        await time.run(isSettled, until)
        await time.run(isBroken, time.now + aftermathMs)
      } while (!isBroken() && time.now < until && unsettled(world) !== undefined)
      const missing = unsettled(world)
      if (missing !== undefined) watch.accuse(`it does not come to rest: ${missing}`)
      if (!isBroken()) judge(world, scenario)
    } finally {
      process.off('unhandledRejection', surprise)
    }
    const broken = watch.broken()?.message
    const { happened, now } = time
    return { seed, broken, lastedMs: now, happened, messages: database.tables.messages.length, met: metIn(database) }
  } finally {
    Error.stackTraceLimit = stackTraceLimit
    restoreGlobals()
  }
}

function metIn({ tables }: MemoryDatabase): Met {
  const limitsFor = (reason: string) => tables.events.filter(({ data }) => data['reason'] === reason).length
  return {
    restricted: limitsFor('wa-restricted'),
    slowed: limitsFor('wa-too-fast'),
    // Nothing is replayed here, and else only a failed probe moves this figure.
    probed: tables.deliveries.filter(({ attemptsBefore }) => attemptsBefore > 0).length,
  }
}
