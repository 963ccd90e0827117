import type { WebhookId } from '#contracts/ids.ts'
import type { Deliveries } from '#core/ports/deliveries.ts'
import type { Fleet } from '#core/ports/fleet.ts'
import type { Inbound } from '#core/ports/inbound.ts'
import type { Outbox } from '#core/ports/outbox.ts'
import type { ServerSamples } from '#core/ports/server-metrics.ts'
import type { ServerLeases } from '#core/ports/servers.ts'
import type { SessionKeys } from '#core/ports/session-keys.ts'
import type { SessionLeases } from '#core/ports/session-leases.ts'
import type { Seed } from '#core/testing/seed.ts'

/** One set of the worker's stores over one database, real or in memory, as the conformance suites use it. */
export interface WorkerWorld {
  seed: Seed
  serverLeases: ServerLeases
  serverSamples: ServerSamples
  sessionLeases: SessionLeases
  fleet: Fleet
  sessionKeys: SessionKeys
  outbox: Outbox
  inbound: Inbound
  deliveries: Deliveries
  /** A signing secret as the endpoint's row keeps it. */
  sealSecret(endpointId: WebhookId, secret: string): Promise<{ keyRingId: string; secret: Uint8Array }>
  /** Empties the database. */
  reset(): Promise<void>
  close(): Promise<void>
}
