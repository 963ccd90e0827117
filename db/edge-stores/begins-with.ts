import { sql, type SQL } from 'drizzle-orm'

/** The last code point: no name that begins so comes after the beginning followed by it. */
const last = '\u{10ffff}'

/** How names are ordered and searched: the expression of the indexes of names, so that they serve both. */
export function nameOrder(name: SQL | { getSQL(): SQL }): SQL {
  return sql`lower(${name}) COLLATE "C"`
}

/** Whether the name begins so, in any case; as a range of the index. */
export function beginsWith(name: SQL | { getSQL(): SQL }, beginning: string): SQL {
  const order = nameOrder(name)
  return sql`(${order} >= lower(${beginning}::text) AND ${order} < lower(${beginning}::text) || ${last}::text)`
}
