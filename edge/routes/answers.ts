import { cursorList, success, table } from '#contracts/envelope.ts'
import type { PageRequest, TablePage } from '#core/ports/table.ts'
import type { Page } from '#core/ports/instances.ts'

/** An answer with `data` in the envelope. */
export function answer<const S extends number, T>(status: S, data: T, headers: Record<string, string> = {}) {
  return { status, body: success(data), headers }
}

export function answerList<T>(page: Page<T>) {
  return { status: 200 as const, body: cursorList(page.items, page.nextCursor) }
}

/** One page of a table, each row as `present` shows it. */
export function answerTable<Row, View>(
  { rows, total }: TablePage<Row>,
  page: PageRequest,
  present: (row: Row) => View,
) {
  return { status: 200 as const, body: table(rows.map(present), { ...page, total }) }
}

export const noContent = { status: 204, body: null } as const
