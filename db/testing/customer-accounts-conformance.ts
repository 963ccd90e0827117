import { describe, expect, it } from 'vitest'
import { newId, type CustomerId } from '#contracts/ids.ts'
import type { CustomerFilter } from '#core/ports/customer-accounts.ts'
import { seedAdmin, seedApiKey, seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { auditEntry } from './audit-fixture.ts'
import { newKey } from './customers-conformance.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'customerAccounts' | 'apiKeys' | 'auditLog' | 'seed' | 'requests' | 'close'>

const newest: CustomerFilter = { sort: { by: 'createdAt', descending: true } }
const firstPage = { page: 1, perPage: 100 }
const dayUtc = (offsetDays: number) => new Date(Date.now() + offsetDays * 86_400_000).toISOString().slice(0, 10)

export function customerAccountsConformance(open: () => Promise<Opened>): void {
  describe('CustomerAccounts', () => {
    const opened = openForSuite(open)
    const audited = async (target: CustomerId) =>
      (await opened().auditLog.list({ target }, firstPage)).rows.map(({ action, adminId }) => [action, adminId])
    const entry = async (action: string, target: CustomerId) => {
      const adminId = await seedAdmin(opened().seed)
      return auditEntry(adminId, { action, target, customerId: target })
    }

    it('creates a customer with a first key and its audit entry, all or nothing', async () => {
      const { customerAccounts, apiKeys, seed } = opened()
      const id = newId('customer')
      const key = newKey({ expiresAt: new Date(Date.now() + 60_000) })
      const audit = await entry('customer.create', id)
      const placement = { region: 'sa-east', assignedServerId: await seedServer(seed) }
      await customerAccounts.create({ id, name: 'Shop', plan: 'pro', ...placement }, key, audit)
      expect(await apiKeys.standing(key.keyId, null)).toMatchObject({ keyLive: true, plan: 'pro' })
      expect(await audited(id)).toEqual([['customer.create', audit.adminId]])
      expect(await customerAccounts.details(id)).toMatchObject({
        customer: {
          id,
          name: 'Shop',
          plan: 'pro',
          limitOverrides: {},
          status: 'active',
          ...placement,
          messagesToday: 0,
          instances: 0,
        },
        instances: [],
        apiKeys: [{ id: key.keyId, publicId: key.publicId, expiresAt: key.expiresAt }],
      })

      const twin = newId('customer')
      const taken = newKey({ publicId: key.publicId })
      const create = customerAccounts.create(
        { id: twin, name: 'T', plan: 'pro', ...placement },
        taken,
        await entry('c', twin),
      )
      await expect(create).rejects.toThrow()
      expect(await seed.rows('customers', { id: twin })).toEqual([])
      expect(await audited(twin)).toEqual([])
    })

    it('shows usage of today, instances and keys that are not gone, of this customer alone, in one request', async () => {
      const { customerAccounts, requests, seed } = opened()
      const [id, other] = [await seedCustomer(seed), await seedCustomer(seed)]
      const serverId = await seedServer(seed)
      const instanceId = await seedInstance(seed, { customerId: id, serverId })
      await seedInstance(seed, { customerId: id, serverId }, { deletedAt: new Date() })
      await seedInstance(seed, { customerId: other, serverId })
      const keyId = await seedApiKey(seed, id)
      await seedApiKey(seed, id, { revokedAt: new Date() })
      await seedApiKey(seed, other)
      await seed.insert('usageDays', { customerId: id, day: dayUtc(0), messages: 7, quota: 10 })
      await seed.insert('usageDays', { customerId: id, day: dayUtc(-1), messages: 5 })
      const before = requests()
      const details = await customerAccounts.details(id)
      if (before !== undefined) expect(requests()).toBe(before + 1)
      expect(details).toMatchObject({
        customer: { messagesToday: 7, instances: 1 },
        instances: [{ id: instanceId }],
        apiKeys: [{ id: keyId }],
      })
      expect([details?.instances.length, details?.apiKeys.length]).toEqual([1, 1])
      const page = await customerAccounts.instances(id, firstPage)
      expect(page).toMatchObject({ total: 1, rows: [{ id: instanceId, customerId: id }] })
      expect(await customerAccounts.instances(id, { page: 2, perPage: 1 })).toEqual({ total: 1, rows: [] })
    })

    it('shows nothing of a customer that is unknown or deleted, and changes nothing of it', async () => {
      const { customerAccounts, seed } = opened()
      for (const id of [newId('customer'), await seedCustomer(seed, { deletedAt: new Date() })]) {
        expect(await customerAccounts.details(id)).toBeUndefined()
        expect(await customerAccounts.instances(id, firstPage)).toBeUndefined()
        expect(await customerAccounts.update(id, { name: 'x' }, auditEntry(null, { target: id }))).toBeUndefined()
        expect(await customerAccounts.setStatus(id, 'suspended', auditEntry(null, { target: id }))).toBeUndefined()
        expect(await customerAccounts.remove(id, auditEntry(null, { target: id }))).toBe(false)
        expect(await audited(id)).toEqual([])
      }
    })

    it('lists by status, plan and the beginning of the name, sorted, with the total of all pages', async () => {
      const { customerAccounts, seed } = opened()
      const word = newId('customer').slice(-12)
      const add = (name: string, values: object = {}) =>
        seedCustomer(seed, { name: `${word} ${name}`, plan: 'basic', ...values })
      const [b, a, c] = [
        await add('Beta'),
        await add('alpha', { plan: 'pro' }),
        await add('C', { status: 'suspended' }),
      ]
      await add('Gone', { deletedAt: new Date() })
      await seedCustomer(seed, { name: `not ${word}` })
      const ids = async (filter: Partial<CustomerFilter>, page = firstPage) => {
        const { rows, total } = await customerAccounts.list({ ...newest, q: word, ...filter }, page)
        return { ids: rows.map(({ id }) => id), total }
      }
      expect(await ids({})).toEqual({ ids: [c, a, b], total: 3 })
      expect(await ids({ q: word.toUpperCase(), sort: { by: 'name', descending: false } })).toMatchObject({
        ids: [a, b, c],
      })
      expect(await ids({ sort: { by: 'name', descending: true } })).toMatchObject({ ids: [c, b, a] })
      expect(await ids({ sort: { by: 'createdAt', descending: false } })).toMatchObject({ ids: [b, a, c] })
      expect(await ids({ status: 'suspended' })).toEqual({ ids: [c], total: 1 })
      expect(await ids({ plan: 'basic', status: 'active' })).toEqual({ ids: [b], total: 1 })
      expect(await ids({ q: `${word} a` })).toEqual({ ids: [a], total: 1 })
      expect(await ids({ q: b })).toEqual({ ids: [b], total: 1 })
      expect(await ids({ q: `${word}%` })).toEqual({ ids: [], total: 0 })
      expect(await ids({}, { page: 2, perPage: 2 })).toEqual({ ids: [b], total: 3 })
      expect(await ids({}, { page: 3, perPage: 2 })).toEqual({ ids: [], total: 3 })
    })

    it('changes name, plan, overrides or placement and leaves the others', async () => {
      const { customerAccounts, seed } = opened()
      const id = await seedCustomer(seed, { name: 'Old', plan: 'basic' })
      const update = async (changes: object) => customerAccounts.update(id, changes, await entry('update', id))
      expect(await update({ name: 'New' })).toMatchObject({ name: 'New', plan: 'basic' })
      expect(await update({ limitOverrides: { instances: 4, requests_per_day: null } })).toMatchObject({
        plan: 'basic',
        limitOverrides: { instances: 4, requests_per_day: null },
      })
      const agreed = { instances: 5 }
      expect(await update({ limitOverrides: agreed })).toMatchObject({ limitOverrides: agreed })
      expect(await update({ plan: 'business' })).toMatchObject({
        name: 'New',
        plan: 'business',
        limitOverrides: agreed,
      })
      expect(await update({ limitOverrides: {} })).toMatchObject({ limitOverrides: {} })
      const assignedServerId = await seedServer(seed)
      expect(await update({ region: 'eu', assignedServerId })).toMatchObject({ region: 'eu', assignedServerId })
      expect(await update({ assignedServerId: null })).toMatchObject({ region: 'eu', assignedServerId: null })
      expect(await update({ region: null })).toMatchObject({ name: 'New', region: null, assignedServerId: null })
      expect(await audited(id)).toHaveLength(8)
    })

    it('suspends and activates one customer alone; what is so already writes no entry', async () => {
      const { customerAccounts, apiKeys, seed } = opened()
      const id = await seedCustomer(seed)
      const [keyId, keyOfAnother] = [await seedApiKey(seed, id), await seedApiKey(seed, await seedCustomer(seed))]
      const set = async (status: 'active' | 'suspended') =>
        customerAccounts.setStatus(id, status, await entry(status, id))
      expect(await set('suspended')).toMatchObject({ status: 'suspended' })
      expect(await set('suspended')).toMatchObject({ status: 'suspended' })
      expect(await apiKeys.standing(keyId, null)).toMatchObject({ customerStatus: 'suspended' })
      expect(await apiKeys.standing(keyOfAnother, null)).toMatchObject({ customerStatus: 'active' })
      expect(await set('active')).toMatchObject({ status: 'active' })
      expect(await apiKeys.standing(keyId, null)).toMatchObject({ customerStatus: 'active' })
      expect((await audited(id)).map(([action]) => action)).toEqual(['active', 'suspended'])
    })

    it('deletes a customer once: keys die, instances go with their credentials and queued messages', async () => {
      const { customerAccounts, apiKeys, seed } = opened()
      const [id, other] = [await seedCustomer(seed), await seedCustomer(seed)]
      const serverId = await seedServer(seed)
      const instances: Record<string, Awaited<ReturnType<typeof seedInstance>>> = {}
      for (const customerId of [id, other]) {
        const instanceId = await seedInstance(seed, { customerId, serverId })
        instances[customerId] = instanceId
        await seed.insert('sessionCredentials', { instanceId, keyRingId: 'k', wrappedDataKey: new Uint8Array(4) })
        await seed.insert('sessionKeys', { instanceId, type: 'session', id: '1', value: new Uint8Array(4) })
      }
      const [keyId, keyOfAnother] = [await seedApiKey(seed, id), await seedApiKey(seed, other)]
      const removed = [
        await customerAccounts.remove(id, await entry('delete', id)),
        await customerAccounts.remove(id, await entry('delete', id)),
      ]
      expect(removed).toEqual([true, false])
      expect(await audited(id)).toHaveLength(1)
      expect(await apiKeys.standing(keyId, null)).toMatchObject({ keyLive: false, customerStatus: 'deleted' })
      expect(await apiKeys.standing(keyOfAnother, null)).toMatchObject({ keyLive: true, customerStatus: 'active' })
      const [gone, kept] = [instances[id]!, instances[other]!]
      expect(await seed.rows('instances', { id: gone })).toMatchObject([
        { desired: 'stopped', deletedAt: expect.any(Date) as Date },
      ])
      expect(await seed.rows('instanceLeases', { instanceId: gone })).toMatchObject([{ epoch: 2 }])
      expect(await seed.rows('sessionCredentials', { instanceId: gone })).toEqual([])
      expect(await seed.rows('sessionKeys', { instanceId: gone })).toEqual([])
      expect(await seed.rows('instances', { id: kept })).toMatchObject([{ deletedAt: null }])
      expect(await seed.rows('sessionCredentials', { instanceId: kept })).toHaveLength(1)
      expect(await seed.rows('sessionKeys', { instanceId: kept })).toHaveLength(1)
    })

    it('names each live worker once that runs or shall run an instance of the customer', async () => {
      const { customerAccounts, seed } = opened()
      const customerId = await seedCustomer(seed)
      const add = (incarnation: string, values: object = {}) => seedServer(seed, { incarnation, ...values })
      const [placed, owner, dead] = [
        await add('run-placed'),
        await add('run-owner'),
        await add('run-dead', { leaseExpiresAt: new Date(0) }),
      ]
      await add('run-of-nobody')
      for (const serverId of [placed, placed, dead]) {
        await seedInstance(seed, { customerId, serverId }, {}, { ownerIncarnation: 'run-owner' })
      }
      const workers = await customerAccounts.workersOf(customerId)
      expect(workers.map(({ id }) => id).toSorted()).toEqual([placed, owner].toSorted())
      expect(workers).toContainEqual({ id: owner, url: `https://${owner}.example`, incarnation: 'run-owner' })
    })
  })
}
