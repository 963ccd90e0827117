import type { InstanceId } from '#contracts/ids.ts'
import type { Connection, ConnectionListener, Driver } from '#core/ports/driver.ts'
import { FencedOut, type Fence } from '#core/ports/session-leases.ts'
import { pause } from '#worker-node/timing.ts'
import type { StartGate } from './start-gate.ts'

/** What a timer can hold; a longer wait becomes one attempt too early, which is harmless. */
const longestTimerMs = 2 ** 31 - 1

/** One attempt to connect and, when it succeeds, the connection. */
export interface Attempt {
  /** Undefined before WhatsApp is called, and after the end. */
  connection(): Connection | undefined
  /** From now on nothing of it is heard any more. Idempotent. */
  mute(): void
}

/**
 * Waits, prepares, takes its turn at the gate and connects. Tells the listener until it is muted or has ended; `onClosed`
 * comes exactly once unless it is muted first, also when the attempt fails before there is a connection.
 */
export function beginAttempt(
  deps: { driver: Driver; gate: StartGate },
  session: { instanceId: InstanceId; fence: Fence },
  { delayMs, prepare }: { delayMs: number; prepare: () => Promise<void> },
  listener: ConnectionListener,
): Attempt {
  const over = new AbortController()
  const { signal } = over
  let connection: Connection | undefined

  function end(): void {
    over.abort()
    connection = undefined
  }

  /** The listener as the driver sees it: silent once the attempt is over, and out of the gate as soon as there is news. */
  function heard(leaveGate: () => void): ConnectionListener {
    const whileLive =
      <A extends unknown[]>(handle: (...args: A) => void) =>
      (...args: A) => {
        if (!signal.aborted) handle(...args)
      }
    return {
      onQr: whileLive((qr: string, expiresAt: Date) => {
        leaveGate()
        listener.onQr(qr, expiresAt)
      }),
      onPaired: whileLive((account) => listener.onPaired(account)),
      onOpen: whileLive((account) => {
        leaveGate()
        listener.onOpen(account)
      }),
      onReceipt: async (receipt) => !signal.aborted && listener.onReceipt(receipt),
      onJournaled: whileLive(() => listener.onJournaled()),
      onClosed: whileLive((cause) => {
        end()
        listener.onClosed(cause)
      }),
    }
  }

  async function connect(): Promise<void> {
    if (delayMs > 0) await pause(Math.min(delayMs, longestTimerMs), signal)
    if (signal.aborted) return
    await prepare()
    const leaveGate = await deps.gate.enter(signal)
    if (leaveGate === undefined) return
    signal.addEventListener('abort', leaveGate, { once: true })
    if (signal.aborted) return leaveGate()
    const opened = deps.driver.open({ instanceId: session.instanceId, fence: session.fence }, heard(leaveGate))
    // It may have ended before `open` returned.
    if (!signal.aborted) connection = opened
  }

  connect().catch((error: unknown) => {
    if (signal.aborted) return
    end()
    const kind = error instanceof FencedOut ? 'fenced-out' : 'internal-error'
    listener.onClosed({ kind, code: null, detail: String(error) })
  })
  return { connection: () => connection, mute: end }
}
