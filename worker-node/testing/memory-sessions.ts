import { newId } from '#contracts/ids.ts'
import type { SessionKeys } from '#core/ports/session-keys.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import { createMemoryDatabase, type MemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemorySessionKeys } from '#core/testing/memory-session-keys.ts'
import { createMemorySeed, seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { DriverWorld } from './driver-world.ts'

type StoreSide = Pick<
  DriverWorld,
  'newSession' | 'takeOver' | 'corruptCredentials' | 'journal' | 'queueMessage' | 'messageState'
>

/** The half of a driver's world that is the database, in memory. */
export function createMemorySessions(): StoreSide & { keys: SessionKeys; database: MemoryDatabase } {
  const database = createMemoryDatabase()
  const seed = createMemorySeed(database)
  const stored = createMemorySessionKeys(database)
  const { tables } = database
  const keys: SessionKeys = {
    ...stored,
    // Most tests send without a row: such a message counts as queued.
    async commit(fence, change) {
      const became = await stored.commit(fence, change)
      const rowless = (change.sending ?? []).filter((id) => !tables.messages.some((row) => row.id === id))
      return [...became, ...rowless]
    },
  }

  return {
    keys,
    database,
    async newSession() {
      const owner = { customerId: await seedCustomer(seed), serverId: await seedServer(seed) }
      const instanceId = await seedInstance(seed, owner, { phoneNumber: null, state: 'starting' })
      return { instanceId, fence: { instanceId, epoch: 1, incarnation: 'run-1' } }
    },
    takeOver({ instanceId }) {
      const lease = tables.instanceLeases.find((row) => row.instanceId === instanceId)
      if (lease !== undefined) Object.assign(lease, { epoch: lease.epoch + 1, ownerIncarnation: 'run-2' })
    },
    corruptCredentials({ instanceId }) {
      const row = tables.sessionCredentials.find((credentials) => credentials.instanceId === instanceId)
      if (row !== undefined) row.credentials = Buffer.from('no credentials at all')
    },
    journal: ({ instanceId }) => tables.inboundJournal.filter((row) => row.instanceId === instanceId),
    async queueMessage({ instanceId }) {
      const { id } = await seed.insert('messages', {
        id: newId('message'),
        customerId: newId('customer'),
        instanceId,
        direction: 'outbound',
        chat: '+5511999990002',
        sender: 'self',
        waMessageId: newWaMessageId(),
        type: 'text',
        content: { type: 'text', text: { body: 'queued' } },
        status: 'queued',
      })
      return id
    },
    messageState: (id) => tables.messages.find((row) => row.id === id),
  }
}
