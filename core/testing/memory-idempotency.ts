import type { CustomerId } from '#contracts/ids.ts'
import { claimedForMs, keptForMs, type Idempotency } from '#core/ports/idempotency.ts'
import { sameBytes } from '#core/rules/same-bytes.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows } from './memory-rows.ts'

export function createMemoryIdempotency(database: MemoryDatabase): Idempotency {
  const { tables, now } = database
  const find = (customerId: CustomerId, key: string) =>
    tables.idempotentRequests.find((row) => row.customerId === customerId && row.key === key)
  const claimed = (customerId: CustomerId, { key, token }: { key: string; token: string }) => {
    const row = find(customerId, key)
    return row?.claimToken === token ? row : undefined
  }
  const isOld = (row: MemoryRows['idempotentRequests']) => row.createdAt.getTime() <= now().getTime() - keptForMs

  return {
    async begin(customerId, { key, requestHash, token }) {
      const row = find(customerId, key)
      const same = row !== undefined && sameBytes(row.requestHash, requestHash)
      const claimedUntil = new Date(now().getTime() + claimedForMs)
      const isFree = same && row.status === null && (row.claimedUntil <= now() || row.timesActed > 0)
      if (isFree && !isOld(row)) {
        Object.assign(row, { claimToken: token, claimedUntil })
        return row.effect === null ? { outcome: 'begun' } : { outcome: 'acted', effect: row.effect }
      }
      if (row === undefined || isOld(row)) {
        database.remove('idempotentRequests', (other) => other === row)
        database.insert('idempotentRequests', { customerId, key, requestHash, claimToken: token, claimedUntil })
        return { outcome: 'begun' }
      }
      if (!same) return { outcome: 'mismatch' }
      if (row.status === null) return { outcome: 'running' }
      return { outcome: 'finished', answer: { status: row.status, body: row.body } }
    },

    async finish(customerId, claim, { status, body }) {
      const row = claimed(customerId, claim)
      const isRefusal = status >= 400
      if (row !== undefined && !(isRefusal && row.timesActed > 0))
        Object.assign(row, { status, body: structuredClone(body) })
    },

    async release(customerId, claim) {
      const row = claimed(customerId, claim)
      if (row !== undefined) row.claimedUntil = now()
    },

    async purgeAcrossCustomers(limit) {
      const purged = new Set(tables.idempotentRequests.filter(isOld).slice(0, limit))
      return database.remove('idempotentRequests', (row) => purged.has(row))
    },
  }
}
