import { sql } from 'drizzle-orm'
import type { EventType } from '#contracts/events.ts'
import type { EventId, InstanceId, WebhookId } from '#contracts/ids.ts'
import type { ClaimedDelivery, Deliveries } from '#core/ports/deliveries.ts'
import type { KeyRing } from '#db/crypto/key-ring.ts'
import { openWebhookSecret } from '#db/crypto/webhook-secret.ts'
import type { DeliveriesOptions } from './deliveries.ts'
import type { WorkerDatabase } from './worker-database.ts'

type ClaimOptions = Parameters<Deliveries['claimDueAcrossCustomers']>[0]

type ClaimedRow = {
  event_id: EventId
  endpoint_id: WebhookId
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

/**
 * One statement, so that a claim is one round trip. `heads` walks the partial index from lane to lane, so that its cost
 * follows the number of lanes and not the length of a dead endpoint's queue. Claims that run take an endpoint's first
 * turns. Locking without waiting, with the state checked on the locked row, keeps two dispatchers from the same delivery;
 * `perEndpoint` is counted by what each of them sees.
 */
export async function claimDue(
  database: WorkerDatabase,
  secrets: DeliveriesOptions,
  { token, claimMs, limit, perEndpoint }: ClaimOptions,
): Promise<ClaimedDelivery[]> {
  const { rows } = await database.execute<ClaimedRow>(sql`
    WITH RECURSIVE heads AS (
      (
        SELECT endpoint_id, lane, event_id, seq, next_attempt_at, claimed_until
        FROM deliveries
        WHERE status = 'pending'
        ORDER BY endpoint_id, lane, seq
        LIMIT 1
      )
      UNION ALL
      SELECT next.*
      FROM heads h
      CROSS JOIN LATERAL (
        SELECT endpoint_id, lane, event_id, seq, next_attempt_at, claimed_until
        FROM deliveries d
        WHERE d.status = 'pending' AND (d.endpoint_id, d.lane) > (h.endpoint_id, h.lane)
        ORDER BY d.endpoint_id, d.lane, d.seq
        LIMIT 1
      ) next
    ),
    seen AS (
      SELECT h.*, coalesce(h.claimed_until > clock_timestamp(), false) AS running
      FROM heads h
      JOIN webhook_endpoints w ON w.id = h.endpoint_id AND w.status = 'enabled' AND w.deleted_at IS NULL
    ),
    turns AS (
      SELECT *, row_number() OVER (PARTITION BY endpoint_id ORDER BY running DESC, seq) AS turn
      FROM seen
      WHERE running OR next_attempt_at <= clock_timestamp()
    ),
    locked AS MATERIALIZED (
      SELECT d.event_id, d.endpoint_id
      FROM turns t
      JOIN deliveries d ON d.event_id = t.event_id AND d.endpoint_id = t.endpoint_id
      WHERE NOT t.running AND t.turn <= ${perEndpoint}
        AND d.status = 'pending' AND d.next_attempt_at <= clock_timestamp()
        AND (d.claimed_until IS NULL OR d.claimed_until <= clock_timestamp())
      ORDER BY t.turn, t.seq
      LIMIT ${limit}
      FOR NO KEY UPDATE OF d SKIP LOCKED
    ),
    claimed AS (
      UPDATE deliveries d
      SET claim_token = ${token}, claimed_until = clock_timestamp() + ${claimMs} * interval '1 millisecond'
      FROM locked l
      WHERE d.event_id = l.event_id AND d.endpoint_id = l.endpoint_id
      RETURNING d.event_id, d.endpoint_id, d.seq, d.attempts - d.attempts_before AS attempts
    )
    SELECT c.event_id, c.endpoint_id, c.attempts, w.url, w.key_ring_id, w.secret,
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

async function readClaim(
  row: ClaimedRow,
  claimToken: string,
  options: DeliveriesOptions,
): Promise<ClaimedDelivery | undefined> {
  const { endpoint_id: endpointId, event_id: eventId, url, attempts } = row
  try {
    const secrets = await openSecrets(row, options.keyRing)
    return { endpointId, eventId, url, attempts, claimToken, secrets, event: eventOf(row) }
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
  return Promise.all(stored.map((secret) => openWebhookSecret(keyRing, row.endpoint_id, secret)))
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
