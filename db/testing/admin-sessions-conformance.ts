import { describe, expect, it } from 'vitest'
import { newId, type AdminId } from '#contracts/ids.ts'
import { seedAdmin } from '#core/testing/seed.ts'
import { auditEntry } from './audit-fixture.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'adminSessions' | 'auditLog' | 'seed' | 'close'>

export function adminSessionsConformance(open: () => Promise<Opened>): void {
  describe('AdminSessions', () => {
    const opened = openForSuite(open)
    const reuse = () => auditEntry(null, { action: 'auth.refresh_reused' })

    async function openSession(adminId: AdminId, tokenHash = 'first') {
      const id = newId('adminSession')
      const where = { address: '203.0.113.7', userAgent: 'Firefox' }
      await opened().adminSessions.open({ id, adminId, tokenHash, ...where }, auditEntry(adminId))
      return id
    }

    it('stands while it lives, for its own admin, with the role of now', async () => {
      const { adminSessions, seed } = opened()
      const adminId = await seedAdmin(seed, { role: 'viewer' })
      const id = await openSession(adminId)
      expect(await adminSessions.standing(id, adminId)).toEqual({
        adminId,
        email: `${adminId}@example.com`,
        role: 'viewer',
      })
      await seed.update('admins', { id: adminId }, { role: 'admin' })
      expect(await adminSessions.standing(id, adminId)).toMatchObject({ role: 'admin' })
      expect(await adminSessions.standing(id, await seedAdmin(seed))).toBeUndefined()
      expect(await adminSessions.standing(newId('adminSession'), adminId)).toBeUndefined()
      await seed.update('adminSessions', { id }, { expiresAt: new Date(Date.now() - 60_000) })
      expect(await adminSessions.standing(id, adminId)).toBeUndefined()
    })

    it('is listed with where it came from, until it is revoked by its own admin', async () => {
      const { adminSessions, seed } = opened()
      const adminId = await seedAdmin(seed)
      const [older, newer] = [await openSession(adminId), await openSession(adminId)]
      expect((await adminSessions.list(adminId)).map(({ id }) => id)).toEqual([newer, older])
      expect((await adminSessions.list(adminId))[0]).toMatchObject({ address: '203.0.113.7', userAgent: 'Firefox' })
      const other = await seedAdmin(seed)
      expect(await adminSessions.revoke(other, older, auditEntry(other, { target: older }))).toBe(false)
      expect(await adminSessions.revoke(adminId, older, auditEntry(adminId, { target: older }))).toBe(true)
      expect(await adminSessions.revoke(adminId, older, auditEntry(adminId, { target: older }))).toBe(false)
      expect((await adminSessions.list(adminId)).map(({ id }) => id)).toEqual([newer])
      expect(await adminSessions.revokeAll(adminId, auditEntry(adminId))).toBe(1)
      expect(await adminSessions.list(adminId)).toEqual([])
    })

    it('changes its token at each refresh', async () => {
      const { adminSessions, seed } = opened()
      const adminId = await seedAdmin(seed)
      const id = await openSession(adminId)
      for (const [presented, next] of [
        ['first', 'second'],
        ['second', 'third'],
      ] as const) {
        expect(await adminSessions.refresh(id, { presented, next }, reuse())).toMatchObject({
          outcome: 'rotated',
          standing: { adminId },
        })
      }
      expect(await seed.rows('adminSessions', { id })).toMatchObject([
        { tokenHash: 'third', previousTokenHash: 'second' },
      ])
    })

    it('lets two tabs refresh at once: one token replaces the old one, and the session lives', async () => {
      const { adminSessions, seed } = opened()
      const adminId = await seedAdmin(seed)
      const id = await openSession(adminId)
      const outcomes = await Promise.all(
        ['tab one', 'tab two'].map((next) => adminSessions.refresh(id, { presented: 'first', next }, reuse())),
      )
      expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['grace', 'rotated'])
      expect(await adminSessions.standing(id, adminId)).toBeDefined()
    })

    it('ends when an old token comes again later, and the log says so', async () => {
      const { adminSessions, auditLog, seed } = opened()
      const adminId = await seedAdmin(seed)
      const id = await openSession(adminId)
      await adminSessions.refresh(id, { presented: 'first', next: 'second' }, reuse())
      await seed.update('adminSessions', { id }, { rotatedAt: new Date(Date.now() - 60_000) })
      expect(await adminSessions.refresh(id, { presented: 'first', next: 'thief' }, reuse())).toMatchObject({
        outcome: 'reused',
      })
      expect(await adminSessions.refresh(id, { presented: 'second', next: 'third' }, reuse())).toEqual({
        outcome: 'ended',
      })
      expect(await adminSessions.standing(id, adminId)).toBeUndefined()
      const { rows } = await auditLog.list({ target: id }, { page: 1, perPage: 10 })
      expect(rows).toMatchObject([{ action: 'auth.refresh_reused', adminId }])
    })

    it('is not refreshed once it expired, was revoked, or its admin was disabled', async () => {
      const { adminSessions, seed } = opened()
      const adminId = await seedAdmin(seed)
      const [expired, revoked, disabled] = await Promise.all([1, 2, 3].map(() => openSession(adminId)))
      await seed.update('adminSessions', { id: expired! }, { expiresAt: new Date(Date.now() - 60_000) })
      await adminSessions.revoke(adminId, revoked!, auditEntry(adminId))
      const refresh = (id: typeof expired) =>
        adminSessions.refresh(id!, { presented: 'first', next: 'second' }, reuse())
      expect([await refresh(expired), await refresh(revoked)]).toEqual([{ outcome: 'ended' }, { outcome: 'ended' }])
      await seed.update('admins', { id: adminId }, { disabledAt: new Date() })
      expect(await refresh(disabled)).toEqual({ outcome: 'ended' })
      expect(await refresh(newId('adminSession'))).toEqual({ outcome: 'ended' })
    })

    it('is ended by who holds its token, and by nobody else', async () => {
      const { adminSessions, seed } = opened()
      const adminId = await seedAdmin(seed)
      const id = await openSession(adminId)
      const { adminId: _nobody, ...audit } = auditEntry(null)
      expect(await adminSessions.end(id, 'guessed', audit)).toBe(false)
      expect(await adminSessions.standing(id, adminId)).toBeDefined()
      expect(await adminSessions.end(id, 'first', audit)).toBe(true)
      expect(await adminSessions.end(id, 'first', audit)).toBe(false)
      expect(await adminSessions.standing(id, adminId)).toBeUndefined()
    })

    it('lives thirty days at the most, however often it is refreshed', async () => {
      const { adminSessions, seed } = opened()
      const adminId = await seedAdmin(seed)
      const id = await openSession(adminId)
      const createdAt = new Date(Date.now() - 29 * 86_400_000)
      await seed.update('adminSessions', { id }, { createdAt })
      await adminSessions.refresh(id, { presented: 'first', next: 'second' }, reuse())
      const [{ expiresAt } = {}] = await seed.rows('adminSessions', { id })
      expect(expiresAt?.getTime()).toBe(createdAt.getTime() + 30 * 86_400_000)
    })
  })
}
