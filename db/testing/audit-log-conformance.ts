import { describe, expect, it } from 'vitest'
import { newId, type AuditEntryId } from '#contracts/ids.ts'
import { seedAdmin, seedCustomer } from '#core/testing/seed.ts'
import { auditEntry } from './audit-fixture.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'auditLog' | 'seed' | 'close'>

export function auditLogConformance(open: () => Promise<Opened>): void {
  describe('AuditLog', () => {
    const opened = openForSuite(open)
    const page = { page: 1, perPage: 10 }

    it('keeps all that an entry says, with the e-mail address of who acted', async () => {
      const { auditLog, seed } = opened()
      const adminId = await seedAdmin(seed, { email: 'ana@example.com' })
      const customerId = await seedCustomer(seed)
      const entry = auditEntry(adminId, {
        action: 'customer.suspend',
        target: customerId,
        customerId,
        details: { a: [1] },
      })
      await auditLog.append(entry)
      const { rows, total } = await auditLog.list({ adminId }, page)
      expect(total).toBe(1)
      expect(rows).toEqual([{ ...entry, adminEmail: 'ana@example.com', occurredAt: expect.any(Date) as Date }])
    })

    it('keeps who is unknown', async () => {
      const { auditLog } = opened()
      const target = `${newId('admin')}@example.com`
      await auditLog.append(auditEntry(null, { action: 'auth.login_failed', target, address: null }))
      expect(await auditLog.list({ target }, page)).toMatchObject({
        total: 1,
        rows: [{ adminId: null, adminEmail: null, address: null, customerId: null }],
      })
    })

    it('shows the newest first, page by page, with the number of all', async () => {
      const { auditLog, seed } = opened()
      const adminId = await seedAdmin(seed)
      const entries = Array.from({ length: 5 }, (_, n) => auditEntry(adminId, { details: { n } }))
      for (const entry of entries) await auditLog.append(entry)
      const numbers = async (number: number) => {
        const { rows, total } = await auditLog.list({ adminId }, { page: number, perPage: 2 })
        return [total, ...rows.map(({ details }) => details['n'])]
      }
      expect(await numbers(1)).toEqual([5, 4, 3])
      expect(await numbers(3)).toEqual([5, 0])
      expect(await numbers(4)).toEqual([5])
    })

    it('is read from any entry on, through the filters, until that entry is purged', async () => {
      const { auditLog, seed } = opened()
      const adminId = await seedAdmin(seed)
      const entries = Array.from({ length: 5 }, (_, n) => auditEntry(adminId, { details: { n } }))
      for (const entry of entries) await auditLog.append(entry)
      const older = async (before: AuditEntryId | undefined) =>
        (await auditLog.listBefore({ adminId }, before, 2)).map(({ details }) => details['n'])
      expect(await older(undefined)).toEqual([4, 3])
      expect(await older(entries[3]!.id)).toEqual([2, 1])
      expect(await older(entries[1]!.id)).toEqual([0])
      expect(await older(entries[0]!.id)).toEqual([])
      expect(await older(newId('auditEntry'))).toEqual([])
      const of = await auditLog.listBefore({ adminId, action: 'other.act' }, undefined, 2)
      expect(of).toEqual([])
    })

    it('passes over no entry of the same millisecond', async () => {
      const { auditLog, seed } = opened()
      const adminId = await seedAdmin(seed)
      const occurredAt = new Date('2026-01-31T12:00:00Z')
      const ids = Array.from({ length: 3 }, () => newId('auditEntry'))
      for (const id of ids)
        await seed.insert('auditLogs', { ...auditEntry(adminId, { id }), customerId: null, occurredAt })
      const read: AuditEntryId[] = []
      for (let before: AuditEntryId | undefined; read.length < 3; before = read.at(-1)) {
        const [next] = await auditLog.listBefore({ adminId }, before, 1)
        read.push(next!.id)
      }
      expect(read).toEqual(ids.toReversed())
    })

    it('filters by action, target and time', async () => {
      const { auditLog, seed } = opened()
      const adminId = await seedAdmin(seed)
      await auditLog.append(auditEntry(adminId, { action: 'server.drain', target: 'srv_a' }))
      await auditLog.append(auditEntry(adminId, { action: 'server.activate', target: 'srv_a' }))
      await auditLog.append(auditEntry(adminId, { action: 'server.drain', target: 'srv_b' }))
      const count = async (filter: Parameters<typeof auditLog.list>[0]) =>
        (await auditLog.list({ adminId, ...filter }, page)).total
      expect(await count({ action: 'server.drain' })).toBe(2)
      expect(await count({ action: 'server.drain', target: 'srv_a' })).toBe(1)
      const future = new Date(Date.now() + 3_600_000)
      expect(await count({ from: future })).toBe(0)
      expect(await count({ to: future })).toBe(3)
    })
  })
}
