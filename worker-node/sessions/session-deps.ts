import type { Clock } from '#core/ports/clock.ts'
import type { Driver } from '#core/ports/driver.ts'
import type { Receipt } from '#core/ports/outbox.ts'
import type { SessionKeys } from '#core/ports/session-keys.ts'
import type { SessionLeases } from '#core/ports/session-leases.ts'
import type { Log } from '#worker-node/log.ts'
import type { StartGate } from './start-gate.ts'
import type { FencedSession } from './until-written.ts'

/** Who wants to know what sessions do: the outbox, the projector, the dispatcher. */
export interface SessionObserver {
  onConnected(session: FencedSession): void
  /** As `ConnectionListener.onReceipt`. */
  onReceipt(session: FencedSession, receipt: Receipt): Promise<boolean>
  onJournaled(session: FencedSession): void
  /** A state or a QR code, and its event, became durable. */
  onReported(session: FencedSession): void
}

export interface SessionDeps {
  driver: Driver
  leases: Pick<SessionLeases, 'reportState' | 'reportQr' | 'release'>
  keys: Pick<SessionKeys, 'erase'>
  gate: StartGate
  clock: Clock
  observer: SessionObserver
  log: Log
  /** In [0, 1). */
  random: () => number
}
