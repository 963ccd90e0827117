import type { AdminId, AdminSessionId } from '#contracts/ids.ts'
import {
  refreshGraceMs,
  sessionIdleMs,
  sessionLongestMs,
  type AdminSessions,
  type AdminStanding,
} from '#core/ports/admin-sessions.ts'
import { recordAudit } from './memory-audit-log.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows } from './memory-rows.ts'

type Row = MemoryRows['adminSessions']

export function createMemoryAdminSessions(database: MemoryDatabase): AdminSessions {
  const { tables, now } = database
  const adminOf = (row: Row) => tables.admins.find(({ id, disabledAt }) => id === row.adminId && disabledAt === null)
  const isLive = (row: Row) => row.revokedAt === null && row.expiresAt > now() && adminOf(row) !== undefined
  const findLive = (id: AdminSessionId) => tables.adminSessions.find((row) => row.id === id && isLive(row))
  const later = (from: Date, ms: number) => new Date(from.getTime() + ms)
  const inGrace = (row: Row, hash: string) =>
    row.previousTokenHash === hash && row.rotatedAt.getTime() > now().getTime() - refreshGraceMs

  function standingOf(row: Row): AdminStanding | undefined {
    const admin = adminOf(row)
    return admin && { adminId: admin.id, email: admin.email, role: admin.role }
  }

  function end(row: Row, reason: string): void {
    row.revokedAt = now()
    row.revokedReason = reason
  }

  const endable = (adminId: AdminId) =>
    tables.adminSessions.filter((row) => row.adminId === adminId && row.revokedAt === null && row.expiresAt > now())

  return {
    async open(session, audit) {
      database.insert('adminSessions', { ...session, expiresAt: later(now(), sessionIdleMs) })
      const admin = tables.admins.find(({ id }) => id === session.adminId)
      if (admin !== undefined) Object.assign(admin, { failedLogIns: 0, lockedUntil: null })
      recordAudit(database, audit)
    },

    async standing(id, adminId) {
      const row = findLive(id)
      return row?.adminId === adminId ? standingOf(row) : undefined
    },

    async refresh(id, { presented, next }, reuse) {
      const row = findLive(id)
      const standing = row && standingOf(row)
      if (row === undefined || standing === undefined) return { outcome: 'ended' }
      if (row.tokenHash === presented) {
        const expiresAt = [later(row.createdAt, sessionLongestMs), later(now(), sessionIdleMs)]
        Object.assign(row, {
          previousTokenHash: row.tokenHash,
          tokenHash: next,
          rotatedAt: now(),
          address: reuse.address,
          expiresAt: expiresAt.toSorted((a, b) => a.getTime() - b.getTime())[0],
        })
        return { outcome: 'rotated', standing }
      }
      if (inGrace(row, presented)) return { outcome: 'grace', standing }
      end(row, 'token-reused')
      recordAudit(database, { ...reuse, adminId: row.adminId, target: id })
      return { outcome: 'reused', standing }
    },

    async end(id, presentedHash, audit) {
      const row = tables.adminSessions.find((session) => session.id === id && session.revokedAt === null)
      if (row === undefined || (row.tokenHash !== presentedHash && !inGrace(row, presentedHash))) return false
      end(row, 'logged-out')
      recordAudit(database, { ...audit, adminId: row.adminId })
      return true
    },

    async list(adminId) {
      return tables.adminSessions
        .filter((row) => row.adminId === adminId && isLive(row))
        .map(({ id, address, userAgent, createdAt, rotatedAt: refreshedAt, expiresAt }) => ({
          id,
          address,
          userAgent,
          createdAt,
          refreshedAt,
          expiresAt,
        }))
        .toReversed()
    },

    async revoke(adminId, id, audit) {
      const row = endable(adminId).find((session) => session.id === id)
      if (row === undefined) return false
      end(row, 'ended-by-admin')
      recordAudit(database, audit)
      return true
    },

    async revokeAll(adminId, audit) {
      const rows = endable(adminId)
      for (const row of rows) end(row, 'logged-out-everywhere')
      if (rows.length > 0) recordAudit(database, audit)
      return rows.length
    },
  }
}
