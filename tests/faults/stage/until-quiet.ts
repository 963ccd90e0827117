import { setTimeout as delay } from 'node:timers/promises'
import type { Chaos } from '#tests/faults/chaos/chaos.ts'
import type { Traffic } from '#tests/faults/traffic/start-traffic.ts'
import { hurryWebhooks } from './hurry-webhooks.ts'
import type { Stage } from './open-stage.ts'

const lookEveryMs = 100
/** For acks, receipts and events of what has arrived already. */
const settleMs = 60_000
/** Time that endpoints which were bad get for what they missed; it is counted, and no violation. */
const healedWaitMs = 20_000

/**
 * Ends the faults, heals the endpoints and waits until everything arrived and every row is settled, as long as `moving`
 * says.
 */
export async function untilQuiet(run: {
  stage: Stage
  traffic: Traffic
  chaos: Chaos
  messages: number
  moving: () => boolean
  tell: () => void
  signal: AbortSignal
}): Promise<void> {
  const { stage, traffic, chaos, messages, moving, tell, signal } = run
  const hurry = hurryWebhooks(stage)
  const until = async (condition: () => boolean) => {
    while (moving() && !condition()) {
      tell()
      await delay(lookEveryMs)
    }
  }
  try {
    await until(() => traffic.accepted() + traffic.written() === 2 * messages)
    if (signal.aborted) chaos.end()
    await chaos.over()
    stage.endpoints.heal()
    await until(() => traffic.shown() + traffic.received() === 2 * messages)
    await untilSettled(stage, signal)
  } finally {
    await hurry.stop()
  }
}

/** Waits, but not for ever, until no row waits: first for what healthy endpoints get, then for the others. */
export async function untilSettled({ database }: Stage, signal: AbortSignal): Promise<void> {
  const nothingIn = async (sql: string, timeoutMs: number) => {
    const by = performance.now() + timeoutMs
    while (!signal.aborted && performance.now() < by) {
      const [row] = await database.query<{ open: string }>(sql)
      if (row?.open === '0') return
      await delay(lookEveryMs)
    }
  }
  await nothingIn(unsettled, settleMs)
  await nothingIn(undelivered, healedWaitMs)
}

const unsettled = `
  SELECT (SELECT count(*) FROM messages WHERE direction = 'outbound' AND status IN ('queued', 'sending'))
    + (SELECT count(*) FROM inbound_journal WHERE projected_at IS NULL)
    + (SELECT count(*) FROM deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
        WHERE d.status = 'pending' AND e.description = 'healthy') AS open`

const undelivered = `SELECT count(*) AS open FROM deliveries WHERE status = 'pending'`
