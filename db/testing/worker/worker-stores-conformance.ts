import { beforeEach, describe } from 'vitest'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { deliveriesConformance } from './deliveries-conformance.ts'
import { inboundAddressesConformance } from './inbound-addresses-conformance.ts'
import { inboundLeftoversConformance } from './inbound-leftovers-conformance.ts'
import { fleetConformance } from './fleet-conformance.ts'
import { inboundConformance } from './inbound-conformance.ts'
import { outboxConformance } from './outbox-conformance.ts'
import { outboxOutcomesConformance } from './outbox-outcomes-conformance.ts'
import { recordedAttemptsConformance } from './recorded-attempts-conformance.ts'
import { sendingLimitsConformance } from './sending-limits-conformance.ts'
import { serverLeasesConformance } from './server-leases-conformance.ts'
import { serverSamplesConformance } from './server-samples-conformance.ts'
import { sessionKeysConformance } from './session-keys-conformance.ts'
import { sessionLeasesConformance } from './session-leases-conformance.ts'
import type { WorkerWorld } from './worker-world.ts'

/** What every set of the worker's stores must do, one suite per port, each test on an empty database. */
export function workerStoresConformance(name: string, open: () => Promise<WorkerWorld>): void {
  describe(`the worker's stores on ${name}`, () => {
    const world = openForSuite(open)
    beforeEach(() => world().reset())
    serverLeasesConformance(world)
    serverSamplesConformance(world)
    sessionLeasesConformance(world)
    fleetConformance(world)
    sessionKeysConformance(world)
    outboxConformance(world)
    outboxOutcomesConformance(world)
    sendingLimitsConformance(world)
    inboundConformance(world)
    inboundAddressesConformance(world)
    inboundLeftoversConformance(world)
    deliveriesConformance(world)
    recordedAttemptsConformance(world)
  })
}
