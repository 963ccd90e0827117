import type { ApiKeys, ProvenKey, ProvenKeys } from '#core/ports/api-keys.ts'
import type { Background } from '#core/ports/background.ts'
import type { Clock } from '#core/ports/clock.ts'
import type { Customer, Customers } from '#core/ports/customers.ts'
import type { Events } from '#core/ports/events.ts'
import type { SharedHints } from '#core/rules/shared-hints.ts'
import type { HeldRequests } from '#core/rules/held-requests.ts'
import type { Idempotency } from '#core/ports/idempotency.ts'
import type { Instance, Instances } from '#core/ports/instances.ts'
import type { KeyHash } from '#core/ports/key-hash.ts'
import type { Messages } from '#core/ports/messages.ts'
import type { PairingClaims, PairingLinks } from '#core/ports/pairing-links.ts'
import type { Retention } from '#core/ports/retention.ts'
import type { Servers } from '#core/ports/servers.ts'
import type { Usage } from '#core/ports/usage.ts'
import type { WebhookDeliveries } from '#core/ports/webhook-deliveries.ts'
import type { Webhooks } from '#core/ports/webhooks.ts'
import type { WorkerGateway } from '#core/ports/worker-gateway.ts'

/** What the edge's verbs work with. A verb takes exactly the ports that it uses: `Pick<App, 'messages' | 'gateway'>`. */
export interface App {
  apiKeys: ApiKeys
  provenKeys: ProvenKeys
  keyHash: KeyHash
  customers: Customers
  instances: Instances
  pairingLinks: PairingLinks
  messages: Messages
  webhooks: Webhooks
  webhookDeliveries: WebhookDeliveries
  events: Events
  heldRequests: HeldRequests
  sharedHints: SharedHints
  idempotency: Idempotency
  retention: Retention
  servers: Servers
  usage: Usage
  gateway: WorkerGateway
  clock: Clock
  background: Background
  /** What only the local stack allows; all false in production. */
  exceptions: Exceptions
}

export interface Exceptions {
  /** Accept `ak_test_` keys. */
  testKeys: boolean
  /** Accept webhooks to this machine, also over plain HTTP. */
  loopbackWebhooks: boolean
}

/** Whose things are meant. */
export type Owner = Pick<Actor, 'customerId'>

/** Who asks: the bearer of a pairing link. */
export interface Guest extends PairingClaims {
  customer: Customer
  instance: Instance
}

/** Who asks: proven by an API key. */
export interface Actor extends ProvenKey {
  /** The key's SHA-256 (hex), under which the proof is remembered. */
  keySha256: string
  /** Where the request comes from, in its one spelling; null if nobody knows. */
  address: string | null
}
