import type { ClaimedDelivery, Deliveries } from '#core/ports/deliveries.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { eventOf } from './memory-events.ts'
import type { MemoryRows } from './memory-rows.ts'

type Row = MemoryRows['deliveries']

/** Secrets are kept as UTF-8: nothing is encrypted here. */
export function createMemoryDeliveries(database: MemoryDatabase): Deliveries {
  const { tables, now } = database
  const after = (ms: number) => new Date(now().getTime() + ms)

  /** The oldest pending delivery of each lane, unless its endpoint is switched off. */
  function heads(): Row[] {
    const perLane = new Map<string, Row>()
    for (const row of tables.deliveries) {
      const lane = `${row.endpointId} ${row.lane}`
      if (row.status === 'pending' && !perLane.has(lane)) perLane.set(lane, row)
    }
    return [...perLane.values()].filter(({ endpointId }) => {
      const endpoint = endpointOf(database, endpointId)
      return endpoint.status === 'enabled' && endpoint.deletedAt === null
    })
  }

  return {
    async claimDueAcrossCustomers({ token, claimMs, limit, perEndpoint }) {
      const running = ({ claimedUntil }: Row) => claimedUntil !== null && claimedUntil > now()
      const all = heads()
      const due = all.filter((row) => !running(row) && row.nextAttemptAt <= now())
      const chosen: Row[] = []
      for (const row of due) {
        const others = [...all.filter(running), ...chosen].filter(({ endpointId }) => endpointId === row.endpointId)
        if (others.length < perEndpoint && chosen.length < limit) chosen.push(row)
      }
      for (const row of chosen) Object.assign(row, { claimToken: token, claimedUntil: after(claimMs) })
      return chosen.map((row) => claimOf(database, row, token))
    },

    async record({ eventId, endpointId, claimToken }, result, verdict) {
      const row = tables.deliveries.find(
        (delivery) =>
          delivery.eventId === eventId &&
          delivery.endpointId === endpointId &&
          delivery.status === 'pending' &&
          delivery.claimToken === claimToken,
      )
      if (row === undefined) return false
      row.attempts++
      Object.assign(row, { claimToken: null, claimedUntil: null })
      database.insert('deliveryAttempts', {
        eventId,
        endpointId,
        attempt: row.attempts,
        durationMs: Math.round(result.durationMs),
        status: result.status,
        error: result.error?.slice(0, 1_024) ?? null,
        response: result.response?.slice(0, 1_024) ?? null,
      })
      if (verdict.verdict === 'retry') {
        row.nextAttemptAt = after(verdict.afterMs)
        return true
      }
      row.status = verdict.verdict === 'delivered' ? 'delivered' : 'dead'
      row.finishedAt = now()
      if (verdict.verdict === 'endpoint-gone') {
        Object.assign(endpointOf(database, endpointId), { status: 'disabled', disabledReason: 'endpoint-gone' })
      }
      return true
    },
  }
}

function endpointOf({ tables }: MemoryDatabase, id: string): MemoryRows['webhookEndpoints'] {
  const endpoint = tables.webhookEndpoints.find((row) => row.id === id)
  if (endpoint === undefined) throw new Error(`There is no webhook endpoint ${id}.`)
  return endpoint
}

function claimOf(
  database: MemoryDatabase,
  { eventId, endpointId, attempts, attemptsBefore }: Row,
  claimToken: string,
): ClaimedDelivery {
  const endpoint = endpointOf(database, endpointId)
  const event = database.tables.events.find((row) => row.id === eventId)
  if (event === undefined) throw new Error(`There is no event ${eventId}.`)
  return {
    endpointId,
    eventId,
    url: endpoint.url,
    secrets: secretsOf(endpoint, database.now()),
    attempts: attempts - attemptsBefore,
    claimToken,
    event: eventOf(event),
  }
}

function secretsOf({ secret, previousSecret, previousSecretUntil }: MemoryRows['webhookEndpoints'], now: Date) {
  const stillSigns = previousSecret !== null && previousSecretUntil !== null && previousSecretUntil > now
  return (stillSigns ? [secret, previousSecret] : [secret]).map((bytes) => Buffer.from(bytes).toString())
}
