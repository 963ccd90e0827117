import { sql, type SQL } from 'drizzle-orm'
import type { ServerId } from '#contracts/ids.ts'
import type { ServerFilter, ServerOverview } from '#core/ports/servers.ts'
import type { PageRequest } from '#core/ports/table.ts'
import { enrollmentExpired } from '#core/rules/enrollment.ts'
import { placedCount } from '#db/placement/server-conditions.ts'
import { beginsWith, nameOrder } from './begins-with.ts'
import { checkColumns, toCheck, type CheckRow } from './server-checks.ts'

export type OverviewRow = Omit<
  ServerOverview,
  | 'ipAddress'
  | 'maxCapacity'
  | 'cpuCores'
  | 'ramGb'
  | 'costPerMonth'
  | 'statusReason'
  | 'workerVersion'
  | 'enrolledAt'
  | 'drain'
  | 'edgeCheck'
  | 'createdAt'
> &
  Pick<CheckRow, keyof CheckRow> & {
    ip_address: string | null
    max_capacity: number
    cpu_cores: number | null
    ram_gb: number | null
    cost_per_month: number | null
    status_reason: string | null
    worker_version: string | null
    enrolled_at: string | null
    drain_started_at: string | null
    drain_instances: number | null
    created_at: string
    total: number
  }

const name = sql`s.name`

const orders: Record<ServerFilter['sort']['by'], SQL> = {
  createdAt: sql`s.created_at`,
  name: nameOrder(name),
  utilisation: sql`${placedCount}::numeric / s.max_capacity`,
}

/** A page of servers, each with the `total` of all pages. The page is cut first: only its servers' instances are counted. */
export function overviewPage(filter: ServerFilter, { page, perPage }: PageRequest): SQL {
  const direction = filter.sort.descending ? sql`DESC` : sql`ASC`
  const order = orders[filter.sort.by]
  return overviewOf(sql`
    SELECT s.*, count(*) OVER ()::int AS total, row_number() OVER (ORDER BY ${order} ${direction}, s.id ${direction}) AS place
    FROM servers s WHERE ${matches(filter)}
    ORDER BY place LIMIT ${perPage} OFFSET ${(page - 1) * perPage}`)
}

export function overviewById(id: ServerId): SQL {
  return overviewOf(sql`SELECT s.*, 1 AS total, 1 AS place FROM servers s WHERE s.id = ${id} AND s.deleted_at IS NULL`)
}

/** How many servers the filter lets through. */
export function overviewCount(filter: ServerFilter): SQL {
  return sql`SELECT count(*)::int AS total FROM servers s WHERE ${matches(filter)}`
}

export function toOverview(row: Omit<OverviewRow, 'total'>): ServerOverview {
  const { ip_address, max_capacity, cpu_cores, ram_gb, cost_per_month, ...rest } = row
  const { check_grade: _grade, check_reason: _reason, check_took_ms: _took, ...unchecked } = rest
  const { check_checked_at: _at, check_since: _since, ...told } = unchecked
  const { status_reason, worker_version, enrolled_at, drain_started_at, drain_instances, created_at, ...same } = told
  const drain =
    drain_started_at === null ? null : { startedAt: new Date(drain_started_at), instances: drain_instances ?? 0 }
  return {
    ...same,
    ipAddress: ip_address,
    maxCapacity: max_capacity,
    cpuCores: cpu_cores,
    ramGb: ram_gb,
    costPerMonth: cost_per_month,
    statusReason: status_reason,
    workerVersion: worker_version,
    enrolledAt: enrolled_at === null ? null : new Date(enrolled_at),
    drain,
    edgeCheck: toCheck(row),
    createdAt: new Date(created_at),
  }
}

/** How many instances are placed on the server `s` or owned by the run that holds its lease. */
export const heldCount: SQL = sql`(
  SELECT count(*)::int FROM instance_leases held JOIN instances h ON h.id = held.instance_id
  WHERE h.deleted_at IS NULL AND (held.server_id = s.id
    OR (s.lease_expires_at > clock_timestamp() AND held.owner_incarnation = s.incarnation))
)`

const columns: SQL = sql`s.id, s.name, s.url, s.region, s.ip_address, s.provider, s.max_capacity, s.cpu_cores, s.ram_gb,
  s.status, s.worker_version, s.enrolled_at, s.health, s.stopping, s.drain_started_at, s.drain_instances, s.created_at, s.total`

/** Of a server `s` whose token ran out before a worker came. */
const waitsInVain: SQL = sql`(
  SELECT ${enrollmentExpired}::text FROM server_enrollments token
  WHERE token.server_id = s.id AND s.status = 'provisioning' AND token.used_at IS NULL
    AND token.expires_at <= clock_timestamp()
)`

function overviewOf(chosen: SQL): SQL {
  return sql`
    WITH s AS MATERIALIZED (${chosen})
    SELECT ${columns}, s.cost_per_month::float8 AS cost_per_month, now_held.by AS incarnation,
      coalesce(s.status_reason, ${waitsInVain}) AS status_reason, ${checkColumns},
      count(i.id) FILTER (WHERE here)::int AS placed,
      count(i.id) FILTER (WHERE here AND wanted)::int AS wanted,
      count(i.id) FILTER (WHERE owned)::int AS owned,
      count(i.id) FILTER (WHERE owned AND NOT here)::int AS leaving,
      count(i.id) FILTER (WHERE here AND wanted AND NOT owned)::int AS arriving,
      count(i.id) FILTER (WHERE here AND i.state = 'connected')::int AS connected
    FROM s
    LEFT JOIN server_checks k ON k.server_id = s.id
    CROSS JOIN LATERAL (
      SELECT CASE WHEN s.lease_expires_at > clock_timestamp() THEN s.incarnation END AS by
    ) now_held
    LEFT JOIN instance_leases l ON l.server_id = s.id OR l.owner_incarnation = now_held.by
    LEFT JOIN instances i ON i.id = l.instance_id AND i.deleted_at IS NULL
    LEFT JOIN customers c ON c.id = i.customer_id
    CROSS JOIN LATERAL (
      SELECT l.server_id = s.id AS here, coalesce(l.owner_incarnation = now_held.by, false) AS owned,
        i.desired = 'running' AND c.status = 'active' AND c.deleted_at IS NULL AS wanted
    ) is_it
    GROUP BY ${columns}, s.status_reason, s.cost_per_month, s.place, now_held.by, k.server_id
    ORDER BY s.place`
}

function matches({ status, region, q }: ServerFilter): SQL {
  return sql.join(
    [
      sql`s.deleted_at IS NULL`,
      ...(status === undefined ? [] : [sql`s.status = ${status}`]),
      ...(region === undefined ? [] : [sql`s.region = ${region}`]),
      ...(q === undefined ? [] : [sql`(s.id = ${q} OR ${beginsWith(name, q)})`]),
    ],
    sql` AND `,
  )
}
