import { Column } from 'drizzle-orm'
import { getTableConfig, type Index, type PgColumn, type PgTable } from 'drizzle-orm/pg-core'
import type { TableDescription } from './describe-database.ts'

/** A table of drizzle's schema in the words of `describeDatabase`. */
export function describeTable(table: PgTable): TableDescription {
  const { columns, primaryKeys, uniqueConstraints, foreignKeys, checks, indexes } = getTableConfig(table)
  const keyColumns = primaryKeys[0]?.columns ?? columns.filter((column) => column.primary)
  return {
    columns: columns.map(describeColumn).toSorted(byText),
    primaryKey: names(keyColumns),
    uniques: [
      ...columns.filter((column) => column.isUnique).map((column) => column.name),
      ...uniqueConstraints.map((unique) => names(unique.columns)),
    ].toSorted(byText),
    foreignKeys: foreignKeys
      .map((key) => key.reference())
      .map((key) => {
        const target = getTableConfig(key.foreignTable).name
        return `${names(key.columns)} > ${target} (${names(key.foreignColumns)})`
      })
      .toSorted(byText),
    checks: checks.map((check) => check.name).toSorted(byText),
    indexes: indexes.map(describeIndex).toSorted(byText),
  }
}

function describeColumn(column: PgColumn): string {
  const words = [column.name, column.getSQLType()]
  if (column.notNull) words.push('not null')
  if (column.default !== undefined) words.push('default')
  if (column.generatedIdentity !== undefined) words.push('identity')
  return words.join(' ')
}

function describeIndex({ config }: Index): string {
  const columns = config.columns.map((column) => ('name' in column || column instanceof Column ? column.name : '?'))
  const words = [config.name ?? '?', `(${columns.join(', ')})`]
  if (config.unique) words.push('unique')
  if (config.where !== undefined) words.push('partial')
  return words.join(' ')
}

function names(columns: readonly { name: string }[]): string {
  return columns.map(({ name }) => name).join(', ')
}

/** PostgreSQL's order of the C collation. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
