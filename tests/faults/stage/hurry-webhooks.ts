import { setTimeout as delay } from 'node:timers/promises'
import type { Stage } from './open-stage.ts'

export interface Hurry {
  stop(): Promise<void>
}

const everyMs = 500
/** How long the dispatcher claims a delivery for. */
const claimMs = 45_000

const makeDue = `
  WITH late AS (
    SELECT event_id, endpoint_id FROM deliveries
    WHERE status = 'pending'
      AND (next_attempt_at > clock_timestamp() OR claimed_until BETWEEN clock_timestamp() AND clock_timestamp() + $1 * interval '1 ms')
    FOR UPDATE SKIP LOCKED
  )
  UPDATE deliveries d
  SET next_attempt_at = least(d.next_attempt_at, clock_timestamp()),
    claimed_until = CASE WHEN d.claimed_until < clock_timestamp() + $1 * interval '1 ms' THEN clock_timestamp() ELSE d.claimed_until END
  FROM late WHERE late.event_id = d.event_id AND late.endpoint_id = d.endpoint_id`

/**
 * Does to waiting webhooks what time does by itself, so that a run need not wait for hours: retries become due, and claims
 * older than `claimOldMs` end. A process that still works on one of those can at worst deliver it twice.
 */
export function hurryWebhooks({ database }: Pick<Stage, 'database'>, claimOldMs: number): Hurry {
  const stopping = new AbortController()
  const { signal } = stopping
  const running = (async () => {
    while (!signal.aborted) {
      // Deadlocks with the dispatcher and ends of connections only mean one look less.
      await database.query(makeDue, [claimMs - claimOldMs]).catch(() => undefined)
      await delay(everyMs, undefined, { signal }).catch(() => undefined)
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}
