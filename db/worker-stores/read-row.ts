import { getTableColumns } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'

/** A row that a hand-written statement returned, as drizzle's own selects give it: its names, Dates and bytes. */
export function readRow<T extends PgTable>(table: T, raw: Record<string, unknown>): T['$inferSelect'] {
  const values = Object.entries(getTableColumns(table)).map(([name, column]) => {
    const value = raw[column.name]
    return [name, value === null || value === undefined ? null : column.mapFromDriverValue(value)]
  })
  return Object.fromEntries(values) as T['$inferSelect']
}
