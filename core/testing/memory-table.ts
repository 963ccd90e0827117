import type { PageRequest, TablePage } from '#core/ports/table.ts'

/** A page of rows that are in their order already. */
export function memoryTable<Row>(rows: readonly Row[], { page, perPage }: PageRequest): TablePage<Row> {
  return { rows: rows.slice((page - 1) * perPage, page * perPage), total: rows.length }
}
