import { failure } from '#contracts/envelope.ts'
import { ApiError } from '#contracts/errors.ts'
import type { EdgeContext } from '#edge/edge-env.ts'
import { describeFailure } from '#edge/log.ts'
import { answerJson } from './answer-json.ts'

/** Turns whatever was thrown into the envelope. What is no ApiError is logged, never shown. */
export function answerError(error: unknown, c: EdgeContext): Response {
  const apiError =
    error instanceof ApiError ? error : new ApiError('INTERNAL_ERROR', 'Something went wrong on our side.')
  const record = c.get('record')
  if (record !== undefined) {
    record.error_code = apiError.code
    if (apiError.status >= 500) record.failure = describeFailure(error)
  }
  if (apiError.retryAfterSeconds !== undefined) c.header('Retry-After', String(apiError.retryAfterSeconds))
  if (apiError.status === 401) c.header('WWW-Authenticate', 'Bearer')
  return answerJson(c, failure(apiError, c.get('requestId')), apiError.status)
}
