import { ApiError } from '#contracts/errors.ts'
import { refuseWebhookUrl } from '#core/rules/webhook-url-policy.ts'
import type { App } from '#core/verbs/app.ts'

/** Throws VALIDATION_ERROR for an address that must not be called. */
export function requireWebhookUrl(app: Pick<App, 'exceptions'>, url: string, ownHost: string): void {
  const problem = refuseWebhookUrl(url, { ownHost, allowLoopback: app.exceptions.loopbackWebhooks })
  if (problem === undefined) return
  throw new ApiError('VALIDATION_ERROR', 'The request is not valid.', { details: { url: problem } })
}
