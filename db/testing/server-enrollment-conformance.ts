import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { EnrollmentOutcome, NewEnrollment } from '#core/ports/server-registry.ts'
import { enrollmentExpired } from '#core/rules/enrollment.ts'
import { seedServer } from '#core/testing/seed.ts'
import { auditEntry } from './audit-fixture.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'serverRegistry' | 'servers' | 'auditLog' | 'seed' | 'close'>

const worker = { publicKey: 'a'.repeat(43), version: '0.1.0', cpuCores: 4, ramGb: 8 }

export function serverEnrollmentConformance(open: () => Promise<Opened>): void {
  describe('The enrollment of servers', () => {
    const opened = openForSuite(open)
    const newToken = (ttlMs = 60_000): NewEnrollment => ({ tokenHash: newId('server'), ttlMs })
    const waiting = (values: object = {}) =>
      seedServer(opened().seed, { status: 'provisioning', incarnation: null, leaseExpiresAt: null, ...values })
    const replace = (id: Awaited<ReturnType<typeof waiting>>, token: NewEnrollment) =>
      opened().serverRegistry.replaceEnrollment(id, token, auditEntry(null, { action: 'token', target: id }))
    const enroll = (tokenHash: string): Promise<EnrollmentOutcome> =>
      opened().serverRegistry.enroll(tokenHash, worker, auditEntry(null, { action: 'enroll' }))

    it('takes a worker’s key and figures, makes the server active, and is in the audit log', async () => {
      const { servers, seed, auditLog } = opened()
      const id = await waiting({ name: `enrolls-${newId('server').slice(-12)}`, url: 'https://w1.example', ramGb: 16 })
      const token = newToken()
      expect(await replace(id, token)).toBeInstanceOf(Date)
      const [{ name } = { name: '' }] = await seed.rows('servers', { id })
      expect(await enroll(token.tokenHash)).toEqual({ serverId: id, name, url: 'https://w1.example' })
      expect(await seed.rows('servers', { id })).toMatchObject([{ publicKey: worker.publicKey, status: 'active' }])
      expect(await servers.get(id)).toMatchObject({
        status: 'active',
        statusReason: null,
        workerVersion: '0.1.0',
        enrolledAt: expect.any(Date) as Date,
        cpuCores: 4,
        // What an admin said stays.
        ramGb: 16,
      })
      const { rows } = await auditLog.list({ target: id }, { page: 1, perPage: 10 })
      expect(rows.map(({ action }) => action)).toEqual(['enroll', 'token'])
    })

    it('takes a token once, also when two workers come with it at once', async () => {
      const id = await waiting()
      const token = newToken()
      await replace(id, token)
      const outcomes = await Promise.all([enroll(token.tokenHash), enroll(token.tokenHash)])
      expect(outcomes.filter((outcome) => typeof outcome === 'object')).toHaveLength(1)
      expect(outcomes).toContain('used')
      expect(await enroll(token.tokenHash)).toBe('used')
    })

    it('refuses a token that is unknown, replaced, expired, or of a deleted server', async () => {
      const { servers, seed } = opened()
      const id = await waiting()
      const [first, second] = [newToken(), newToken(-1)]
      await replace(id, first)
      await replace(id, second)
      expect(await enroll(newToken().tokenHash)).toBe('unknown')
      expect(await enroll(first.tokenHash)).toBe('unknown')
      expect(await enroll(second.tokenHash)).toBe('expired')
      expect(await servers.get(id)).toMatchObject({ status: 'provisioning', statusReason: enrollmentExpired })
      const third = newToken()
      await replace(id, third)
      expect(await servers.get(id)).toMatchObject({ statusReason: null })
      await seed.update('servers', { id }, { deletedAt: new Date() })
      expect(await enroll(third.tokenHash)).toBe('unknown')
      expect(await replace(id, newToken())).toBeUndefined()
    })

    it('again leaves a server in the status that it has', async () => {
      const { servers } = opened()
      const id = await waiting({ status: 'maintenance' })
      const token = newToken()
      await replace(id, token)
      expect(await enroll(token.tokenHash)).toMatchObject({ serverId: id })
      expect(await servers.get(id)).toMatchObject({ status: 'maintenance', workerVersion: '0.1.0' })
    })
  })
}
