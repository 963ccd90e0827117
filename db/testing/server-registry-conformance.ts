import { describe, expect, it } from 'vitest'
import { newId, type ServerId } from '#contracts/ids.ts'
import type { ServerFigures } from '#core/ports/servers.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { auditEntry } from './audit-fixture.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'serverRegistry' | 'servers' | 'auditLog' | 'seed' | 'close'>

const figures: ServerFigures = {
  name: 'sao-paulo-1',
  url: 'https://sao-paulo-1.example.com',
  region: 'sa-east',
  ipAddress: '203.0.113.7',
  provider: 'Hetzner',
  maxCapacity: 50,
  cpuCores: 4,
  ramGb: 8,
  costPerMonth: 19.9,
}

const newToken = (ttlMs = 60_000) => ({ tokenHash: newId('server'), ttlMs })

export function serverRegistryConformance(open: () => Promise<Opened>): void {
  describe('ServerRegistry', () => {
    const opened = openForSuite(open)
    const actionsOn = async (target: ServerId) =>
      (await opened().auditLog.list({ target }, { page: 1, perPage: 10 })).rows.map(({ action }) => action)
    const newServer = (values: Partial<ServerFigures> = {}) => {
      const id = newId('server')
      return { ...figures, name: `Server-${id.slice(-12)}`, id, ...values }
    }
    const add = async (values: Partial<ServerFigures> = {}) => {
      const server = newServer(values)
      const audit = auditEntry(null, { action: 'create', target: server.id })
      await opened().serverRegistry.create(server, newToken(), audit)
      return server
    }

    it('keeps all that is said of a new server, which takes no instances yet', async () => {
      const { servers } = opened()
      const server = await add()
      expect(await servers.get(server.id)).toMatchObject({ ...server, status: 'provisioning', statusReason: null })
      const bare = await add({ ipAddress: null, provider: null, cpuCores: null, ramGb: null, costPerMonth: null })
      expect(await servers.get(bare.id)).toMatchObject(bare)
      expect(await actionsOn(server.id)).toEqual(['create'])
    })

    it('takes a name once, in whatever case, until its server is deleted', async () => {
      const { serverRegistry } = opened()
      const { id, name } = await add()
      const twin = newServer({ name: name.toUpperCase() })
      const create = () =>
        serverRegistry.create(twin, newToken(), auditEntry(null, { action: 'create', target: twin.id }))
      expect(await create()).toBeUndefined()
      expect(await actionsOn(twin.id)).toEqual([])
      const other = await add()
      const rename = (target: ServerId, to: string) =>
        serverRegistry.update(target, { name: to }, auditEntry(null, { action: 'rename', target }))
      expect(await rename(other.id, twin.name)).toBe('name-taken')
      expect(await rename(id, twin.name)).toBe('updated')
      expect(await actionsOn(other.id)).toEqual(['create'])
      expect(await serverRegistry.remove(id, auditEntry(null))).toBe('removed')
      expect(await create()).toBeInstanceOf(Date)
    })

    it('changes what it is told and nothing else, also to nothing', async () => {
      const { serverRegistry, servers } = opened()
      const server = await add()
      const update = (changes: Partial<ServerFigures>, target: ServerId = server.id) =>
        serverRegistry.update(target, changes, auditEntry(null, { action: 'update', target }))
      expect(await update({ maxCapacity: 60, costPerMonth: null })).toBe('updated')
      expect(await servers.get(server.id)).toMatchObject({ ...server, maxCapacity: 60, costPerMonth: null })
      expect(await actionsOn(server.id)).toEqual(['update', 'create'])
      const unknown = newId('server')
      expect(await update({ maxCapacity: 60 }, unknown)).toBe('unknown')
      expect(await actionsOn(unknown)).toEqual([])
    })

    it('deletes no server that holds instances: placed there, or owned by its worker still', async () => {
      const { serverRegistry, servers, seed } = opened()
      const customerId = await seedCustomer(seed)
      const [id, elsewhere] = [
        await seedServer(seed, { status: 'draining', incarnation: 'run-here' }),
        await seedServer(seed, { incarnation: 'run-elsewhere' }),
      ]
      const instanceId = await seedInstance(
        seed,
        { customerId, serverId: id },
        { state: 'stopped' },
        {
          ownerIncarnation: null,
        },
      )
      await seedInstance(seed, { customerId, serverId: id }, { deletedAt: new Date() })
      const remove = (target = id) => serverRegistry.remove(target, auditEntry(null, { action: 'remove', target }))
      expect(await remove()).toBe('holds-instances')
      await seed.update('instanceLeases', { instanceId }, { serverId: elsewhere, ownerIncarnation: 'run-here' })
      expect(await remove()).toBe('holds-instances')
      expect(await actionsOn(id)).toEqual([])
      await seed.update('instanceLeases', { instanceId }, { ownerIncarnation: 'run-elsewhere' })
      expect(await remove()).toBe('removed')
      expect(await actionsOn(id)).toEqual(['remove'])
      expect(await servers.get(id)).toBeUndefined()
      for (const gone of [id, newId('server')]) expect(await remove(gone)).toBe('unknown')
      expect(await serverRegistry.update(id, { region: 'eu' }, auditEntry(null))).toBe('unknown')
    })
  })
}
