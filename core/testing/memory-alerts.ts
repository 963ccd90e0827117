import { newId, type ServerId } from '#contracts/ids.ts'
import type { Alert, AlertFacts, Alerts } from '#core/ports/alerts.ts'
import { quotaShare } from '#core/rules/alert-causes.ts'
import { stateOf } from '#core/rules/present-alert.ts'
import { recordAudit } from './memory-audit-log.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows } from './memory-rows.ts'
import { recentCounts } from './memory-service-metrics.ts'
import { freshCheckOf } from './memory-server-checks.ts'
import { isWanted } from './memory-session-leases.ts'
import { memoryTable } from './memory-table.ts'

type Row = MemoryRows['alerts']

export function createMemoryAlerts(database: MemoryDatabase): Alerts {
  const { tables, now } = database

  const isUntold = ({ openedToldAt, resolvedAt, resolvedToldAt }: Row) =>
    openedToldAt === null || (resolvedAt !== null && resolvedToldAt === null)

  function checkFact(id: ServerId): AlertFacts['servers'][number]['check'] {
    const check = freshCheckOf(database, id)
    return check && { grade: check.grade, reason: check.reason, sinceMs: now().getTime() - check.since.getTime() }
  }

  return {
    async factsAcrossCustomers() {
      const instances = tables.instances.filter(({ deletedAt }) => deletedAt === null)
      return {
        servers: tables.servers
          .filter(({ status, deletedAt }) => deletedAt === null && (status === 'active' || status === 'draining'))
          .map(({ id, name, status, health, maxCapacity, leaseExpiresAt }) => ({
            id,
            name,
            status,
            health,
            maxCapacity,
            placed: tables.instanceLeases.filter(
              (lease) => lease.serverId === id && instances.some((row) => row.id === lease.instanceId),
            ).length,
            leaseEndedMs: leaseExpiresAt === null ? null : now().getTime() - leaseExpiresAt.getTime(),
            check: checkFact(id),
          })),
        instances: instances
          .filter((row) => (row.state === 'logged_out' || row.state === 'banned') && isWanted(database, row))
          .map(({ id, customerId, state, reason, stateChangedAt }) => ({
            id,
            customerId,
            state,
            reason,
            stateChangedAt,
          }))
          .toSorted((a, b) => b.stateChangedAt.getTime() - a.stateChangedAt.getTime()),
        webhooks: tables.webhookEndpoints.flatMap(({ id, customerId, disabledReason, failingSince, deletedAt }) =>
          disabledReason === null || deletedAt !== null
            ? []
            : [{ id, customerId, reason: disabledReason, failingSince }],
        ),
        quotas: tables.usageDays.flatMap(({ customerId, day, messages, quota }) =>
          day === now().toISOString().slice(0, 10) && quota !== null && messages >= quota * quotaShare
            ? [{ customerId, day, messages, quota }]
            : [],
        ),
        messages: recentCounts(database),
      }
    },

    async settle(causes, quietMs) {
      const unresolved = tables.alerts.filter(({ resolvedAt }) => resolvedAt === null)
      let opened = 0
      for (const cause of causes) {
        const seen = unresolved.find(({ kind, subject }) => kind === cause.kind && subject === cause.subject)
        if (seen !== undefined) Object.assign(seen, { seenAt: now(), details: cause.details })
        else {
          database.insert('alerts', { id: newId('alert'), ...cause })
          opened++
        }
      }
      const gone = unresolved.filter(
        ({ kind, subject, seenAt }) =>
          seenAt.getTime() <= now().getTime() - quietMs &&
          !causes.some((cause) => cause.kind === kind && cause.subject === subject),
      )
      for (const row of gone) row.resolvedAt = now()
      return { opened, resolved: gone.length }
    },

    async list({ state, kind, subject, customerId }, page) {
      const matching = tables.alerts.filter(
        (row) =>
          (state === undefined || stateOf(row) === state) &&
          (kind === undefined || row.kind === kind) &&
          (subject === undefined || row.subject === subject) &&
          (customerId === undefined || row.customerId === customerId),
      )
      return memoryTable(matching.toReversed().map(alertOf), page)
    },

    async acknowledge(id, audit) {
      const row = tables.alerts.find((alert) => alert.id === id)
      if (row !== undefined && stateOf(row) === 'open') {
        Object.assign(row, { acknowledgedAt: now(), acknowledgedBy: audit.adminId })
        recordAudit(database, audit)
      }
      return row && alertOf(row)
    },

    async resolve(id, audit) {
      const row = tables.alerts.find((alert) => alert.id === id)
      if (row !== undefined && row.resolvedAt === null) {
        Object.assign(row, { resolvedAt: now(), resolvedBy: audit.adminId })
        recordAudit(database, audit)
      }
      return row && alertOf(row)
    },

    async untold(limit) {
      return tables.alerts
        .filter(isUntold)
        .toSorted((a, b) => (a.triedAt?.getTime() ?? 0) - (b.triedAt?.getTime() ?? 0))
        .slice(0, limit)
        .map((row) => ({
          alert: alertOf(row),
          due: [
            ...(row.openedToldAt === null ? (['opened'] as const) : []),
            ...(row.resolvedAt !== null && row.resolvedToldAt === null ? (['resolved'] as const) : []),
          ],
        }))
    },

    async markTold(id, notice) {
      const row = tables.alerts.find((alert) => alert.id === id)
      if (row !== undefined) row[notice === 'opened' ? 'openedToldAt' : 'resolvedToldAt'] = now()
    },

    async markTried(id) {
      const row = tables.alerts.find((alert) => alert.id === id)
      if (row !== undefined) row.triedAt = now()
    },

    async dropResolvedNotices() {
      const rows = tables.alerts.filter((row) => row.resolvedAt !== null && isUntold(row))
      for (const row of rows) Object.assign(row, { openedToldAt: now(), resolvedToldAt: now() })
      return rows.length
    },
  }
}

function alertOf({ openedToldAt: _opened, resolvedToldAt: _resolved, triedAt: _tried, ...alert }: Row): Alert {
  return alert
}
