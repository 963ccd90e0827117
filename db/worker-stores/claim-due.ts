import { sql, type SQL } from 'drizzle-orm'
import type { EventType } from '#contracts/events.ts'
import type { CustomerId, EventId, InstanceId, WebhookId } from '#contracts/ids.ts'
import type { ClaimedDelivery, ClaimOptions } from '#core/ports/deliveries.ts'
import { testLane } from '#core/rules/webhook-test.ts'
import type { KeyRing } from '#db/crypto/key-ring.ts'
import { openText } from '#db/crypto/sealed-text.ts'
import type { DeliveriesOptions } from './deliveries.ts'
import type { WorkerDatabase } from './worker-database.ts'

type ClaimedRow = {
  event_id: EventId
  endpoint_id: WebhookId
  customer_id: CustomerId
  attempts: number
  url: string
  key_ring_id: string
  secret: Uint8Array
  previous_key_ring_id: string | null
  previous_secret: Uint8Array | null
  type: EventType
  occurred_at: string
  instance_id: InstanceId | null
  sequence: string | null
  data: Record<string, unknown>
}

/** So many lanes of an endpoint are looked at in each of the two directions from where the search begins. */
const maxLanes = 400

/**
 * One statement, so that a claim is one round trip. Its cost follows the number of endpoints that have something pending
 * and not the length of their queues: `waiting` jumps from endpoint to endpoint, and at each the heads of lanes are walked
 * until enough of them are due, from a place in the queue that differs each time (20,000 lanes that are due, or wait,
 * cost as much as 400: docs/decisions/webhook-dispatch.md). Locking without waiting, with the state checked on the locked
 * row, keeps two dispatchers from the same delivery. A claim whose run holds no lease any more has ended: nobody has to
 * find and free what a dead worker had claimed.
 */
export async function claimDue(
  database: WorkerDatabase,
  secrets: DeliveriesOptions,
  {
    token,
    incarnation,
    claimMs,
    limit,
    perEndpoint,
    perCustomer,
    endpoints = [],
    customers = [],
    random = 0,
  }: ClaimOptions,
): Promise<ClaimedDelivery[]> {
  const texts = (values: readonly string[]) => sql`${sql.param(values)}::text[]`
  const numbers = (values: readonly number[]) => sql`${sql.param(values)}::integer[]`
  const unclaimed = (delivery: SQL) => sql`(
    ${delivery}.claimed_until IS NULL OR ${delivery}.claimed_until <= clock_timestamp()
    OR ${delivery}.claimed_by <> ALL ((SELECT incarnations FROM live_runs)::text[])
  )`
  const onlyTests = sql`(room.which = 'test' AND w.failing_since IS NOT NULL)`
  const { rows } = await database.execute<ClaimedRow>(sql`
    WITH RECURSIVE live_runs AS MATERIALIZED (
      SELECT coalesce(array_agg(incarnation) FILTER (WHERE incarnation IS NOT NULL), '{}') AS incarnations
      FROM servers WHERE lease_expires_at > clock_timestamp()
    ),
    waiting AS (
      (SELECT endpoint_id FROM deliveries WHERE status = 'pending' ORDER BY endpoint_id LIMIT 1)
      UNION ALL
      SELECT (
        SELECT d.endpoint_id FROM deliveries d
        WHERE d.status = 'pending' AND d.endpoint_id > w.endpoint_id
        ORDER BY d.endpoint_id LIMIT 1)
      FROM waiting w
      WHERE w.endpoint_id IS NOT NULL
    ),
    open AS MATERIALIZED (
      SELECT w.id, w.customer_id, coalesce(room.free, ${perEndpoint}::integer) AS free, ${onlyTests} AS only_tests,
        CASE WHEN ${onlyTests} THEN ${testLane} ELSE (
          SELECT d.lane FROM deliveries d
          WHERE d.endpoint_id = w.id AND d.status = 'pending' AND d.seq >= CASE WHEN room.which <> 'any'
            THEN queue.oldest ELSE queue.oldest + floor((queue.newest - queue.oldest) * ${random}::float8)::bigint END
          ORDER BY d.seq LIMIT 1)
        END AS start
      FROM waiting
      JOIN webhook_endpoints w ON w.id = waiting.endpoint_id AND w.status = 'enabled' AND w.deleted_at IS NULL
      LEFT JOIN unnest(${texts(endpoints.map(({ endpointId }) => endpointId))},
        ${numbers(endpoints.map(({ free }) => free))}, ${texts(endpoints.map(({ which }) => which))}
      ) AS room (id, free, which) ON room.id = w.id
      CROSS JOIN LATERAL (
        SELECT min(seq) AS oldest, max(seq) AS newest FROM deliveries WHERE endpoint_id = w.id AND status = 'pending'
      ) queue
      WHERE coalesce(room.free, ${perEndpoint}::integer) > 0
    ),
    due AS (
      SELECT o.customer_id, o.id AS endpoint_id, head.event_id, head.seq,
        ${perEndpoint}::integer - o.free + row_number() OVER (PARTITION BY o.id ORDER BY head.seq) AS turn
      FROM open o
      CROSS JOIN LATERAL (
        WITH RECURSIVE ahead AS (${walkLanes('ahead', sql`a.lane >= o.start`)}),
        behind AS (${walkLanes('behind', sql`a.lane < o.start`)})
        SELECT event_id, seq
        FROM (SELECT * FROM ahead UNION ALL SELECT * FROM behind) walked
        WHERE next_attempt_at <= clock_timestamp() AND ${unclaimed(sql`walked`)}
          AND (o.only_tests IS NOT TRUE OR lane = ${testLane})
        LIMIT o.free
      ) head
    ),
    turns AS (
      SELECT due.*, coalesce(room.free, ${perCustomer}::integer) AS free,
        row_number() OVER (PARTITION BY due.customer_id ORDER BY due.turn, due.seq) AS customer_turn
      FROM due
      LEFT JOIN unnest(${texts(customers.map(({ customerId }) => customerId))},
        ${numbers(customers.map(({ free }) => free))}
      ) AS room (id, free) ON room.id = due.customer_id
    ),
    locked AS MATERIALIZED (
      SELECT d.event_id, d.endpoint_id
      FROM turns t
      JOIN deliveries d ON d.event_id = t.event_id AND d.endpoint_id = t.endpoint_id
      WHERE t.customer_turn <= t.free
        AND d.status = 'pending' AND d.next_attempt_at <= clock_timestamp()
        AND ${unclaimed(sql`d`)}
      ORDER BY ${perCustomer}::integer - t.free + t.customer_turn, t.seq
      LIMIT ${limit}
      FOR NO KEY UPDATE OF d SKIP LOCKED
    ),
    claimed AS (
      UPDATE deliveries d
      SET claim_token = ${token}, claimed_by = ${incarnation},
        claimed_until = clock_timestamp() + ${claimMs} * interval '1 millisecond'
      FROM locked l
      WHERE d.event_id = l.event_id AND d.endpoint_id = l.endpoint_id
      RETURNING d.event_id, d.endpoint_id, d.customer_id, d.seq, d.attempts - d.attempts_before AS attempts
    )
    SELECT c.event_id, c.endpoint_id, c.customer_id, c.attempts, w.url, w.key_ring_id, w.secret,
      CASE WHEN w.previous_secret_until > clock_timestamp() THEN w.previous_key_ring_id END AS previous_key_ring_id,
      CASE WHEN w.previous_secret_until > clock_timestamp() THEN w.previous_secret END AS previous_secret,
      e.type, e.occurred_at, e.instance_id, e.sequence, e.data
    FROM claimed c
    JOIN webhook_endpoints w ON w.id = c.endpoint_id
    JOIN events e ON e.id = c.event_id
    ORDER BY c.seq`)
  const claimed = await Promise.all(rows.map((row) => readClaim(row, token, secrets)))
  return claimed.filter((delivery) => delivery !== undefined)
}

