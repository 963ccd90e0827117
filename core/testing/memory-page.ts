import type { Page } from '#core/ports/instances.ts'
import { pageOf, readCursor } from '#core/rules/cursor.ts'

/**
 * The page after the cursor, newest first. `rows` are all that the list's owner ever had, oldest first: the row of the
 * cursor may be one that the list no longer shows.
 */
export function memoryPage<Row extends { id: string }>(
  list: string,
  rows: readonly Row[],
  shown: (row: Row) => boolean,
  { limit, cursor }: { limit: number; cursor?: string },
): Page<Row> {
  const after = cursor === undefined ? undefined : readCursor(list, cursor)
  const end = after === undefined ? rows.length : rows.findIndex((row) => row.id === after)
  const older = rows.slice(0, Math.max(end, 0)).filter(shown).toReversed()
  return pageOf(list, limit, older.slice(0, limit + 1))
}
