import { and, eq, sql } from 'drizzle-orm'
import type { InstanceId } from '#contracts/ids.ts'
import { ChangeRefused, CredentialsCorrupt, type SessionChange, type SessionKeys } from '#core/ports/session-keys.ts'
import { FencedOut, type Fence } from '#core/ports/session-leases.ts'
import { CannotOpen, openBytes } from '#db/crypto/aes-gcm.ts'
import type { KeyRing } from '#db/crypto/key-ring.ts'
import { againAfterDeadlock } from '#db/errors/again-after-deadlock.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { refusesValue } from '#db/errors/refuses-value.ts'
import { inboundJournal, sessionCredentials } from '#db/schema/sessions.ts'
import { commitSession, type CommitOutcome } from './commit-session.ts'
import { createDataKeys, type DataKey } from './data-keys.ts'
import { fenceLock } from './fence-lock.ts'
import { credentialsPlace, keyPlace } from './sealed-places.ts'
import type { WorkerDatabase } from './worker-database.ts'

type StoredKeyRow = { keyRingId: string; wrapped: Uint8Array; id: string; value: Uint8Array }

/** Encrypted with a data key per instance, which `keyRing` (held by workers only) wraps. */
export function createSessionKeys(database: WorkerDatabase, keyRing: KeyRing): SessionKeys {
  const dataKeys = createDataKeys(keyRing)

  async function storedRow(instanceId: InstanceId) {
    const [row] = await database
      .select({
        keyRingId: sessionCredentials.keyRingId,
        wrapped: sessionCredentials.wrappedDataKey,
        credentials: sessionCredentials.credentials,
      })
      .from(sessionCredentials)
      .where(eq(sessionCredentials.instanceId, instanceId))
    return row
  }

  async function write(fence: Fence, change: SessionChange, dataKey: DataKey): Promise<CommitOutcome> {
    try {
      return await againAfterDeadlock(() => commitSession(database, fence, change, dataKey))
    } catch (error) {
      // The cause of drizzle's error alone: its own message names the parameters.
      const cause = error instanceof Error ? error.cause : undefined
      throw refusesValue(error) ? new ChangeRefused(fence.instanceId, { cause }) : error
    }
  }

  return guardStore<SessionKeys>({
    async loadCredentials(instanceId) {
      const row = await storedRow(instanceId)
      if (row === undefined) return undefined
      const dataKey = await dataKeys.unwrap(instanceId, row)
      if (row.credentials === null) return undefined
      return openStored(instanceId, 'credentials', dataKey, row.credentials, credentialsPlace(instanceId))
    },

    async get(instanceId, type, ids) {
      if (ids.length === 0) return new Map()
      // The data key comes with the values: one round trip, and never a key that was replaced in the meantime.
      const { rows } = await database.execute<StoredKeyRow>(sql`
        SELECT c.key_ring_id AS "keyRingId", c.wrapped_data_key AS wrapped, k.id, k.value
        FROM session_credentials c
        JOIN session_keys k ON k.instance_id = c.instance_id
        WHERE c.instance_id = ${instanceId} AND k.type = ${type} AND k.id = ANY (${sql.param(ids)}::text[])`)
      const [first] = rows
      if (first === undefined) return new Map()
      const dataKey = await dataKeys.unwrap(instanceId, first)
      const opened = rows.map(async ({ id, value }): Promise<[string, Uint8Array]> => {
        return [id, await openStored(instanceId, `${type} key`, dataKey, value, keyPlace(instanceId, type, id))]
      })
      return new Map(await Promise.all(opened))
    },

    async commit(fence, change) {
      // Another process may have replaced the data key since this one learned it: learn it anew.
      for (let attempt = 1; attempt <= 2; attempt++) {
        const dataKey = await dataKeys.current(fence.instanceId, () => storedRow(fence.instanceId))
        const outcome = await write(fence, change, dataKey)
        if (outcome === 'fenced-out') throw new FencedOut(fence)
        if (outcome !== 'data-key-replaced') return outcome
        dataKeys.forget(fence.instanceId)
      }
      // No row can be made: the instance was deleted.
      throw new FencedOut(fence)
    },

    async findJournaled(instanceId, ciphertextHash) {
      const [row] = await database
        .select({ plaintext: inboundJournal.plaintext })
        .from(inboundJournal)
        .where(and(eq(inboundJournal.instanceId, instanceId), eq(inboundJournal.ciphertextHash, ciphertextHash)))
      return row?.plaintext
    },

    async erase(fence) {
      const { instanceId } = fence
      dataKeys.forget(instanceId)
      // Statement by statement: the second delete must see what a commit that the first one waited for has written.
      await database.transaction(async (transaction) => {
        const held = await transaction.execute(sql`WITH ${fenceLock(fence)} SELECT FROM fence`)
        if (held.rows.length === 0) throw new FencedOut(fence)
        await transaction.execute(sql`DELETE FROM session_credentials WHERE instance_id = ${instanceId}`)
        await transaction.execute(sql`DELETE FROM session_keys WHERE instance_id = ${instanceId}`)
      })
    },
  })
}

async function openStored(
  instanceId: InstanceId,
  what: string,
  { key }: DataKey,
  sealed: Uint8Array,
  place: string,
): Promise<Uint8Array> {
  try {
    return await openBytes(key, sealed, place)
  } catch (error) {
    if (error instanceof CannotOpen) throw new CredentialsCorrupt(instanceId, what, { cause: error })
    throw error
  }
}
