import type { DisabledReason } from '#contracts/events.ts'
import type { CustomerId, EventId, InstanceId, WebhookId } from '#contracts/ids.ts'
import type { Once } from './idempotency.ts'
import type { Page } from './instances.ts'

export type { DisabledReason }
/** `unverified`: nobody could look the host name up when it was saved, and no attempt was answered since. */
export type UrlCheck = 'verified' | 'unverified'

export interface WebhookEndpoint {
  id: WebhookId
  customerId: CustomerId
  url: string
  description: string | null
  /** Event types, or `*`. */
  events: string[]
  instanceId: InstanceId | null
  status: 'enabled' | 'disabled'
  disabledReason: DisabledReason | null
  /** The first failed attempt since one succeeded; null while they succeed. */
  failingSince: Date | null
  urlCheck: UrlCheck
  createdAt: Date
}

export interface NewWebhook {
  id: WebhookId
  url: string
  urlCheck: UrlCheck
  description: string | null
  events: string[]
  instanceId: InstanceId | null
  /** `whsec_...` in clear; the store encrypts it. */
  secret: string
}

export type CreateWebhookOutcome =
  | { outcome: 'created'; webhook: WebhookEndpoint }
  | { outcome: 'instance-not-found' }
  | { outcome: 'limit-reached'; limit: number }

/** Most endpoints that one customer can have. */
export const maxWebhooksPerCustomer = 20

/** How long both secrets sign after a rotation. */
export const previousSecretMs = 24 * 60 * 60 * 1_000

/** A customer's webhook endpoints, for the edge. Unknown and other customers' ids are undefined or false. */
export interface Webhooks {
  /** Effect under a key: `id`. */
  create(customerId: CustomerId, webhook: NewWebhook, once?: Once): Promise<CreateWebhookOutcome>
  get(customerId: CustomerId, id: WebhookId): Promise<WebhookEndpoint | undefined>
  list(customerId: CustomerId, query: { limit: number; cursor?: string }): Promise<Page<WebhookEndpoint>>
  /**
   * Enabling clears the reason for which the endpoint was disabled. That and a new address, which comes with its check, are
   * a new start: what waits for a retry is due at once, and since when it failed is forgotten.
   */
  update(
    customerId: CustomerId,
    id: WebhookId,
    change: {
      url?: string
      urlCheck?: UrlCheck
      description?: string | null
      events?: string[]
      status?: 'enabled' | 'disabled'
    },
  ): Promise<WebhookEndpoint | undefined>
  /**
   * Gives the endpoint a new secret; the one before signs too for `previousSecretMs`. Of an earlier rotation nothing is
   * left then. Effect under a key: `previous_secret_until`.
   */
  rotateSecret(
    customerId: CustomerId,
    id: WebhookId,
    secret: string,
    once?: Once,
  ): Promise<{ webhook: WebhookEndpoint; previousSecretUntil: Date } | undefined>
  /** Deletes the endpoint and drops what was still due to it. */
  remove(customerId: CustomerId, id: WebhookId): Promise<boolean>
  /**
   * Records a `webhook.test` event and its delivery to this endpoint alone. `disabled`: nothing was recorded. Effect under
   * a key: `event_id`.
   */
  sendTest(
    customerId: CustomerId,
    id: WebhookId,
    eventId: EventId,
    once?: Once,
  ): Promise<'recorded' | 'disabled' | 'not-found'>
}
