import type { ServerId } from '#contracts/ids.ts'
import type { CheckReason, ServerGrade } from '#contracts/server-checks.ts'
import type { ServerAddress } from './servers.ts'

/** What one call of a worker's `/health` showed. */
export interface ServerVerdict {
  grade: ServerGrade
  /** Null where nothing is wrong. */
  reason: CheckReason | null
}

export interface NewServerCheck extends ServerVerdict {
  serverId: ServerId
  tookMs: number
}

/** The newest check of a server. */
export interface ServerCheck extends ServerVerdict {
  tookMs: number
  checkedAt: Date
  /** When it got this grade. */
  since: Date
}

/** How servers look from the edge, beside their leases. */
export interface ServerChecks {
  /** Servers whose worker should answer: not those that wait for one or are out of service. */
  targets(): Promise<ServerAddress[]>
  /** Keeps the newest check of each; returns how many changed their grade. */
  record(checks: readonly NewServerCheck[]): Promise<number>
}
