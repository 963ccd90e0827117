import type { PageRequest, TablePage } from '#core/ports/table.ts'

/**
 * A page of rows that each carry the `total` of all pages, so that both cost one query. Only a page beyond the last one has
 * no row that could tell: then `count` is asked.
 */
export async function tableRows<Row extends { total: number }>(
  found: readonly Row[],
  { page }: PageRequest,
  count: () => Promise<number>,
): Promise<TablePage<Omit<Row, 'total'>>> {
  const total = found[0]?.total ?? (page === 1 ? 0 : await count())
  return { rows: found.map(({ total: _total, ...row }) => row), total }
}
