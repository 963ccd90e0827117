import { Webhook } from 'standardwebhooks'
import type { AlertNotifier } from '#core/ports/alert-notifier.ts'
import type { Clock } from '#core/ports/clock.ts'
import { refuseWebhookUrl } from '#core/rules/webhook-url-policy.ts'
import type { Exceptions } from '#core/verbs/app.ts'
import { ConfigError } from '#db/config/variables.ts'
import type { AlertWebhook } from '#edge/config.ts'

const timeoutMs = 10_000

/** The operator's webhook did not take a notice; the code says how it answered. */
export class AlertNotTaken extends Error {
  readonly code: string

  constructor(status: number) {
    super(`The alert webhook answered ${status}.`)
    this.name = 'AlertNotTaken'
    this.code = String(status)
  }
}

/**
 * Notices as signed calls (Standard Webhooks) that follow no redirect. Throws ConfigError for an address that a customer's
 * webhook could not have either; what its name resolves to is not looked up: Workers reach no private network.
 */
export function createAlertNotifier(
  webhook: AlertWebhook | undefined,
  clock: Clock,
  { loopbackWebhooks }: Pick<Exceptions, 'loopbackWebhooks'>,
): AlertNotifier | undefined {
  if (webhook === undefined) return undefined
  // The service's own host is not known here; the operator has no reason to name it.
  const refused = refuseWebhookUrl(webhook.url, { ownHost: '', allowLoopback: loopbackWebhooks })
  if (refused !== undefined) throw new ConfigError(`ALERT_WEBHOOK_URL ${refused}.`)
  const signer = new Webhook(webhook.secret)
  return {
    async send(notice) {
      const body = JSON.stringify(notice)
      const now = clock.now()
      const { status, body: answer } = await fetch(webhook.url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Wharf-Alerts/1',
          'webhook-id': notice.id,
          'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
          'webhook-signature': signer.sign(notice.id, now, body),
        },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      })
      await answer?.cancel()
      if (status < 200 || status > 299) throw new AlertNotTaken(status)
    },
  }
}
