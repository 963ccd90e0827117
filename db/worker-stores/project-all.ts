import type { Projection } from '#core/ports/inbound.ts'
import { projectMessages, teaches, type ReadableProjection } from './project-messages.ts'
import { projectUndecryptable } from './project-undecryptable.ts'
import type { WorkerDatabase } from './worker-database.ts'

/** Rows of one statement: its parameters and its locks must not grow without end. */
const mostTogether = 200

/**
 * Projects rows in the order given, neighbours in one statement where one can serve them. Numbers that are new stand in a
 * statement of their own, so that what follows finds them stored.
 */
export async function projectAll(database: WorkerDatabase, projections: readonly Projection[]): Promise<boolean[]> {
  const areNew: boolean[] = []
  let together: ReadableProjection[] = []

  async function flush(): Promise<void> {
    if (together.length > 0) areNew.push(...(await projectMessages(database, together)))
    together = []
  }

  for (const projection of projections) {
    const { row, message } = projection
    if (isReadable(projection)) {
      const alone = teaches(projection)
      if (alone || together.length === mostTogether) await flush()
      together.push(projection)
      if (alone) await flush()
    } else if (message !== undefined) {
      await flush()
      areNew.push(await projectUndecryptable(database, row, message))
    }
  }
  await flush()
  return areNew
}

function isReadable(projection: Projection): projection is ReadableProjection {
  return projection.message?.content !== null
}
