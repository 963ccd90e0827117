import type { InstanceId } from '#contracts/ids.ts'
import type { PairingCodeView, QrView } from '#contracts/http/instances.ts'
import type { InstanceState, StateReason } from '#contracts/instance-states.ts'
import type {
  Account,
  CloseCause,
  Connection,
  ConnectionListener,
  Driver,
  SendOutcome,
  SendRequest,
} from '#core/ports/driver.ts'
import type { Receipt } from '#core/ports/outbox.ts'
import type { SessionKeys } from '#core/ports/session-keys.ts'
import { FencedOut, type Assignment, type Fence, type SessionLeases } from '#core/ports/session-leases.ts'
import { afterDisconnect, type NextStep } from '#core/rules/disconnect-policy.ts'
import { reconnectDelayMs, stableAfterMs } from '#core/rules/reconnect-backoff.ts'
import type { Clock } from '#core/ports/clock.ts'
import type { Log } from '#worker-node/log.ts'
import { pause, withTimeout } from '#worker-node/timing.ts'
import { notPairing, pairingError } from './pairing-errors.ts'
import { createQrBoard } from './qr-board.ts'
import type { StartGate } from './start-gate.ts'
import { createStateReporter, type StateReporter } from './state-reporter.ts'
import type { FencedSession } from './until-written.ts'

/** How long a `qr` or `pairing-code` command waits for a session that is on its way to its first QR code. */
const qrWaitMs = 5_000
/** Unlinking at WhatsApp is a courtesy to the phone's list of devices; the keys are erased with or without it. */
const unlinkTimeoutMs = 8_000
/** What a timer can hold; a longer wait becomes one attempt too early, which is harmless. */
const longestTimerMs = 2 ** 31 - 1

/** Who wants to know what sessions do: the outbox, the projector, the dispatcher. */
export interface SessionObserver {
  onConnected(session: Session): void
  onReceipt(session: Session, receipt: Receipt): void
  onJournaled(session: Session): void
  /** A state and its event became durable. */
  onReported(session: Session): void
}

export interface SessionDeps {
  driver: Driver
  leases: Pick<SessionLeases, 'reportState' | 'release'>
  keys: Pick<SessionKeys, 'erase'>
  gate: StartGate
  clock: Clock
  observer: SessionObserver
  log: Log
  /** In [0, 1). */
  random: () => number
}

/**
 * One instance's life inside this worker under one fence. It is *resting* (owned, but without a connection until the
 * customer asks for one), *active* (connected or on its way there) or *ended* (never to be used again). Nothing here throws
 * about WhatsApp: state and reason are the truth.
 */
export class Session implements FencedSession {
  readonly instanceId: InstanceId
  readonly fence: Fence
  readonly #deps: SessionDeps
  readonly #reporter: StateReporter
  readonly #qr = createQrBoard()
  readonly #over = new AbortController()
  #phase: 'resting' | 'active' = 'resting'
  #state: InstanceState
  #reason: StateReason | null
  #phoneNumber: string | null
  /** Aborted when the connection attempt or connection that it stands for is over; nothing it tells counts then. */
  #attempt = new AbortController()
  #connection: Connection | undefined
  /** Monotonic time of the log-in; undefined while not logged in. */
  #openedAt: number | undefined
  #connects = 0
  #failures = 0
  /** The credentials that are stored are dead: erase them before the next connection. */
  #pairAnew = false
  #history = { restarted: false, replaced: false }
  #commands: Promise<unknown> = Promise.resolve()
  #stopping: Promise<void> | undefined

