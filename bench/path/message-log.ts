import type { CustomerId } from '#contracts/ids.ts'
import { createPool } from '#db/clients/pg-pool.ts'
import { waitFor } from '#local/testing/wait-for.ts'

/** What the database knows about the messages of a run. */
export interface MessageLog {
  /** Resolves when nothing of the customer waits to be sent. */
  untilSent(): Promise<void>
  /** Resolves when nothing waits to be delivered to a webhook. */
  untilDelivered(): Promise<void>
  /** When WhatsApp's ack became durable, in milliseconds since 1970, by message id. Throws when one was not sent. */
  sentAt(ids: readonly string[]): Promise<Map<string, number>>
  /** The database's processes that serve this run's connections. */
  backendPids(): Promise<number[]>
  close(): Promise<void>
}

const lookEveryMs = 100
const timeoutMs = 120_000

export function openMessageLog(databaseUrl: string, customerId: CustomerId): MessageLog {
  const pool = createPool({ databaseUrl, max: 1 })
  const until = (what: string, waiting: string) =>
    waitFor(
      async () => {
        const { rows } = await pool.query<{ waits: boolean }>(`SELECT EXISTS (${waiting}) AS waits`, [customerId])
        return rows[0]?.waits === false
      },
      { what, timeoutMs, intervalMs: lookEveryMs },
    )
  return {
    async untilSent() {
      await until(
        'the last message to be sent',
        `SELECT FROM messages WHERE status IN ('queued', 'sending') AND customer_id = $1`,
      )
    },
    async untilDelivered() {
      await until(
        'the last webhook to be delivered',
        `SELECT FROM deliveries WHERE status = 'pending' AND customer_id = $1`,
      )
    },
    async sentAt(ids) {
      const { rows } = await pool.query<{ id: string; at: string }>(
        'SELECT id, extract(epoch FROM sent_at) * 1000 AS at FROM messages WHERE id = ANY ($1) AND sent_at IS NOT NULL',
        [ids],
      )
      if (rows.length !== ids.length) throw new Error(`${ids.length - rows.length} of ${ids.length} were not sent.`)
      return new Map(rows.map(({ id, at }) => [id, Number(at)]))
    },
    async backendPids() {
      const { rows } = await pool.query<{ pid: number }>(
        'SELECT pid FROM pg_stat_activity WHERE datname = current_database()',
      )
      return rows.map(({ pid }) => pid)
    },
    close: () => pool.end(),
  }
}
