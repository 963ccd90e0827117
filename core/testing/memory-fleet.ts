import type { InstanceState } from '#contracts/instance-states.ts'
import type { Fleet, ServerRun } from '#core/ports/fleet.ts'
import { presentStateChange } from '#core/rules/present-instance.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { candidatesIn, hasRoom, isLive, placeIn, takesInstances } from './memory-placement.ts'
import { recordEvent } from './memory-record-event.ts'
import type { MemoryRows } from './memory-rows.ts'
import { isUnsettled, isValidlyOwned, isWanted } from './memory-session-leases.ts'

const graceMs = 1_000
const arrivalMs = 10_000
const sessionStates: readonly InstanceState[] = ['starting', 'pairing', 'connecting', 'connected', 'disconnected']

export function createMemoryFleet(database: MemoryDatabase): Fleet {
  const { tables, now } = database

  const mine = ({ serverId, incarnation }: ServerRun) =>
    tables.servers.find((row) => row.id === serverId && row.incarnation === incarnation && isLive(database, row))
  const isOver = ({ leaseExpiresAt }: MemoryRows['servers']) =>
    leaseExpiresAt === null || leaseExpiresAt.getTime() < now().getTime() - graceMs

  function isExpiring({ leaseExpiresAt }: MemoryRows['servers']): boolean {
    const leftMs = leaseExpiresAt === null ? Number.NaN : leaseExpiresAt.getTime() - now().getTime()
    return leftMs >= -5_000 && leftMs <= 2_000
  }

  function places() {
    return tables.instanceLeases.flatMap((lease) => {
      const server = tables.servers.find(({ id }) => id === lease.serverId)
      const instance = tables.instances.find(({ id }) => id === lease.instanceId)
      if (server === undefined || instance === undefined) return []
      const cared = isWanted(database, instance) || isUnsettled(database, lease, instance)
      const lost = isOver(server) && cared
      const orphan = lost && server.incarnation === null && !isValidlyOwned(database, lease)
      return [{ lease, server, instance, cared, lost, orphan }]
    })
  }

  const byId = (a: { lease: MemoryRows['instanceLeases'] }, b: { lease: MemoryRows['instanceLeases'] }) =>
    a.lease.instanceId < b.lease.instanceId ? -1 : 1

  return {
    async look(run) {
      const server = mine(run)
      if (server === undefined) return undefined
      const cared = places().filter(({ cared: is }) => is)
      return {
        status: server.status,
        lost: cared.some((place) => place.lost),
        expiring: cared.some((place) => isExpiring(place.server)),
      }
    },

    async endDeadLeases(run) {
      if (mine(run) === undefined) return []
      const dead = tables.servers.filter((row) => row.incarnation !== null && isOver(row))
      for (const server of dead) server.incarnation = null
      return dead.map(({ id }) => id)
    },

    async orphans(limit) {
      return places()
        .filter(({ orphan }) => orphan)
        .toSorted(byId)
        .slice(0, limit)
        .map(({ lease, server }) => ({ instanceId: lease.instanceId, from: server.id, region: server.region }))
    },

    candidates: async () => candidatesIn(database).filter(({ live }) => live),

    async takeOver(run, orphans) {
      if (mine(run) === undefined) return []
      return orphans.flatMap(({ instanceId, from, to }) => {
        const place = places().find(({ lease, orphan }) => lease.instanceId === instanceId && orphan)
        if (place === undefined || place.lease.serverId !== from) return []
        const { lease, instance } = place
        const moves = hasRoom(database, to)
        if (lease.ownerIncarnation !== null) Object.assign(lease, { epoch: lease.epoch + 1, ownerIncarnation: null })
        if (moves && to !== null) lease.serverId = to
        const reason = moves ? 'worker-lost' : 'no-capacity'
        const told = instance.state === 'disconnected' && instance.reason === reason
        const runs = isWanted(database, instance) && sessionStates.includes(instance.state)
        if ((moves || to === null) && runs && !told) {
          Object.assign(instance, { state: 'disconnected', reason, stateChangedAt: now() })
          const data = presentStateChange(instance)
          recordEvent(database, { instanceId, type: 'instance.state_changed', data, lane: instanceId })
        }
        return moves ? [instanceId] : []
      })
    },

    async toPlace({ serverId, incarnation }, scope) {
      const region = tables.servers.find(({ id }) => id === serverId)?.region ?? ''
      return places()
        .filter(({ instance }) => instance.deletedAt === null)
        .filter(({ lease, server, instance }) =>
          server.id === serverId
            ? scope === 'all' || (scope === 'wanted' && isWanted(database, instance))
            : lease.ownerIncarnation === incarnation && !takesInstances(database, server),
        )
        .toSorted(byId)
        .map(({ lease, server }) => ({ instanceId: lease.instanceId, from: server.id, region }))
    },

    place: async (run, moves) => (mine(run) === undefined ? [] : placeIn(database, moves)),

    async arrivals(serverIds) {
      const takers = tables.servers.filter((row) => serverIds.includes(row.id) && takesInstances(database, row))
      const arriving = places().filter(({ instance: { state, reason, stateChangedAt, deletedAt } }) => {
        const onItsWay =
          state === 'starting' ||
          state === 'connecting' ||
          (state === 'disconnected' && (reason === 'moved' || reason === 'worker-lost'))
        return deletedAt === null && onItsWay && stateChangedAt.getTime() > now().getTime() - arrivalMs
      })
      return new Map(takers.map(({ id }) => [id, arriving.filter(({ server }) => server.id === id).length]))
    },

    async markStopping({ serverId, incarnation }) {
      const server = tables.servers.find((row) => row.id === serverId && row.incarnation === incarnation)
      if (server !== undefined) server.stopping = true
    },
  }
}