  constructor(assignment: Omit<Assignment, 'fence' | 'desired'>, fence: Fence, deps: SessionDeps) {
    this.instanceId = assignment.instanceId
    this.fence = fence
    this.#deps = deps
    this.#state = assignment.state
    this.#reason = assignment.reason
    this.#phoneNumber = assignment.phoneNumber
    this.#reporter = createStateReporter({
      session: this,
      leases: deps.leases,
      log: deps.log,
      onReported: () => deps.observer.onReported(this),
    })
  }

  get state(): InstanceState {
    return this.#state
  }

  get phoneNumber(): string | null {
    return this.#phoneNumber
  }

  get resting(): boolean {
    return this.#phase === 'resting'
  }

  /** Aborted when the session has ended. */
  get over(): AbortSignal {
    return this.#over.signal
  }

  get ended(): boolean {
    return this.#over.signal.aborted
  }

  get connected(): boolean {
    return this.#openedAt !== undefined
  }

  /** Counts log-ins: an unconfirmed message may leave again as soon as this has changed. */
  get connects(): number {
    return this.#connects
  }

  /** From rest to active. After a log-out it pairs anew, whatever credentials are left. Nothing when active already. */
  start(): void {
    if (this.ended || this.#phase !== 'resting') return
    if (this.#state === 'logged_out') this.#pairAnew = true
    this.#phase = 'active'
    this.#failures = 0
    this.#history = { restarted: false, replaced: false }
    this.#report('starting', null)
    this.#begin(0)
  }

  /** Closes the connection and starts again, also from rest. Pairing and fence are kept. */
  restart(): Promise<void> {
    return this.#exclusively(async () => {
      await this.#disconnect()
      this.#phase = 'resting'
      this.start()
    })
  }

  /** Unlinks the device when connected, forgets credentials and keys, and rests until a start pairs anew. Throws FencedOut. */
  logout(): Promise<void> {
    return this.#exclusively(async () => {
      const connection = this.connected ? this.#connection : undefined
      this.#attempt.abort()
      if (connection !== undefined) await this.#unlink(connection)
      await this.#disconnect()
      await this.#deps.keys.erase(this.fence)
      this.#phase = 'resting'
      this.#report('logged_out', 'wa-logged-out')
    })
  }

  /** The customer wants it stopped: disconnect, tell so, give the lease back. */
  stop(): Promise<void> {
    return this.#leave(() =>
      this.#report(this.#state === 'logged_out' ? 'logged_out' : 'stopped', 'stopped-by-customer'),
    )
  }

  /** This worker ends: another run may take over at once. */
  handOver(): Promise<void> {
    return this.#leave(() => {
      if (!this.resting) this.#report('disconnected', 'moved')
    })
  }

  /** The fence no longer holds: close without another write. */
  abandon(): void {
    if (this.ended) return
    this.#over.abort()
    void this.#disconnect()
  }

  /** Throws ApiError INSTANCE_NOT_PAIRING. */
  async qr(): Promise<QrView> {
    const shown = await this.#firstQr()
    if (shown === undefined) throw notPairing(this.#state, this.#reason)
    return shown
  }

  /** Throws ApiError INSTANCE_NOT_PAIRING, PAIRING_REFUSED. */
  async pairingCode(phoneNumber: string): Promise<PairingCodeView> {
    const shown = await this.#firstQr()
    if (shown === undefined || this.#connection === undefined) throw notPairing(this.#state, this.#reason)
    try {
      const { code, expiresAt } = await this.#connection.requestPairingCode(phoneNumber)
      return { code, expires_at: expiresAt.toISOString() }
    } catch (error) {
      throw pairingError(error, this.#state, this.#reason)
    }
  }

  /** Never rejects. Without a connection the message stays unconfirmed. */
  async send(request: SendRequest): Promise<SendOutcome> {
    if (!this.connected || this.#connection === undefined) return { outcome: 'unconfirmed' }
    return this.#connection.send(request)
  }

  #firstQr(): Promise<QrView | undefined> {
    const onItsWay = !this.ended && !this.resting && !this.connected
    return this.#qr.read(onItsWay ? qrWaitMs : 0)
  }

  #begin(delayMs: number): void {
    const attempt = new AbortController()
    this.#attempt = attempt
    this.#connect(attempt, delayMs).catch((error: unknown) => {
      if (attempt.signal.aborted) return
      const kind = error instanceof FencedOut ? 'fenced-out' : 'internal-error'
      this.#closed(attempt, { kind, code: null, detail: String(error) })
    })
  }

  async #connect(attempt: AbortController, delayMs: number): Promise<void> {
    const { signal } = attempt
    if (delayMs > 0) await pause(Math.min(delayMs, longestTimerMs), signal)
    if (this.#pairAnew && !signal.aborted) {
      await this.#deps.keys.erase(this.fence)
      this.#pairAnew = false
    }
    const leaveGate = await this.#deps.gate.enter(signal)
    if (leaveGate === undefined) return
    signal.addEventListener('abort', leaveGate, { once: true })
    if (signal.aborted) return leaveGate()
    const connection = this.#deps.driver.open(
      { instanceId: this.instanceId, fence: this.fence },
      this.#listener(attempt, leaveGate),
    )
    // It may have ended before `open` returned.
    if (!signal.aborted) this.#connection = connection
  }

  #listener(attempt: AbortController, leaveGate: () => void): ConnectionListener {
    const { observer } = this.#deps
    const whileLive =
      <A extends unknown[]>(handle: (...args: A) => void) =>
      (...args: A) => {
        if (!attempt.signal.aborted) handle(...args)
      }
    return {
      onQr: whileLive((qr: string, expiresAt: Date) => {
        leaveGate()
        this.#qr.show(qr, expiresAt)
        this.#report('pairing', null)
      }),
      onPaired: whileLive((account: Account) => {
        this.#qr.clear()
        this.#history.restarted = false
        this.#report('connecting', null, account)
      }),
      onOpen: whileLive((account: Account) => {
        leaveGate()
        this.#qr.clear()
        this.#openedAt = performance.now()
        this.#connects += 1
        this.#history.restarted = false
        this.#report('connected', null, account)
        observer.onConnected(this)
      }),
      onReceipt: whileLive((receipt: Receipt) => observer.onReceipt(this, receipt)),
      onJournaled: whileLive(() => observer.onJournaled(this)),
      onClosed: whileLive((cause: CloseCause) => this.#closed(attempt, cause)),
    }
  }

  #closed(attempt: AbortController, cause: CloseCause): void {
    const stable = this.#openedAt !== undefined && performance.now() - this.#openedAt >= stableAfterMs
    this.#forgetConnection(attempt)
    if (stable) {
      this.#failures = 0
      this.#history.replaced = false
    }
    const verdict = afterDisconnect(cause, this.#history)
    this.#deps.log.info('A connection to WhatsApp ended.', {
      instance: this.instanceId,
      cause: cause.kind,
      code: cause.code,
      detail: cause.detail,
      outcome: verdict.next.step,
    })
    if (!('state' in verdict)) return this.abandon()
    if (cause.kind === 'restart-required') this.#history.restarted = true
    if (cause.kind === 'replaced') this.#history.replaced = true
    this.#report(verdict.state, verdict.reason)
    this.#follow(verdict.next)
  }

  #follow(next: Exclude<NextStep, { step: 'end' }>): void {
    switch (next.step) {
      case 'reconnect-now':
        return this.#begin(0)
      case 'reconnect-after-backoff':
        this.#failures += 1
        return this.#begin(reconnectDelayMs(this.#failures, this.#deps.random()))
      case 'reconnect-after':
        return this.#begin(next.delayMs)
      case 'reconnect-at':
        return this.#begin(Math.max(0, next.at.getTime() - this.#deps.clock.now().getTime()))
      case 'rest':
        this.#phase = 'resting'
    }
  }

  #forgetConnection(attempt: AbortController): void {
    attempt.abort()
    this.#connection = undefined
    this.#openedAt = undefined
    this.#qr.clear()
  }

  /** Ends the attempt or connection of now, silently. */
  async #disconnect(): Promise<void> {
    const connection = this.#connection
    this.#forgetConnection(this.#attempt)
    try {
      await connection?.close()
    } catch (error) {
      this.#deps.log.warn('A connection did not close cleanly.', { instance: this.instanceId, error })
    }
  }

  async #unlink(connection: Connection): Promise<void> {
    try {
      await withTimeout(connection.logout(), unlinkTimeoutMs)
    } catch (error) {
      this.#deps.log.warn('WhatsApp did not confirm the log-out.', { instance: this.instanceId, error })
    }
  }

  #leave(sayGoodbye: () => void): Promise<void> {
    this.#stopping ??= this.#exclusively(async () => {
      await this.#disconnect()
      sayGoodbye()
      await this.#reporter.flush()
      if (this.ended) return
      this.#over.abort()
      try {
        await this.#deps.leases.release(this.fence)
      } catch (error) {
        this.#deps.log.warn('A lease could not be given back now.', { instance: this.instanceId, error })
      }
    })
    return this.#stopping
  }

  /** One command at a time; one that failed does not stop the next. */
  #exclusively(command: () => Promise<void>): Promise<void> {
    const run = this.#commands.then(async () => {
      if (!this.ended) await command()
    })
    this.#commands = run.catch(() => {})
    return run
  }

  #report(state: InstanceState, reason: StateReason | null, account?: Account): void {
    if (this.ended) return
    this.#state = state
    this.#reason = reason
    if (account !== undefined) this.#phoneNumber = account.phoneNumber
    this.#reporter.report({
      state,
      reason,
      ...(account === undefined ? {} : { phoneNumber: account.phoneNumber }),
      ...(typeof account?.lid === 'string' ? { lid: account.lid } : {}),
    })
  }
}