/**
 * The oldest pending delivery of each lane `within` a part of an endpoint's lanes, in order of lanes: the body of a
 * recursive CTE of that name, of which PostgreSQL makes no more rows than are read.
 */
function walkLanes(name: string, within: SQL): SQL {
  const head = (after: SQL) => sql`
    SELECT a.lane, a.event_id, a.seq, a.next_attempt_at, a.claimed_until, a.claimed_by
    FROM deliveries a
    WHERE a.endpoint_id = o.id AND a.status = 'pending' AND ${within} ${after}
    ORDER BY a.lane, a.seq
    LIMIT 1`
  return sql`
    SELECT first.*, 1 AS step FROM (${head(sql``)}) first
    UNION ALL
    SELECT next.*, h.step + 1
    FROM ${sql.identifier(name)} h
    CROSS JOIN LATERAL (${head(sql`AND a.lane > h.lane`)}) next
    WHERE h.step < ${maxLanes}::integer`
}

async function readClaim(
  row: ClaimedRow,
  claimToken: string,
  options: DeliveriesOptions,
): Promise<ClaimedDelivery | undefined> {
  const { endpoint_id: endpointId, customer_id: customerId, event_id: eventId, url, attempts } = row
  try {
    const secrets = await openSecrets(row, options.keyRing)
    return { endpointId, customerId, eventId, url, attempts, claimToken, secrets, event: eventOf(row) }
  } catch (error) {
    options.onUnreadableSecret?.(endpointId, error)
    return undefined
  }
}

/** Newest first. */
async function openSecrets(row: ClaimedRow, keyRing: KeyRing): Promise<string[]> {
  const { previous_key_ring_id: keyRingId, previous_secret: sealed } = row
  const stored = [{ keyRingId: row.key_ring_id, sealed: row.secret }]
  if (keyRingId !== null && sealed !== null) stored.push({ keyRingId, sealed })
  return Promise.all(stored.map((secret) => openText(keyRing, row.endpoint_id, secret)))
}

function eventOf(row: ClaimedRow): ClaimedDelivery['event'] {
  return {
    id: row.event_id,
    type: row.type,
    timestamp: new Date(row.occurred_at).toISOString(),
    instance_id: row.instance_id,
    sequence: row.sequence === null ? null : Number(row.sequence),
    data: row.data,
  }
}
