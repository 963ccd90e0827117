import type { WebhookId } from '#contracts/ids.ts'
import type { Deliveries } from '#core/ports/deliveries.ts'
import type { KeyRing } from '#db/crypto/key-ring.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { claimDue } from './claim-due.ts'
import { recordAttempts } from './record-attempts.ts'
import type { WorkerDatabase } from './worker-database.ts'

export interface DeliveriesOptions {
  /** Opens the endpoints' signing secrets. */
  keyRing: KeyRing
  /**
   * Told of an endpoint whose secret cannot be opened. Its delivery stays claimed until the claim ends, so that it is
   * tried again without holding up others.
   */
  onUnreadableSecret?: (endpointId: WebhookId, error: unknown) => void
}

export function createDeliveries(database: WorkerDatabase, options: DeliveriesOptions): Deliveries {
  return guardStore<Deliveries>({
    claimDueAcrossCustomers: (claim) => claimDue(database, options, claim),
    record: (attempts) => recordAttempts(database, attempts),
  })
}
