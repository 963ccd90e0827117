import { setTimeout as delay } from 'node:timers/promises'
import type { Stage } from './open-stage.ts'

export interface Hurry {
  stop(): Promise<void>
}

const everyMs = 500

const makeDue = `
  WITH late AS (
    SELECT event_id, endpoint_id FROM deliveries
    WHERE status = 'pending' AND next_attempt_at > clock_timestamp()
    FOR UPDATE SKIP LOCKED
  )
  UPDATE deliveries d
  SET next_attempt_at = clock_timestamp()
  FROM late WHERE late.event_id = d.event_id AND late.endpoint_id = d.endpoint_id`

/**
 * Does to waiting webhooks what time does by itself, so that a run need not wait for hours: retries become due. Claims of
 * killed workers end with their lease.
 */
export function hurryWebhooks({ database }: Pick<Stage, 'database'>): Hurry {
  const stopping = new AbortController()
  const { signal } = stopping
  const running = (async () => {
    while (!signal.aborted) {
      // Deadlocks with the dispatcher and ends of connections only mean one look less.
      await database.query(makeDue).catch(() => undefined)
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
