import type { AdminId } from '#contracts/ids.ts'
import type { Admin, AdminCredentials, Admins } from '#core/ports/admins.ts'
import { recordAudit } from './memory-audit-log.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows } from './memory-rows.ts'
import { memoryTable } from './memory-table.ts'

type Row = MemoryRows['admins']

/** Secrets are kept as UTF-8 under the key ring id `memory`: nothing is encrypted here. */
export function createMemoryAdmins(database: MemoryDatabase): Admins {
  const { tables, now } = database
  const find = (id: AdminId) => tables.admins.find((row) => row.id === id)
  const rules = (row: Row) => row.role === 'super_admin' && row.disabledAt === null

  function endSessions(adminId: AdminId, reason: string, keep?: string): void {
    for (const session of tables.adminSessions) {
      if (session.adminId !== adminId || session.revokedAt !== null || session.id === keep) continue
      session.revokedAt = now()
      session.revokedReason = reason
    }
  }

  function credentials(row: Row | undefined): AdminCredentials | undefined {
    if (row === undefined) return undefined
    return {
      ...adminOf(row),
      passwordHash: row.passwordHash,
      locked: row.lockedUntil !== null && row.lockedUntil > now(),
      totpSecret: row.totpConfirmedAt === null ? undefined : secretOf(row),
    }
  }

  return {
    async create(admin, audit) {
      if (tables.admins.some((row) => row.email === admin.email)) return false
      database.insert('admins', admin)
      recordAudit(database, audit)
      return true
    },

    findByEmail: async (email) => credentials(tables.admins.find((row) => row.email === email)),
    get: async (id) => credentials(find(id)),
    list: async (page) => memoryTable(tables.admins.map(adminOf).toReversed(), page),

    async update(id, { name, role, disabled }, audit) {
      const row = find(id)
      if (row === undefined) return 'unknown'
      const after = {
        ...row,
        name: name ?? row.name,
        role: role ?? row.role,
        disabledAt: disabled === undefined ? row.disabledAt : disabled ? (row.disabledAt ?? now()) : null,
      }
      if (!rules(after) && !tables.admins.some((other) => other.id !== id && rules(other))) return 'last-super-admin'
      Object.assign(row, after)
      if (role !== undefined || disabled === true) endSessions(id, 'admin-changed')
      recordAudit(database, audit)
      return adminOf(row)
    },

    async setPassword(id, { hash, forgetTotp, keepSession }, audit) {
      const row = find(id)
      if (row === undefined) return false
      Object.assign(row, { passwordHash: hash, failedLogIns: 0, lockedUntil: null }, forgetTotp ? withoutTotp : {})
      endSessions(id, 'password-changed', keepSession)
      recordAudit(database, audit)
      return true
    },

    async recordFailedLogIn(id, { lockAfter, lockMs }, audit) {
      const row = find(id)
      if (row === undefined) return
      row.failedLogIns += 1
      if (row.failedLogIns >= lockAfter) {
        row.failedLogIns = 0
        row.lockedUntil = new Date(now().getTime() + lockMs)
      }
      recordAudit(database, audit)
    },

    async proposeTotp(id, secret) {
      const row = find(id)
      if (row === undefined || row.totpConfirmedAt !== null) return false
      Object.assign(row, { totpKeyRingId: 'memory', totpSecret: new TextEncoder().encode(secret) })
      return true
    },

    async proposedTotp(id) {
      const row = find(id)
      return row === undefined || row.totpConfirmedAt !== null ? undefined : secretOf(row)
    },

    async confirmTotp(id, recoveryCodeHashes, audit) {
      const row = find(id)
      if (row === undefined || row.totpSecret === null || row.totpConfirmedAt !== null) return false
      Object.assign(row, {
        totpConfirmedAt: now(),
        totpUsedStep: null,
        recoveryCodeHashes: [...recoveryCodeHashes],
      })
      recordAudit(database, audit)
      return true
    },

    async removeTotp(id, audit) {
      const row = find(id)
      if (row === undefined || row.totpConfirmedAt === null) return false
      Object.assign(row, withoutTotp)
      recordAudit(database, audit)
      return true
    },

    async useTotpStep(id, step) {
      const row = find(id)
      if (row === undefined || (row.totpUsedStep !== null && row.totpUsedStep >= step)) return false
      row.totpUsedStep = step
      return true
    },

    async useRecoveryCode(id, hash) {
      const row = find(id)
      if (row === undefined || !row.recoveryCodeHashes.includes(hash)) return false
      row.recoveryCodeHashes = row.recoveryCodeHashes.filter((kept) => kept !== hash)
      return true
    },
  }
}

const withoutTotp: Partial<Row> = {
  totpKeyRingId: null,
  totpSecret: null,
  totpConfirmedAt: null,
  totpUsedStep: null,
  recoveryCodeHashes: [],
}

function adminOf({ id, email, name, role, createdAt, disabledAt, totpConfirmedAt, recoveryCodeHashes }: Row): Admin {
  return {
    id,
    email,
    name,
    role,
    totpEnabled: totpConfirmedAt !== null,
    recoveryCodesLeft: recoveryCodeHashes.length,
    createdAt,
    disabledAt,
  }
}

function secretOf({ totpSecret }: Row): string | undefined {
  return totpSecret === null ? undefined : new TextDecoder().decode(totpSecret)
}
