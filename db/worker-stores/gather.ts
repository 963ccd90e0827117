import { meansDatabaseAway } from '#db/errors/database-away.ts'

/** A call that waits for its turn. */
interface Waiting<Item, Result> {
  item: Item
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/**
 * Makes one statement of calls that come together, and of those that come while the statement before runs: under load a
 * round trip serves many, alone a call waits for nobody. Calls keep their order. `together` answers for each item in
 * turn. When it fails, each item is tried alone, so that one that cannot be stored fails by itself and those behind it go
 * on; while the database is away, all fail at once.
 */
export function gather<Item, Result>(
  most: number,
  together: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  const queue: Waiting<Item, Result>[] = []
  let running = false

  async function run(): Promise<void> {
    // Calls of the same turn of the event loop belong together.
    await Promise.resolve()
    while (queue.length > 0) {
      const away = await settle(queue.splice(0, most), together)
      // What waits behind must not get by: it fails as well.
      if (away !== undefined) for (const { reject } of queue.splice(0)) reject(away)
    }
    running = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject })
      if (running) return
      running = true
      void run()
    })
}

/** Never rejects. Resolves to the error when the database is away. */
async function settle<Item, Result>(
  waiting: readonly Waiting<Item, Result>[],
  together: (items: readonly Item[]) => Promise<readonly Result[]>,
): Promise<unknown> {
  try {
    const results = await together(waiting.map(({ item }) => item))
    waiting.forEach(({ resolve }, index) => resolve(results[index] as Result))
  } catch (error) {
    if (waiting.length === 1 || isAway(error)) {
      for (const { reject } of waiting) reject(error)
      return isAway(error) ? error : undefined
    }
    for (const [index, one] of waiting.entries()) {
      const away = await settle([one], together)
      if (away === undefined) continue
      for (const { reject } of waiting.slice(index + 1)) reject(away)
      return away
    }
  }
  return undefined
}

/** drizzle wraps what `pg` threw. */
function isAway(error: unknown): boolean {
  return meansDatabaseAway(error) || (error instanceof Error && error.cause !== undefined && isAway(error.cause))
}
