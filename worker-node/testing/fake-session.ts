import type { SendOutcome, SendRequest } from '#core/ports/driver.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import type { SendingSession } from '#worker-node/outbox/outbox-sender.ts'

/** A connected session that a test plays itself. */
export interface FakeSession extends SendingSession {
  connected: boolean
  connects: number
  readonly sent: SendRequest[]
  /** How requests are answered at once; undefined lets them wait for `respond`. */
  answer: (request: SendRequest) => SendOutcome | undefined
  /** Answers the oldest request that waits. */
  respond(outcome: SendOutcome): void
}

export function createFakeSession(fence: Fence): FakeSession {
  const over = new AbortController()
  const waiting: ((outcome: SendOutcome) => void)[] = []
  const session: FakeSession = {
    instanceId: fence.instanceId,
    fence,
    over: over.signal,
    connected: true,
    connects: 1,
    sent: [],
    answer: () => ({ outcome: 'acked' }),
    abandon() {
      session.connected = false
      over.abort()
    },
    send(request) {
      session.sent.push(request)
      const outcome = session.answer(request)
      return outcome === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(outcome)
    },
    respond: (outcome) => waiting.shift()?.(outcome),
  }
  return session
}
