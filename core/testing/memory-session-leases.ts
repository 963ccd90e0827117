import type { InstanceState } from '#contracts/instance-states.ts'
import type { SessionLeases } from '#core/ports/session-leases.ts'
import { presentQr, presentStateChange } from '#core/rules/present-instance.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { requireFence } from './memory-fence.ts'
import { recordEvent } from './memory-record-event.ts'
import type { MemoryRows } from './memory-rows.ts'
import { isLive } from './memory-placement.ts'

type Lease = MemoryRows['instanceLeases']
type Instance = MemoryRows['instances']

/** States in which nothing runs: a stop leaves them as they are. */
const resting: ReadonlySet<InstanceState> = new Set(['stopped', 'logged_out', 'banned', 'failed'])

export function createMemorySessionLeases(database: MemoryDatabase): SessionLeases {
  const { tables, now } = database

  const placed = () =>
    tables.instanceLeases.flatMap((lease) => {
      const instance = tables.instances.find((row) => row.id === lease.instanceId)
      return instance === undefined ? [] : [{ lease, instance, wanted: isWanted(database, instance) }]
    })

  const unsettled = ({ lease, instance }: { lease: Lease; instance: Instance }) =>
    isUnsettled(database, lease, instance)

  function tellState(instance: Instance): void {
    instance.stateChangedAt = now()
    const data = presentStateChange(instance)
    recordEvent(database, { instanceId: instance.id, type: 'instance.state_changed', data, lane: instance.id })
  }

  return {
    async assignments(serverId, incarnation) {
      return placed()
        .filter((place) => {
          const { lease, wanted } = place
          return lease.ownerIncarnation === incarnation || (lease.serverId === serverId && (wanted || unsettled(place)))
        })
        .map(({ lease, instance, wanted }) => ({
          instanceId: instance.id,
          customerId: instance.customerId,
          desired: wanted ? 'running' : 'stopped',
          state: instance.state,
          reason: instance.reason,
          phoneNumber: instance.phoneNumber,
          placedOn: lease.serverId,
          fence:
            lease.ownerIncarnation === incarnation
              ? { instanceId: instance.id, epoch: lease.epoch, incarnation }
              : undefined,
        }))
    },

    async acquire(serverId, incarnation, instanceIds) {
      const server = tables.servers.find((row) => row.id === serverId)
      if (server?.incarnation !== incarnation || !isLive(database, server)) return []
      return placed()
        .filter(({ lease, wanted }) => wanted && lease.serverId === serverId && instanceIds.includes(lease.instanceId))
        .filter(({ lease }) => !isValidlyOwned(database, lease))
        .map(({ lease }) => {
          lease.ownerIncarnation = incarnation
          return { instanceId: lease.instanceId, epoch: ++lease.epoch, incarnation }
        })
    },

    async release({ instanceId, epoch, incarnation }) {
      const lease = tables.instanceLeases.find((row) => row.instanceId === instanceId)
      if (lease?.epoch === epoch && lease.ownerIncarnation === incarnation) lease.ownerIncarnation = null
    },

    async reportState(fence, { state, reason, phoneNumber, lid }) {
      requireFence(database, fence)
      const instance = tables.instances.find((row) => row.id === fence.instanceId)
      if (instance === undefined) return
      instance.phoneNumber = phoneNumber ?? instance.phoneNumber
      instance.lid = lid ?? instance.lid
      if (instance.state === state && instance.reason === reason) return
      Object.assign(instance, { state, reason })
      tellState(instance)
    },

    async reportQr(fence, shown) {
      requireFence(database, fence)
      const { instanceId } = fence
      const data = presentQr(instanceId, shown)
      recordEvent(database, { instanceId, type: 'instance.qr', data, lane: instanceId })
    },

    async settleStopped(serverId, instanceId) {
      const place = placed().find(({ lease }) => lease.instanceId === instanceId && lease.serverId === serverId)
      if (place === undefined || !unsettled(place)) return
      const { lease, instance } = place
      if (lease.ownerIncarnation !== null) Object.assign(lease, { epoch: lease.epoch + 1, ownerIncarnation: null })
      Object.assign(instance, { state: 'stopped', reason: 'stopped-by-customer' })
      tellState(instance)
    },
  }
}

export function isWanted({ tables }: MemoryDatabase, instance: Instance): boolean {
  const customer = tables.customers.find((row) => row.id === instance.customerId)
  return (
    instance.desired === 'running' &&
    instance.deletedAt === null &&
    customer?.status === 'active' &&
    customer.deletedAt === null
  )
}

/** Runs nowhere and should not, but its state does not say so yet. */
export function isUnsettled(database: MemoryDatabase, lease: Lease, instance: Instance): boolean {
  if (instance.deletedAt !== null || isWanted(database, instance)) return false
  return !isValidlyOwned(database, lease) && !resting.has(instance.state)
}

/** Owned by a worker run that still holds its server's lease. */
export function isValidlyOwned(database: MemoryDatabase, { ownerIncarnation }: Lease): boolean {
  return (
    ownerIncarnation !== null &&
    database.tables.servers.some((server) => server.incarnation === ownerIncarnation && isLive(database, server))
  )
}
