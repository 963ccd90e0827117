import { describe, expect, it } from 'vitest'
import { newId, type CustomerId, type InstanceId } from '#contracts/ids.ts'
import { seedAdmin } from '#core/testing/seed.ts'
import { auditEntry } from './audit-fixture.ts'
import type { EdgeStores } from './edge-stores.ts'
import { newMessage, seedPlan, seedSender } from './messages-fixture.ts'
import { openForSuite } from './open-for-suite.ts'

/** What `insertForAdmin` accepts: part of `messagesConformance`. */
export function messageForAdminConformance(open: () => Promise<Pick<EdgeStores, 'messages' | 'seed' | 'close'>>): void {
  describe('Messages, accepted for an admin', () => {
    const opened = openForSuite(open)

    const accept = async ({ customerId }: { customerId: CustomerId }, instanceId: InstanceId) => {
      const { messages, seed } = opened()
      const audit = auditEntry(await seedAdmin(seed), { target: instanceId })
      const message = newMessage(instanceId, { requireConnected: true })
      const result = await messages.insertForAdmin(customerId, audit, message)
      return { result, audited: await seed.rows('auditLogs', { id: audit.id }) }
    }

    it('needs no key, counts, and is in the audit log', async () => {
      const { seed } = opened()
      const sender = await seedSender(seed)
      await seed.update('apiKeys', { id: sender.keyId }, { revokedAt: new Date(0) })
      const { result, audited } = await accept(sender, sender.instanceId)
      expect(result).toMatchObject({
        outcome: 'ok',
        acceptance: {
          key: { customerStatus: 'active' },
          instance: { connected: true, route: { incarnation: 'run-1' } },
          message: { message: { instanceId: sender.instanceId, status: 'queued' }, replayed: false },
        },
      })
      expect(audited).toMatchObject([{ target: sender.instanceId }])
      expect(await seed.rows('usageDays', { customerId: sender.customerId })).toMatchObject([{ messages: 1 }])
    })

    it('inserts nothing, and writes nothing down, unless the customer is active and the instance is its own and connected', async () => {
      const { seed } = opened()
      const [sender, other] = [await seedSender(seed), await seedSender(seed)]
      const refused = async (of: typeof sender, instanceId: InstanceId) => {
        const { result, audited } = await accept(of, instanceId)
        expect(audited).toEqual([])
        expect(await seed.rows('messages', { instanceId })).toEqual([])
        return result
      }
      expect(await refused(sender, other.instanceId)).toMatchObject({ acceptance: { instance: undefined } })
      await seed.update('instances', { id: sender.instanceId }, { state: 'disconnected' })
      expect(await refused(sender, sender.instanceId)).toMatchObject({ acceptance: { instance: { connected: false } } })
      await seed.update('customers', { id: other.customerId }, { status: 'suspended' })
      expect(await refused(other, other.instanceId)).toMatchObject({
        acceptance: { key: { customerStatus: 'suspended' } },
      })
      expect(await refused({ ...sender, customerId: newId('customer') }, sender.instanceId)).toMatchObject({
        acceptance: { key: undefined },
      })
    })

    it('is bound by the quota, and then nothing is written down', async () => {
      const { seed } = opened()
      const sender = await seedSender(seed, await seedPlan(seed, 0))
      const { result, audited } = await accept(sender, sender.instanceId)
      expect(result).toEqual({ outcome: 'quota-exceeded' })
      expect(audited).toEqual([])
    })
  })
}
