import type { DisabledReason } from '#contracts/events.ts'
import {
  disabledAfterMs,
  type Attempt,
  type ClaimedDelivery,
  type ClaimOptions,
  type Deliveries,
} from '#core/ports/deliveries.ts'
import { disabledLane, presentDisabled } from '#core/rules/webhook-disabled.ts'
import { testLane } from '#core/rules/webhook-test.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { eventOf } from './memory-events.ts'
import { isLive } from './memory-placement.ts'
import { recordCustomerEvent } from './memory-record-event.ts'
import type { MemoryRows } from './memory-rows.ts'

type Row = MemoryRows['deliveries']

const unclaimed = { claimToken: null, claimedBy: null, claimedUntil: null }

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

  const isLiveRun = (incarnation: string) =>
    tables.servers.some((server) => server.incarnation === incarnation && isLive(database, server))
  const running = ({ claimedUntil, claimedBy }: Row) =>
    claimedUntil !== null && claimedUntil > now() && (claimedBy === null || isLiveRun(claimedBy))

  /** Deliveries that may be claimed, in turns: customers first, and within a customer its endpoints. */
  function inTurns({ perEndpoint, perCustomer, endpoints = [], customers = [] }: ClaimOptions): Row[] {
    const rooms = new Map(endpoints.map((room) => [room.endpointId, room]))
    const roomsOfCustomers = new Map(customers.map(({ customerId, free }) => [customerId, free]))
    const counts = new Map<string, number>()
    const turnOf = (id: string, most: number, free = most) => {
      const turn = (counts.get(id) ?? 0) + 1
      counts.set(id, turn)
      return turn <= free ? most - free + turn : undefined
    }
    const inOrder = (rows: { row: Row; turn: number | undefined }[]) =>
      rows.flatMap(({ row, turn }) => (turn === undefined ? [] : [{ row, turn }])).toSorted((a, b) => a.turn - b.turn)
    const due = heads().filter((row) => !running(row) && row.nextAttemptAt <= now())
    const ofEndpoints = due
      .filter(({ endpointId, lane }) => {
        const onlyTests =
          rooms.get(endpointId)?.which === 'test' && endpointOf(database, endpointId).failingSince !== null
        return !onlyTests || lane === testLane
      })
      .map((row) => ({ row, turn: turnOf(row.endpointId, perEndpoint, rooms.get(row.endpointId)?.free) }))
    const ofCustomers = inOrder(ofEndpoints).map(({ row }) => ({
      row,
      turn: turnOf(row.customerId, perCustomer, roomsOfCustomers.get(row.customerId)),
    }))
    return inOrder(ofCustomers).map(({ row }) => row)
  }

  function recordOne({ delivery, result, verdict }: Attempt): boolean {
    const { eventId, endpointId, claimToken } = delivery
    const row = tables.deliveries.find(
      (stored) =>
        stored.eventId === eventId &&
        stored.endpointId === endpointId &&
        stored.status === 'pending' &&
        stored.claimToken === claimToken,
    )
    if (row === undefined) return false
    row.attempts++
    if (verdict.verdict === 'probe-failed') row.attemptsBefore++
    Object.assign(row, unclaimed)
    database.insert('deliveryAttempts', {
      eventId,
      endpointId,
      attempt: row.attempts,
      durationMs: Math.round(result.durationMs),
      status: result.status,
      error: result.error?.slice(0, 1_024) ?? null,
      response: result.response?.slice(0, 1_024) ?? null,
    })
    if ('afterMs' in verdict) row.nextAttemptAt = after(verdict.afterMs)
    else Object.assign(row, { status: verdict.verdict === 'delivered' ? 'delivered' : 'dead', finishedAt: now() })
    return true
  }

  /** What attempts mean for their endpoint; the reason when it is disabled now. */
  function judge(endpoint: MemoryRows['webhookEndpoints'], attempts: readonly Attempt[]): DisabledReason | undefined {
    const met = attempts.map(({ verdict }) => verdict.verdict)
    const { failingSince } = endpoint
    const failedLong = failingSince !== null && failingSince < after(-disabledAfterMs)
    if (attempts.some(({ result }) => result.status !== null)) endpoint.urlCheck = 'verified'
    if (met.includes('delivered')) endpoint.failingSince = null
    else if (met.some((verdict) => verdict !== 'undeliverable')) endpoint.failingSince ??= now()
    else return undefined
    if (endpoint.status === 'disabled') return undefined
    if (met.includes('endpoint-gone')) return 'endpoint-gone'
    return failedLong && endpoint.failingSince !== null ? 'endpoint-failing' : undefined
  }

  return {
    async claimDueAcrossCustomers(options) {
      const { token: claimToken, incarnation: claimedBy, claimMs, limit } = options
      const chosen = inTurns(options).slice(0, limit)
      for (const row of chosen) Object.assign(row, { claimToken, claimedBy, claimedUntil: after(claimMs) })
      return chosen.toSorted((a, b) => a.seq - b.seq).map((row) => claimOf(database, row, claimToken))
    },

    async record(attempts) {
      const kept = attempts.map(recordOne)
      const endpointIds = [...new Set(attempts.map(({ delivery }) => delivery.endpointId))]
      const disabled = endpointIds.flatMap((endpointId) => {
        const own = attempts.filter(({ delivery }, index) => delivery.endpointId === endpointId && kept[index] === true)
        const endpoint = endpointOf(database, endpointId)
        const reason = own.length === 0 ? undefined : judge(endpoint, own)
        if (reason === undefined) return []
        Object.assign(endpoint, { status: 'disabled', disabledReason: reason })
        return [{ endpointId, reason }]
      })
      for (const { endpointId, reason } of disabled) {
        const endpoint = endpointOf(database, endpointId)
        const data = presentDisabled(endpoint, reason)
        recordCustomerEvent(database, { ...endpoint, type: 'webhook.disabled', data, lane: disabledLane })
      }
      return { kept, disabled }
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
    customerId: endpoint.customerId,
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
