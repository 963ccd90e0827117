import type { InstanceId } from '#contracts/ids.ts'
import { ChangeRefused, type KeyWrite, type SessionKeys } from '#core/ports/session-keys.ts'
import { FencedOut, type Fence } from '#core/ports/session-leases.ts'
import { sameBytes } from '#core/rules/same-bytes.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { requireFence } from './memory-fence.ts'
import type { MemoryRows } from './memory-rows.ts'

/** Nothing is encrypted here: credentials and keys stand in the rows as they were given. */
export function createMemorySessionKeys(database: MemoryDatabase): SessionKeys {
  const { tables } = database

  const credentialsOf = (instanceId: InstanceId) =>
    tables.sessionCredentials.find((row) => row.instanceId === instanceId)

  function firstRow(fence: Fence): MemoryRows['sessionCredentials'] {
    const { instanceId } = fence
    const instance = tables.instances.find((row) => row.id === instanceId)
    // What its deletion erased must not come back while its session still ends.
    if (instance === undefined || instance.deletedAt !== null) throw new FencedOut(fence)
    return database.insert('sessionCredentials', { instanceId, keyRingId: 'none', wrappedDataKey: new Uint8Array() })
  }

  function writeKey(instanceId: InstanceId, { type, id, value, insertOnly }: KeyWrite): void {
    const stored = tables.sessionKeys.find((row) => row.instanceId === instanceId && row.type === type && row.id === id)
    if (value === null) database.remove('sessionKeys', (row) => row === stored)
    else if (stored === undefined) database.insert('sessionKeys', { instanceId, type, id, value: value.slice() })
    else if (insertOnly !== true) stored.value = value.slice()
  }

  return {
    async loadCredentials(instanceId) {
      return credentialsOf(instanceId)?.credentials?.slice()
    },

    async get(instanceId, type, ids) {
      const found = tables.sessionKeys.filter(
        (row) => row.instanceId === instanceId && row.type === type && ids.includes(row.id),
      )
      return new Map(found.map((row) => [row.id, row.value.slice()]))
    },

    async commit(fence, { credentials, keys = [], journal = [], sending = [] }) {
      requireFence(database, fence)
      const { instanceId, epoch } = fence
      // The one character that a text of PostgreSQL cannot hold.
      if (keys.some(({ type, id }) => `${type}${id}`.includes('\0'))) throw new ChangeRefused(instanceId)
      if (credentials !== undefined || keys.length > 0) {
        const row = credentialsOf(instanceId) ?? firstRow(fence)
        row.credentials = credentials?.slice() ?? row.credentials
        row.updatedAt = database.now()
      }
      for (const key of keys) writeKey(instanceId, key)
      for (const entry of journal) {
        if (findJournaled(database, instanceId, entry.ciphertextHash) === undefined) {
          database.insert('inboundJournal', { ...entry, instanceId, epoch })
        }
      }
      const leaving = tables.messages.filter(
        ({ instanceId: owner, id, status, expiresAt }) =>
          owner === instanceId &&
          sending.includes(id) &&
          (status === 'queued' || status === 'sending') &&
          (expiresAt === null || expiresAt > database.now()),
      )
      for (const message of leaving) Object.assign(message, { status: 'sending', attempts: message.attempts + 1 })
      return leaving.map(({ id }) => id)
    },

    async findJournaled(instanceId, ciphertextHash) {
      return findJournaled(database, instanceId, ciphertextHash)?.plaintext.slice()
    },

    async erase(fence) {
      requireFence(database, fence)
      database.remove('sessionCredentials', (row) => row.instanceId === fence.instanceId)
      database.remove('sessionKeys', (row) => row.instanceId === fence.instanceId)
    },
  }
}

function findJournaled({ tables }: MemoryDatabase, instanceId: InstanceId, ciphertextHash: Uint8Array) {
  return tables.inboundJournal.find(
    (row) => row.instanceId === instanceId && sameBytes(row.ciphertextHash, ciphertextHash),
  )
}
