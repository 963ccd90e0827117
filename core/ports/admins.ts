import type { AdminId } from '#contracts/ids.ts'
import type { AdminRole } from '#contracts/roles.ts'
import type { AuditEntry } from './audit-log.ts'
import type { PageRequest, TablePage } from './table.ts'

/** An admin as lists show it. */
export interface Admin {
  id: AdminId
  email: string
  name: string
  role: AdminRole
  /** A code of an authenticator app is asked for at log-in. */
  totpEnabled: boolean
  recoveryCodesLeft: number
  createdAt: Date
  disabledAt: Date | null
}

/** What a log-in is checked against. */
export interface AdminCredentials extends Admin {
  passwordHash: string
  /** In clear; undefined until one was confirmed. */
  totpSecret: string | undefined
  /** No log-in is tried now. */
  locked: boolean
}

export interface NewAdmin {
  id: AdminId
  email: string
  name: string
  role: AdminRole
  passwordHash: string
}

export interface AdminChanges {
  name?: string
  role?: AdminRole
  disabled?: boolean
}

/** The people who run the service. Every change writes its audit entry with it, both or neither. */
export interface Admins {
  /** False when the e-mail address is taken. */
  create(admin: NewAdmin, audit: AuditEntry): Promise<boolean>
  /** By e-mail address in lower case. Disabled ones are found too. */
  findByEmail(email: string): Promise<AdminCredentials | undefined>
  get(id: AdminId): Promise<AdminCredentials | undefined>
  list(page: PageRequest): Promise<TablePage<Admin>>
  /**
   * Ends the sessions of one who is disabled or gets another role. `last-super-admin`: nothing changed, because nobody
   * would be left who manages admins.
   */
  update(id: AdminId, changes: AdminChanges, audit: AuditEntry): Promise<Admin | 'unknown' | 'last-super-admin'>
  /** A new password, and with `forgetTotp` no code is asked for any more. Ends all sessions but `keepSession`. */
  setPassword(
    id: AdminId,
    password: { hash: string; forgetTotp: boolean; keepSession?: string },
    audit: AuditEntry,
  ): Promise<boolean>
  /** One more wrong log-in; the `lockAfter`-th locks for `lockMs`, and the count begins anew. */
  recordFailedLogIn(id: AdminId, lock: { lockAfter: number; lockMs: number }, audit: AuditEntry): Promise<void>
  /** A secret that does not count before `confirmTotp`. False when a confirmed one is there. */
  proposeTotp(id: AdminId, secret: string): Promise<boolean>
  /** The secret that was proposed and not confirmed. */
  proposedTotp(id: AdminId): Promise<string | undefined>
  confirmTotp(id: AdminId, recoveryCodeHashes: readonly string[], audit: AuditEntry): Promise<boolean>
  removeTotp(id: AdminId, audit: AuditEntry): Promise<boolean>
  /** Marks a time step's code as used; false when it, or a later one, was used before. */
  useTotpStep(id: AdminId, step: number): Promise<boolean>
  /** Takes a recovery code out; false when it is not one of those left. */
  useRecoveryCode(id: AdminId, hash: string): Promise<boolean>
}
