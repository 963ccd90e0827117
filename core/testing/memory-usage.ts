import type { UsageCounts, UsageFilter, UsageGroup, Usage } from '#core/ports/usage.ts'
import { compare } from './compare.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows } from './memory-rows.ts'
import { memoryTable } from './memory-table.ts'

type Used = Partial<UsageCounts> &
  Pick<MemoryRows['usageDays'], 'customerId' | 'day'> &
  Partial<Pick<MemoryRows['messageDays'], 'serverId'> & Pick<MemoryRows['usageDays'], 'quota'>>

export function createMemoryUsage(database: MemoryDatabase): Usage {
  const { tables } = database

  const usedIn = ({ from, to }: { from: string; to: string }): Used[] =>
    [...tables.requestDays, ...tables.usageDays, ...tables.messageDays].filter(({ day }) => day >= from && day <= to)

  function namesOf(by: UsageFilter['by'], { customerId, serverId }: Used): Pick<UsageGroup, 'id' | 'name' | 'plan'>[] {
    if (by === 'server') {
      return tables.servers.filter(({ id }) => id === serverId).map(({ id, name }) => ({ id, name, plan: null }))
    }
    return tables.customers
      .filter(({ id }) => id === customerId)
      .map(({ id, name, plan }) => (by === 'plan' ? { id: plan, name: plan, plan } : { id, name, plan }))
  }

  return {
    async addRequests(counts) {
      for (const { customerId, day, requests, bytesIn, bytesOut } of counts) {
        if (!tables.customers.some(({ id }) => id === customerId)) continue
        const before = tables.requestDays.find((row) => row.customerId === customerId && row.day === day)
        const row = before ?? database.insert('requestDays', { customerId, day, requests: 0, bytesIn: 0, bytesOut: 0 })
        row.requests += requests
        row.bytesIn += bytesIn
        row.bytesOut += bytesOut
      }
    },

    async days(customerId, span) {
      if (!tables.customers.some(({ id, deletedAt }) => id === customerId && deletedAt === null)) return undefined
      const used = usedIn(span).filter((row) => row.customerId === customerId)
      return [...new Set(used.map(({ day }) => day))]
        .map((day) => {
          const rows = used.filter((row) => row.day === day)
          return { day, quota: rows.reduce<number | null>((quota, row) => row.quota ?? quota, null), ...sumOf(rows) }
        })
        .toSorted((a, b) => compare(b.day, a.day))
    },

    async groupsAcrossCustomers({ by, q, sort, ...span }, page) {
      const named = usedIn(span).flatMap((row) => namesOf(by, row).map((group) => ({ group, row })))
      const begins = q?.toLowerCase()
      const found = [...new Set(named.map(({ group }) => group.id))]
        .map((id) => named.filter(({ group }) => group.id === id))
        .map((of) => ({
          ...of[0]!.group,
          customers: new Set(of.map(({ row }) => row.customerId)).size,
          ...sumOf(of.map(({ row }) => row)),
        }))
        .filter(({ id, name }) => begins === undefined || id === q || name.toLowerCase().startsWith(begins))
        .toSorted((a, b) => compare(orderOf(a, sort.by), orderOf(b, sort.by)) || compare(a.id, b.id))
      return memoryTable(sort.descending ? found.toReversed() : found, page)
    },
  }
}

function orderOf(group: UsageGroup, by: UsageFilter['sort']['by']): string | number {
  if (by === 'name') return group.name.toLowerCase()
  if (by === 'media') return group.mediaSent + group.mediaReceived
  return by === 'bytes' ? group.bytesIn + group.bytesOut : group[by]
}

function sumOf(rows: readonly Used[]): UsageCounts {
  const sum = (of: (row: Used) => number | undefined) => rows.reduce((total, row) => total + (of(row) ?? 0), 0)
  return {
    requests: sum(({ requests }) => requests),
    bytesIn: sum(({ bytesIn }) => bytesIn),
    bytesOut: sum(({ bytesOut }) => bytesOut),
    messages: sum(({ messages }) => messages),
    sent: sum(({ sent }) => sent),
    received: sum(({ received }) => received),
    failed: sum(({ failed }) => failed),
    mediaSent: sum(({ mediaSent }) => mediaSent),
    mediaReceived: sum(({ mediaReceived }) => mediaReceived),
  }
}
