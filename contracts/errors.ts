import { z } from 'zod'

/**
 * Every error that the HTTP API can answer, with its status. The code is the contract: programs decide by it, people
 * read the message beside it. A new code needs a line here and a section in docs/errors.md (a test compares them).
 */
export const errorStatus = {
  VALIDATION_ERROR: 400,
  INVALID_API_KEY: 401,
  INVALID_SERVICE_TOKEN: 401,
  INSTANCE_MOVED: 401,
  ACCOUNT_SUSPENDED: 403,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  INSTANCE_NOT_CONNECTED: 409,
  INSTANCE_NOT_PAIRING: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IDEMPOTENCY_MISMATCH: 422,
  PAIRING_REFUSED: 422,
  NO_DEFAULT_INSTANCE: 422,
  RATE_LIMIT_EXCEEDED: 429,
  QUOTA_EXCEEDED: 429,
  INSTANCE_LIMIT_REACHED: 403,
  INTERNAL_ERROR: 500,
  NO_CAPACITY: 503,
  WORKER_UNAVAILABLE: 503,
  SERVICE_UNAVAILABLE: 503,
} as const

export type ErrorCode = keyof typeof errorStatus

export const errorCodes = Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]
export const errorCodeSchema = z.enum(errorCodes)

/**
 * An error that is an answer: verbs throw it, the edge and the worker turn it into the envelope. Its message is shown to
 * the customer, so it never holds a secret, SQL or an internal address.
 */
export class ApiError extends Error {
  readonly code: ErrorCode
  /** Field path > what is wrong with it. */
  readonly details: Record<string, string>
  /** Seconds after which the same request may succeed. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: Record<string, string>; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ApiError'
    this.code = code
    this.details = options.details ?? {}
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  get status(): (typeof errorStatus)[ErrorCode] {
    return errorStatus[this.code]
  }
}
