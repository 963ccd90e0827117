import { z } from 'zod'

/**
 * Every error that the HTTP API can answer, with its status. The code is the contract: programs decide by it, people
 * read the message beside it. A new code needs a line here and a section in docs/errors.md (a test compares them).
 */
export const errorStatus = {
  VALIDATION_ERROR: 400,
  INVALID_API_KEY: 401,
  INVALID_SERVICE_TOKEN: 401,
  INVALID_ENROLLMENT_TOKEN: 401,
  INVALID_CREDENTIALS: 401,
  TOTP_REQUIRED: 401,
  INVALID_ADMIN_TOKEN: 401,
  SESSION_ENDED: 401,
  INVALID_PAIRING_LINK: 401,
  INSTANCE_MOVED: 401,
  ACCOUNT_SUSPENDED: 403,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
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
export const errorCodeSchema = z.enum(errorCodes).meta({ id: 'ErrorCode' })

/** What each code means, in a sentence for the documentation; docs/errors.md says what to do about it. */
export const errorMeanings: Record<ErrorCode, string> = {
  VALIDATION_ERROR: 'The request is malformed; `details` names each field that is wrong.',
  INVALID_API_KEY: 'The API key is missing, malformed, unknown, revoked or expired.',
  INVALID_SERVICE_TOKEN: 'Between servers of the service only.',
  INVALID_ENROLLMENT_TOKEN: 'The token by which a worker enrolls is unknown, used or expired; `message` says which.',
  INVALID_CREDENTIALS: 'E-mail address, password or code is wrong, or the account is locked for a while.',
  TOTP_REQUIRED: 'The password is right; the log-in also needs a code of the authenticator app, or a recovery code.',
  INVALID_ADMIN_TOKEN: 'The access token is missing, malformed or expired, or its session has ended: refresh it.',
  SESSION_ENDED: 'The session has ended or was never there: log in again.',
  INVALID_PAIRING_LINK:
    'The link is not whole, has expired, or its instance or account was deleted: ask for a new one.',
  INSTANCE_MOVED: 'Between servers of the service only.',
  ACCOUNT_SUSPENDED: 'The account is suspended.',
  FORBIDDEN:
    'The key lacks the scope that `details.scope` names, or may not be used from this address; of admins, the role that `details.role` names.',
  NOT_FOUND: 'There is no such path, or no such thing in this account.',
  METHOD_NOT_ALLOWED: 'The path has other methods, which the header `Allow` lists.',
  NOT_ACCEPTABLE: 'None of the media types in `Accept` can be answered.',
  CONFLICT: 'The present state does not allow it; `message` says why.',
  INSTANCE_NOT_CONNECTED: 'The message was to be refused while the instance is not connected.',
  INSTANCE_NOT_PAIRING: 'There is no code to pair with now: look at the `state` of the instance.',
  PAYLOAD_TOO_LARGE: 'The body has more than 256 KB.',
  UNSUPPORTED_MEDIA_TYPE: 'The body is not uncompressed JSON in UTF-8 with its content type.',
  IDEMPOTENCY_MISMATCH: 'This `Idempotency-Key` was used for another request.',
  PAIRING_REFUSED: 'WhatsApp made no pairing code for this number.',
  NO_DEFAULT_INSTANCE: 'The short form found no instance to send from.',
  RATE_LIMIT_EXCEEDED: 'Too many requests for the plan: wait `Retry-After` seconds.',
  QUOTA_EXCEEDED: 'The messages of this UTC day are used up.',
  INSTANCE_LIMIT_REACHED: 'The plan allows no further instance.',
  INTERNAL_ERROR: 'A mistake on the side of the service; it is in the logs under `request_id`.',
  NO_CAPACITY: 'No server has room for another instance now.',
  WORKER_UNAVAILABLE: 'The server that runs this instance does not answer now.',
  SERVICE_UNAVAILABLE: 'The database does not answer; repeat with the same `Idempotency-Key`.',
}

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
