import type { ErrorCode } from '#contracts/errors.ts'

/** What the API answers, and what can happen on the way to it. */
export type FailureCode = ErrorCode | 'NO_CONNECTION' | 'UNEXPECTED_ANSWER'

/** A call that did not do what it should; its message is a sentence for people. */
export class CallFailed extends Error {
  readonly code: FailureCode
  /** Field path > what is wrong with it. */
  readonly details: Record<string, string>
  readonly retryAfterSeconds: number | undefined
  /** The same as a moment of this device's clock. */
  readonly retryAt: number | undefined
  /** Finds the request in the logs of the service. */
  readonly requestId: string | undefined

  constructor(
    code: FailureCode,
    message: string,
    more: { details?: Record<string, string>; retryAfterSeconds?: number; requestId?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause })
    this.name = 'CallFailed'
    this.code = code
    this.details = more.details ?? {}
    this.retryAfterSeconds = more.retryAfterSeconds
    this.retryAt = more.retryAfterSeconds === undefined ? undefined : Date.now() + more.retryAfterSeconds * 1_000
    this.requestId = more.requestId
  }
}
