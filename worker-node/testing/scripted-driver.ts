import type { InstanceId } from '#contracts/ids.ts'
import type {
  Account,
  CloseCause,
  Connection,
  ConnectionListener,
  Driver,
  SendOutcome,
  SendRequest,
} from '#core/ports/driver.ts'
import type { Fence } from '#core/ports/session-leases.ts'

/** A connection whose every word the test says itself. */
export interface ScriptedConnection {
  readonly instanceId: InstanceId
  readonly fence: Fence
  /** Tells the session. */
  readonly tell: ConnectionListener
  readonly closed: boolean
  readonly loggedOut: boolean
  /** Requests in the order in which they came; answered by `answer`, or by hand with `respond`. */
  readonly sent: SendRequest[]
  /** Answers the oldest request that waits. */
  respond(outcome: SendOutcome): void
  open(account?: Account): void
  end(kind: CloseCause['kind'], until?: Date): void
}

export interface ScriptedDriver extends Driver {
  /** Every connection that was opened, oldest first. */
  readonly connections: ScriptedConnection[]
  /** The newest one of the instance. Throws when there is none. */
  newest(instanceId: InstanceId): ScriptedConnection
  /** How requests are answered at once; undefined lets them wait for `respond`. */
  answer: ((request: SendRequest) => SendOutcome | undefined) | undefined
  /** What asking for a pairing code does. */
  pairingCode: (phoneNumber: string) => Promise<{ code: string; expiresAt: Date }>
}

export const scriptedAccount: Account = { phoneNumber: '+5511999990001', lid: '95000000000001@lid' }

/** A driver without WhatsApp, for tests of what stands above the driver's port. */
export function createScriptedDriver(): ScriptedDriver {
  const driver: ScriptedDriver = {
    connections: [],
    answer: () => ({ outcome: 'acked' }),
    pairingCode: async () => ({ code: 'ABCD1234', expiresAt: new Date() }),
    newest(instanceId) {
      const connection = driver.connections.findLast((one) => one.instanceId === instanceId)
      if (connection === undefined) throw new Error(`Nothing was opened for ${instanceId}.`)
      return connection
    },
    open({ instanceId, fence }, listener) {
      const { connection, scripted } = script(driver, instanceId, fence, listener)
      driver.connections.push(scripted)
      return connection
    },
  }
  return driver
}

function script(driver: ScriptedDriver, instanceId: InstanceId, fence: Fence, listener: ConnectionListener) {
  const waiting: ((outcome: SendOutcome) => void)[] = []
  const state = { closed: false, loggedOut: false }
  const sent: SendRequest[] = []

  function end(cause: CloseCause): void {
    if (state.closed) return
    state.closed = true
    for (const resolve of waiting.splice(0)) resolve({ outcome: 'unconfirmed' })
    listener.onClosed(cause)
  }

  const connection: Connection = {
    send(request) {
      sent.push(request)
      const outcome = driver.answer?.(request)
      if (outcome !== undefined) return Promise.resolve(outcome)
      return new Promise((resolve) => waiting.push(resolve))
    },
    requestPairingCode: (phoneNumber) => driver.pairingCode(phoneNumber),
    async logout() {
      state.loggedOut = true
      end({ kind: 'logged-out', code: 401, detail: 'scripted' })
    },
    async close() {
      end({ kind: 'closed-by-us', code: null, detail: 'scripted' })
    },
  }
  const scripted: ScriptedConnection = {
    instanceId,
    fence,
    tell: listener,
    sent,
    get closed() {
      return state.closed
    },
    get loggedOut() {
      return state.loggedOut
    },
    respond: (outcome) => waiting.shift()?.(outcome),
    open: (account = scriptedAccount) => listener.onOpen(account),
    end: (kind, until) => end({ kind, code: null, detail: 'scripted', ...(until === undefined ? {} : { until }) }),
  }
  return { connection, scripted }
}
