import { getTableColumns } from 'drizzle-orm'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { createMemoryDatabase } from '#core/testing/memory-database.ts'
import type { MemoryRows, TableName } from '#core/testing/memory-rows.ts'
import { allTables } from '#db/testing/sql-seed.ts'

type Flat<Row> = { [Column in keyof Row]: Row[Column] }
type FlatMemoryRows = { [T in TableName]: Flat<MemoryRows[T]> }
type SelectedRows = { [T in TableName]: Flat<(typeof allTables)[T]['$inferSelect']> }

describe('the rows in memory', () => {
  it("have the columns and types of the schema's tables", () => {
    expectTypeOf<SelectedRows>().toEqualTypeOf<FlatMemoryRows>()
  })

  it.each(Object.keys(allTables) as TableName[])(
    'get the defaults of %s and no column that it does not have',
    (name) => {
      const columns = getTableColumns(allTables[name])
      const row = createMemoryDatabase().insert(name, {} as never)
      const filledIn = Object.entries(columns).filter(
        ([, column]) => !column.notNull || column.hasDefault || column.generatedIdentity !== undefined,
      )
      expect(Object.keys(row).toSorted()).toEqual(filledIn.map(([column]) => column).toSorted())
      for (const [column, { default: value }] of filledIn) {
        const isLiteral = ['string', 'number'].includes(typeof value)
        if (isLiteral) expect(row[column as keyof typeof row]).toBe(value)
      }
    },
  )
})
