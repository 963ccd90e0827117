import type { InstanceId } from '#contracts/ids.ts'
import type { PairingCodeView, QrView } from '#contracts/http/instances.ts'
import type { InstanceState, StateReason } from '#contracts/instance-states.ts'
import type { Account, CloseCause, Connection, SendOutcome, SendRequest } from '#core/ports/driver.ts'
import { FencedOut, type Assignment, type Fence } from '#core/ports/session-leases.ts'
import { afterDisconnect, type NextStep } from '#core/rules/disconnect-policy.ts'
import { reconnectDelayMs, stableAfterMs } from '#core/rules/reconnect-backoff.ts'
import { within, withTimeout } from '#worker-node/timing.ts'
import { beginAttempt, type Attempt } from './attempt.ts'
import { notPairing, pairingError } from './pairing-errors.ts'
import { createQrBoard } from './qr-board.ts'
import type { SessionDeps } from './session-deps.ts'
import { createStateReporter, type StateReporter } from './state-reporter.ts'
import type { FencedSession } from './until-written.ts'

/** How long a `qr` or `pairing-code` command waits for a session that is on its way to its first QR code. */
const qrWaitMs = 5_000
/** What is being sent when an instance is handed over has this long to be acknowledged; then its next owner sends it again. */
const inFlightGraceMs = 2_000
/** Unlinking at WhatsApp is a courtesy to the phone's list of devices; the keys are erased with or without it. */
const unlinkTimeoutMs = 8_000

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
  #attempt: Attempt | undefined
  /** Monotonic time of the log-in; undefined while not logged in. */
  #openedAt: number | undefined
  #connects = 0
  #failures = 0
  /** The credentials that are stored are dead: erase them before the next connection. */
  #pairAnew = false
  #history = { restarted: false, replaced: false }
  #commands: Promise<unknown> = Promise.resolve()
  #stopping: Promise<void> | undefined
  /** It is being handed over: nothing new is sent. */
  #leaving = false
  readonly #sending = new Set<Promise<SendOutcome>>()

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
    return this.#openedAt !== undefined && !this.#leaving
  }

  /** Counts log-ins: an unconfirmed message may leave again as soon as this has changed. */
  get connects(): number {
    return this.#connects
  }

  /** The database says this of it; should it not be so, it is told again. */
  confirm({ state, reason }: Pick<Assignment, 'state' | 'reason'>): void {
    if (!this.ended && (state !== this.#state || reason !== this.#reason)) this.#reporter.correct()
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
      const connection = this.connected ? this.#attempt?.connection() : undefined
      this.#attempt?.mute()
      if (connection !== undefined) await this.#unlink(connection)
      await this.#disconnect(connection)
      try {
        await this.#deps.keys.erase(this.fence)
      } catch (error) {
        if (error instanceof FencedOut) this.abandon()
        else this.#begin(0)
        throw error
      }
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

  /** Another run may take over at once. What is in flight is finished first. */
  async handOver(): Promise<void> {
    this.#leaving = true
    if (this.#sending.size > 0) await within(inFlightGraceMs, Promise.allSettled(this.#sending))
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
    const connection = this.#attempt?.connection()
    if (shown === undefined || connection === undefined) throw notPairing(this.#state, this.#reason)
    try {
      const { code, expiresAt } = await connection.requestPairingCode(phoneNumber)
      return { code, expires_at: expiresAt.toISOString() }
    } catch (error) {
      throw pairingError(error, this.#state, this.#reason)
    }
  }

  /** Never rejects. Without a connection the message stays unconfirmed. */
  async send(request: SendRequest): Promise<SendOutcome> {
    const connection = this.connected ? this.#attempt?.connection() : undefined
    if (connection === undefined) return { outcome: 'unconfirmed' }
    const sending = connection.send(request)
    this.#sending.add(sending)
    try {
      return await sending
    } finally {
      this.#sending.delete(sending)
    }
  }

  #firstQr(): Promise<QrView | undefined> {
    const onItsWay = !this.ended && !this.resting && !this.connected
    return this.#qr.read(onItsWay ? qrWaitMs : 0)
  }

  #begin(delayMs: number): void {
    const { observer } = this.#deps
    const prepare = async () => {
      if (!this.#pairAnew) return
      await this.#deps.keys.erase(this.fence)
      this.#pairAnew = false
    }
    this.#attempt = beginAttempt(
      this.#deps,
      this,
      { delayMs, prepare },
      {
        onQr: (qr, expiresAt) => {
          this.#qr.show(qr, expiresAt)
          this.#report('pairing', null)
          this.#reporter.reportQr({ qr, expiresAt })
        },
        onPaired: (account) => {
          this.#qr.clear()
          this.#history.restarted = false
          this.#report('connecting', null, account)
        },
        onOpen: (account) => {
          this.#qr.clear()
          this.#openedAt = performance.now()
          this.#connects += 1
          this.#history.restarted = false
          this.#report('connected', null, account)
          observer.onConnected(this)
        },
        onReceipt: (receipt) => observer.onReceipt(this, receipt),
        onJournaled: () => observer.onJournaled(this),
        onClosed: (cause) => this.#closed(cause),
      },
    )
  }

  #closed(cause: CloseCause): void {
    const stable = this.#openedAt !== undefined && performance.now() - this.#openedAt >= stableAfterMs
    this.#forgetConnection()
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

  #forgetConnection(): void {
    this.#attempt?.mute()
    this.#openedAt = undefined
    this.#qr.clear()
  }

  /** Ends the attempt or connection of now, silently. */
  async #disconnect(connection = this.#attempt?.connection()): Promise<void> {
    this.#forgetConnection()
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
