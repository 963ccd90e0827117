import { sql, type SQL } from 'drizzle-orm'
import { customers } from '#db/schema/customers.ts'

/** The columns of `plans` that are counted against in PostgreSQL, and the keys of `customers.limit_overrides`. */
type CountedLimit = 'messages_per_day' | 'instances'

/** The limit that holds for the row of `customers` in the statement: what was agreed with it, or else its plan's. */
export function limitNow(limit: CountedLimit): SQL<number | null> {
  const [key, column] = [sql.raw(`'${limit}'`), sql.raw(`plans.${limit}`)]
  return sql<
    number | null
  >`CASE WHEN ${customers.limitOverrides} ? ${key} THEN (${customers.limitOverrides} ->> ${key})::integer
    ELSE (SELECT ${column} FROM plans WHERE plans.name = ${customers.plan}) END`
}
