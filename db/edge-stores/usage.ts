import { sql, type SQL } from 'drizzle-orm'
import type { CustomerId } from '#contracts/ids.ts'
import type {
  DaySpan,
  Usage,
  UsageCounts,
  UsageDay,
  UsageFilter,
  UsageGroup,
  UsageGrouping,
} from '#core/ports/usage.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { beginsWith, nameOrder } from './begins-with.ts'
import { tableRows } from './table-rows.ts'

type DayRow = Pick<UsageDay, keyof UsageDay>
type GroupRow = Pick<UsageGroup, keyof UsageGroup> & { total: number }

export function createUsage(db: EdgeDatabase): Usage {
  return guardStore<Usage>({
    async addRequests(counts) {
      if (counts.length === 0) return
      await db.execute(sql`
        INSERT INTO request_days (customer_id, day, requests, bytes_in, bytes_out)
        SELECT r.customer_id, r.day, r.requests, r."bytesIn", r."bytesOut"
        FROM json_to_recordset(${JSON.stringify(counts.map(({ customerId, ...rest }) => ({ ...rest, customer_id: customerId })))}::json)
          AS r (customer_id text, day date, requests bigint, "bytesIn" bigint, "bytesOut" bigint)
        -- One that never was, or was removed for good, has no use. Locked in one order by all who count at once.
        WHERE EXISTS (SELECT FROM customers c WHERE c.id = r.customer_id)
        ORDER BY r.customer_id, r.day
        ON CONFLICT (customer_id, day) DO UPDATE SET requests = request_days.requests + excluded.requests,
          bytes_in = request_days.bytes_in + excluded.bytes_in, bytes_out = request_days.bytes_out + excluded.bytes_out`)
    },

    async days(customerId, span) {
      const { rows } = await db.execute<DayRow | Record<keyof DayRow, null>>(daysQuery(customerId, span))
      return rows.length === 0 ? undefined : rows.flatMap((row) => (row.day === null ? [] : [row]))
    },

    async groupsAcrossCustomers(filter, page) {
      const { rows } = await db.execute<GroupRow>(sql`
        ${groupsQuery(filter)} ORDER BY ${orderOf(filter)} LIMIT ${page.perPage} OFFSET ${(page.page - 1) * page.perPage}`)
      return tableRows(rows, page, async () => {
        const counted = await db.execute<GroupRow>(sql`${groupsQuery(filter)} LIMIT 1`)
        return counted.rows[0]?.total ?? 0
      })
    },
  })
}

/** The sums that make a `UsageCounts`, as numbers of JSON. */
const names: readonly (keyof UsageCounts)[] = [
  'requests',
  'bytesIn',
  'bytesOut',
  'messages',
  'sent',
  'received',
  'failed',
  'mediaSent',
  'mediaReceived',
]
const sums: SQL = sql.raw(names.map((name) => `sum(u."${name}")::float8 AS "${name}"`).join(', '))

/** What was used in these days, as rows to be added up, of one customer or of all. */
function used({ from, to }: DaySpan, customerId?: CustomerId): SQL {
  const chosen = sql`day BETWEEN ${from}::date AND ${to}::date${customerId === undefined ? sql`` : sql` AND customer_id = ${customerId}`}`
  return sql`
    SELECT customer_id, day, NULL::text AS server_id, requests, bytes_in AS "bytesIn", bytes_out AS "bytesOut", 0 AS messages,
      NULL::integer AS quota, 0 AS sent, 0 AS received, 0 AS failed, 0 AS "mediaSent", 0 AS "mediaReceived"
    FROM request_days WHERE ${chosen}
    UNION ALL
    SELECT customer_id, day, NULL, 0, 0, 0, messages, quota, 0, 0, 0, 0, 0 FROM usage_days WHERE ${chosen}
    UNION ALL
    SELECT customer_id, day, server_id, 0, 0, 0, 0, NULL, sent, received, failed, media_sent, media_received
    FROM message_days WHERE ${chosen}`
}

export function daysQuery(customerId: CustomerId, span: DaySpan): SQL {
  return sql`
    SELECT used.* FROM customers c
    LEFT JOIN (
      SELECT to_char(u.day, 'YYYY-MM-DD') AS day, max(u.quota) AS quota, ${sums}
      FROM (${used(span, customerId)}) AS u GROUP BY u.day
    ) AS used ON true
    WHERE c.id = ${customerId} AND c.deleted_at IS NULL
    ORDER BY used.day DESC`
}

const groups: Record<UsageGrouping, SQL> = {
  plan: sql`
    SELECT c.plan AS id, c.plan AS name, c.plan, count(DISTINCT c.id)::int AS customers, ${sums}
    FROM used u JOIN customers c ON c.id = u.customer_id GROUP BY c.plan`,
  customer: sql`
    SELECT c.id, c.name, c.plan, 1 AS customers, ${sums}
    FROM used u JOIN customers c ON c.id = u.customer_id GROUP BY c.id`,
  server: sql`
    SELECT s.id, s.name, NULL::text AS plan, count(DISTINCT u.customer_id)::int AS customers, ${sums}
    FROM used u JOIN servers s ON s.id = u.server_id GROUP BY s.id`,
}

/** Every group, each with the `total` of all. */
export function groupsQuery({ by, q, ...span }: UsageFilter): SQL {
  const name = sql`g.name`
  const matches = q === undefined ? sql`` : sql` WHERE g.id = ${q} OR ${beginsWith(name, q)}`
  return sql`
    WITH used AS (${used(span)})
    SELECT g.*, count(*) OVER ()::int AS total FROM (${groups[by]}) AS g${matches}`
}

function orderOf({ sort: { by, descending } }: UsageFilter): SQL {
  const direction = descending ? sql`DESC` : sql`ASC`
  return sql`${orders[by]} ${direction}, id ${direction}`
}

const column = (name: string) => sql.raw(`g."${name}"`)
const orders: Record<UsageFilter['sort']['by'], SQL> = {
  name: nameOrder(column('name')),
  media: sql`(${column('mediaSent')} + ${column('mediaReceived')})`,
  bytes: sql`(${column('bytesIn')} + ${column('bytesOut')})`,
  ...(Object.fromEntries(names.map((name) => [name, column(name)])) as Record<keyof UsageCounts, SQL>),
}
