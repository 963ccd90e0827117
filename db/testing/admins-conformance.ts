import { describe, expect, it } from 'vitest'
import { newId, type AdminId } from '#contracts/ids.ts'
import type { NewAdmin } from '#core/ports/admins.ts'
import { seedAdmin } from '#core/testing/seed.ts'
import { auditEntry } from './audit-fixture.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'admins' | 'adminSessions' | 'auditLog' | 'seed' | 'close'>

const lock = { lockAfter: 3, lockMs: 60_000 }

function newAdmin(values: Partial<NewAdmin> = {}): NewAdmin {
  const id = newId('admin')
  return { id, email: `${id}@example.com`, name: 'Ana', role: 'admin', passwordHash: 'hash', ...values }
}

export function adminsConformance(open: () => Promise<Opened>): void {
  describe('Admins', () => {
    const opened = openForSuite(open)
    const audited = async (target: AdminId) =>
      (await opened().auditLog.list({ target }, { page: 1, perPage: 100 })).rows.map(({ action }) => action)

    it('creates an admin with its audit entry; a taken e-mail address creates neither', async () => {
      const { admins } = opened()
      const admin = newAdmin()
      expect(await admins.create(admin, auditEntry(null, { action: 'admin.create', target: admin.id }))).toBe(true)
      const { passwordHash, ...shown } = admin
      const stored = { ...shown, totpEnabled: false, recoveryCodesLeft: 0, disabledAt: null }
      expect(await admins.findByEmail(admin.email)).toMatchObject({ ...stored, passwordHash, locked: false })
      expect((await admins.list({ page: 1, perPage: 1 })).rows).toMatchObject([stored])

      const twin = newAdmin({ email: admin.email })
      expect(await admins.create(twin, auditEntry(null, { target: twin.id }))).toBe(false)
      expect(await admins.get(twin.id)).toBeUndefined()
      expect([await audited(admin.id), await audited(twin.id)]).toEqual([['admin.create'], []])
    })

    it('finds nobody under an unknown address', async () => {
      expect(await opened().admins.findByEmail('nobody@example.com')).toBeUndefined()
    })

    it('locks after so many wrong log-ins, and a log-in that succeeds forgives those before', async () => {
      const { admins, adminSessions, seed } = opened()
      const id = await seedAdmin(seed)
      const fail = () => admins.recordFailedLogIn(id, lock, auditEntry(null, { target: id }))
      await fail()
      await fail()
      expect(await admins.get(id)).toMatchObject({ locked: false })
      const session = { id: newId('adminSession'), adminId: id, tokenHash: 'hash', address: null, userAgent: null }
      await adminSessions.open(session, auditEntry(id))
      await fail()
      await fail()
      expect(await admins.get(id)).toMatchObject({ locked: false })
      await fail()
      expect(await admins.get(id)).toMatchObject({ locked: true })
      expect(await audited(id)).toHaveLength(5)
      await seed.update('admins', { id }, { lockedUntil: new Date(Date.now() - 60_000) })
      expect(await admins.get(id)).toMatchObject({ locked: false })
    })

    it('asks for codes once a secret was confirmed, and keeps the secret for its admin alone', async () => {
      const { admins, seed } = opened()
      const [id, other] = [await seedAdmin(seed), await seedAdmin(seed)]
      expect(await admins.proposeTotp(id, 'FIRST')).toBe(true)
      expect(await admins.proposeTotp(id, 'SECRET')).toBe(true)
      expect(await admins.proposedTotp(id)).toBe('SECRET')
      expect(await admins.get(id)).toMatchObject({ totpEnabled: false, totpSecret: undefined })
      expect(await admins.confirmTotp(id, ['one', 'two'], auditEntry(id, { action: 'on', target: id }))).toBe(true)
      expect(await admins.get(id)).toMatchObject({ totpEnabled: true, totpSecret: 'SECRET', recoveryCodesLeft: 2 })
      expect(await admins.proposeTotp(id, 'OTHER')).toBe(false)
      expect(await admins.proposedTotp(id)).toBeUndefined()
      expect(await admins.confirmTotp(id, [], auditEntry(id))).toBe(false)
      expect(await admins.confirmTotp(other, [], auditEntry(other))).toBe(false)
      expect(await admins.removeTotp(id, auditEntry(id, { action: 'off', target: id }))).toBe(true)
      expect(await admins.removeTotp(id, auditEntry(id))).toBe(false)
      expect(await admins.get(id)).toMatchObject({ totpEnabled: false, recoveryCodesLeft: 0 })
      expect(await audited(id)).toEqual(['off', 'on'])
    })

    it('lets each code and each recovery code work once, also when asked twice at once', async () => {
      const { admins, seed } = opened()
      const id = await seedAdmin(seed)
      await admins.proposeTotp(id, 'SECRET')
      await admins.confirmTotp(id, ['one', 'two'], auditEntry(id))
      const both = await Promise.all([admins.useTotpStep(id, 100), admins.useTotpStep(id, 100)])
      expect(both.filter(Boolean)).toHaveLength(1)
      expect(await admins.useTotpStep(id, 99)).toBe(false)
      expect(await admins.useTotpStep(id, 101)).toBe(true)
      const codes = await Promise.all([admins.useRecoveryCode(id, 'one'), admins.useRecoveryCode(id, 'one')])
      expect(codes.filter(Boolean)).toHaveLength(1)
      expect(await admins.useRecoveryCode(id, 'three')).toBe(false)
      expect(await admins.get(id)).toMatchObject({ recoveryCodesLeft: 1 })
    })

    it('a new password ends all sessions but the kept one, and can forget the authenticator app', async () => {
      const { admins, adminSessions, seed } = opened()
      const id = await seedAdmin(seed)
      const [kept, ended] = [newId('adminSession'), newId('adminSession')]
      for (const session of [kept, ended]) {
        const row = { id: session, adminId: id, tokenHash: session, address: null, userAgent: null }
        await adminSessions.open(row, auditEntry(id))
      }
      await admins.proposeTotp(id, 'SECRET')
      await admins.confirmTotp(id, ['one'], auditEntry(id))
      await admins.setPassword(id, { hash: 'new', forgetTotp: false, keepSession: kept }, auditEntry(id))
      expect(await adminSessions.standing(kept, id)).toBeDefined()
      expect(await adminSessions.standing(ended, id)).toBeUndefined()
      expect(await admins.get(id)).toMatchObject({ passwordHash: 'new', totpEnabled: true })
      expect(await admins.setPassword(id, { hash: 'newer', forgetTotp: true }, auditEntry(id))).toBe(true)
      expect(await adminSessions.standing(kept, id)).toBeUndefined()
      expect(await admins.get(id)).toMatchObject({ totpEnabled: false, recoveryCodesLeft: 0 })
      const nobody = newId('admin')
      expect(await admins.setPassword(nobody, { hash: 'x', forgetTotp: true }, auditEntry(null))).toBe(false)
    })

    it('changes name and role; another role, and being disabled, end the sessions', async () => {
      const { admins, adminSessions, seed } = opened()
      await seedAdmin(seed)
      const id = await seedAdmin(seed, { role: 'admin' })
      const openSession = async () => {
        const session = { id: newId('adminSession'), adminId: id, tokenHash: 'h', address: null, userAgent: null }
        await adminSessions.open(session, auditEntry(id))
        return session.id
      }
      const first = await openSession()
      expect(await admins.update(id, { name: 'Bia' }, auditEntry(id))).toMatchObject({ name: 'Bia', role: 'admin' })
      expect(await adminSessions.standing(first, id)).toMatchObject({ role: 'admin' })
      expect(await admins.update(id, { role: 'viewer' }, auditEntry(id))).toMatchObject({ role: 'viewer' })
      expect(await adminSessions.standing(first, id)).toBeUndefined()
      const second = await openSession()
      const disabled = await admins.update(id, { disabled: true }, auditEntry(id))
      expect(disabled).toMatchObject({ disabledAt: expect.any(Date) as Date })
      expect(await adminSessions.standing(second, id)).toBeUndefined()
      expect(await admins.update(id, { disabled: false }, auditEntry(id))).toMatchObject({ disabledAt: null })
      expect(await adminSessions.standing(second, id)).toBeUndefined()
      expect(await admins.update(newId('admin'), { name: 'x' }, auditEntry(null))).toBe('unknown')
    })

    it('always leaves a super_admin, also when the last two demote each other at once', async () => {
      const { admins, seed } = opened()
      for (const row of await seed.rows('admins')) await seed.update('admins', { id: row.id }, { role: 'viewer' })
      const [one, two] = [await seedAdmin(seed), await seedAdmin(seed)]
      await seedAdmin(seed, { disabledAt: new Date() })
      const outcomes = await Promise.all([
        admins.update(one, { role: 'admin' }, auditEntry(two, { target: one })),
        admins.update(two, { disabled: true }, auditEntry(one, { target: two })),
      ])
      expect(outcomes.filter((outcome) => outcome === 'last-super-admin')).toHaveLength(1)
      expect([...(await audited(one)), ...(await audited(two))]).toHaveLength(1)
    })
  })
}
