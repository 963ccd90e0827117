import type { ServerId } from '#contracts/ids.ts'
import type { AuditEntry } from './audit-log.ts'
import type { ServerFigures } from './servers.ts'

/** Servers in the hands of admins. Every change writes its audit entry with it, both or neither. */
export interface ServerRegistry {
  /**
   * In the status `provisioning`, with a token by which its worker enrolls. Returns when that expires; undefined when a
   * server that is not deleted has the name, in whatever case.
   */
  create(server: NewServer, enrollment: NewEnrollment, audit: AuditEntry): Promise<Date | undefined>
  /** What is left out stays. */
  update(
    id: ServerId,
    changes: Partial<ServerFigures>,
    audit: AuditEntry,
  ): Promise<'updated' | 'unknown' | 'name-taken'>
  /**
   * Deletes a server on which nothing is placed and whose worker owns nothing, whatever runs beside it; its worker loses
   * its lease at the next renewal. Its row stays, for the audit log.
   */
  remove(id: ServerId, audit: AuditEntry): Promise<'removed' | 'unknown' | 'holds-instances'>
  /** Replaces the token of a server. Returns when it expires; undefined when there is no such server. */
  replaceEnrollment(id: ServerId, enrollment: NewEnrollment, audit: AuditEntry): Promise<Date | undefined>
  /**
   * Takes the worker's key and figures for the server whose token has the hash, once, whatever runs beside it. A server in
   * `provisioning` becomes `active`. What an admin said of the machine stays. The entry gets the server as its target.
   */
  enroll(tokenHash: string, worker: EnrollingWorker, audit: Omit<AuditEntry, 'target'>): Promise<EnrollmentOutcome>
}

export type NewServer = ServerFigures & { id: ServerId }

export interface NewEnrollment {
  /** SHA-256 of the token, in hex. */
  tokenHash: string
  ttlMs: number
}

/** What a worker says of itself. */
export interface EnrollingWorker {
  /** Ed25519, base64url. */
  publicKey: string
  version: string
  cpuCores: number
  ramGb: number
}

export type EnrollmentOutcome = { serverId: ServerId; name: string; url: string } | 'unknown' | 'used' | 'expired'
