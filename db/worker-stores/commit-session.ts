import { sql, type SQL } from 'drizzle-orm'
import type { InstanceId, MessageId } from '#contracts/ids.ts'
import type { JournalEntry, SessionChange } from '#core/ports/session-keys.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import { sealBytes } from '#db/crypto/aes-gcm.ts'
import type { DataKey } from './data-keys.ts'
import { fenceLock } from './fence-lock.ts'
import { mergeKeyWrites, type MergedKeyWrites } from './merge-key-writes.ts'
import { credentialsPlace, keyPlace } from './sealed-places.ts'
import { storableJson, storableText } from './storable.ts'
import type { WorkerDatabase } from './worker-database.ts'

/** What was committed: the messages that became `sending`; or why nothing was. */
export type CommitOutcome = MessageId[] | 'fenced-out' | 'data-key-replaced'

/**
 * One ratchet step in one statement, so one round trip per message each way. Everything depends on `fence` and on `keyed`
 * (the data key that sealed the values is the stored one), so that it writes all or nothing.
 */
export async function commitSession(
  database: WorkerDatabase,
  fence: Fence,
  change: SessionChange,
  dataKey: DataKey,
): Promise<CommitOutcome> {
  const { instanceId } = fence
  const { credentials, keys = [], journal = [], sending = [] } = change
  const writes = mergeKeyWrites(keys)
  const [sealedCredentials, sealedValues] = await Promise.all([
    credentials === undefined ? null : sealBytes(dataKey.key, credentials, credentialsPlace(instanceId)),
    Promise.all(
      writes.puts.map(({ type, id, value }) => sealBytes(dataKey.key, value, keyPlace(instanceId, type, id))),
    ),
  ])
  const needsKey = credentials !== undefined || keys.length > 0
  const parts = [
    fenceLock(fence),
    keyedPart(instanceId, needsKey ? dataKey : undefined, sealedCredentials),
    ...(writes.deletes.length > 0 ? deleteParts(instanceId, writes) : []),
    ...(writes.puts.length > 0 ? [putPart(writes, sealedValues)] : []),
    ...(journal.length > 0 ? [journalPart(fence, journal)] : []),
    ...(sending.length > 0 ? [sendingPart(instanceId, sending)] : []),
  ]
  const { rows } = await database.execute<{ fence_holds: boolean; keyed: boolean; sending: MessageId[] }>(sql`
    WITH ${sql.join(parts, sql`, `)}
    SELECT EXISTS (SELECT FROM fence) AS fence_holds, EXISTS (SELECT FROM keyed) AS keyed,
      ${sending.length > 0 ? sql`ARRAY(SELECT id FROM sending)` : sql`'{}'::text[]`} AS sending`)
  if (rows[0]?.fence_holds !== true) return 'fenced-out'
  if (!rows[0].keyed) return 'data-key-replaced'
  if (needsKey) dataKey.stored = true
  return rows[0].sending
}

/**
 * Without a data key there is nothing sealed to write. A stored one is kept from being erased until the commit ends. Only
 * the first commit makes the row: what the deletion of an instance erased must not come back while its session ends.
 */
function keyedPart(instanceId: InstanceId, dataKey: DataKey | undefined, credentials: Uint8Array | null): SQL {
  if (dataKey === undefined) return sql`keyed AS MATERIALIZED (SELECT instance_id FROM fence)`
  const { keyRingId, wrapped, stored } = dataKey
  if (!stored) {
    return sql`keyed AS (
      INSERT INTO session_credentials AS c (instance_id, key_ring_id, wrapped_data_key, credentials)
      SELECT i.id, ${keyRingId}, ${wrapped}, ${credentials}::bytea
      FROM instances i
      WHERE i.id = ${instanceId} AND i.deleted_at IS NULL AND EXISTS (SELECT FROM fence)
      FOR SHARE
      ON CONFLICT (instance_id) DO UPDATE
      SET credentials = coalesce(excluded.credentials, c.credentials), updated_at = now()
      WHERE c.wrapped_data_key = excluded.wrapped_data_key
      RETURNING c.instance_id
    )`
  }
  const row = sql`c.instance_id = ${instanceId} AND c.wrapped_data_key = ${wrapped} AND EXISTS (SELECT FROM fence)`
  return credentials === null
    ? sql`keyed AS MATERIALIZED (SELECT c.instance_id FROM session_credentials c WHERE ${row} FOR KEY SHARE)`
    : sql`keyed AS (
        UPDATE session_credentials c SET credentials = ${credentials}, updated_at = now()
        WHERE ${row}
        RETURNING c.instance_id
      )`
}

/**
 * Where a commit deletes, it first locks all rows that it will touch in order of (type, id), as commits that only put do
 * anyway: so no two can wait for each other.
 */
function deleteParts(instanceId: InstanceId, { puts, deletes }: MergedKeyWrites): SQL[] {
  return [
    sql`touched AS MATERIALIZED (
      SELECT k.type, k.id
      FROM session_keys k
      JOIN ${unnested([...puts, ...deletes])} USING (type, id)
      WHERE k.instance_id = ${instanceId} AND EXISTS (SELECT FROM keyed)
      ORDER BY k.type COLLATE "C", k.id COLLATE "C"
      FOR UPDATE OF k
    )`,
    sql`deleted AS (
      DELETE FROM session_keys k
      USING touched t JOIN ${unnested(deletes)} USING (type, id)
      WHERE k.instance_id = ${instanceId} AND k.type = t.type AND k.id = t.id
    )`,
  ]
}

function putPart({ puts, deletes }: MergedKeyWrites, sealedValues: readonly Uint8Array[]): SQL {
  const kept = puts.filter(({ insertOnly }) => insertOnly)
  const onConflict =
    kept.length === puts.length
      ? sql`DO NOTHING`
      : sql`DO UPDATE SET value = excluded.value
          WHERE (excluded.type, excluded.id) NOT IN (SELECT type, id FROM ${unnested(kept)})`
  return sql`put AS (
    INSERT INTO session_keys (instance_id, type, id, value)
    SELECT keyed.instance_id, w.type, w.id, w.value
    FROM keyed, unnest(
      ${textArray(puts.map(({ type }) => type))}, ${textArray(puts.map(({ id }) => id))}, ${byteaArray(sealedValues)}
    ) AS w (type, id, value)
    ${deletes.length > 0 ? sql`WHERE (SELECT count(*) FROM touched) >= 0` : sql``}
    ORDER BY w.type COLLATE "C", w.id COLLATE "C"
    ON CONFLICT (instance_id, type, id) ${onConflict}
  )`
}

function journalPart({ epoch }: Fence, journal: readonly JournalEntry[]): SQL {
  return sql`journaled AS (
    INSERT INTO inbound_journal (instance_id, ciphertext_hash, wa_message_id, stanza, plaintext, epoch)
    SELECT keyed.instance_id, j.hash, j.wa_message_id, j.stanza::jsonb, j.plaintext, ${epoch}
    FROM keyed, unnest(
      ${byteaArray(journal.map(({ ciphertextHash }) => ciphertextHash))},
      ${textArray(journal.map(({ waMessageId }) => waMessageId && storableText(waMessageId)))},
      ${textArray(journal.map(({ stanza }) => storableJson(stanza)))},
      ${byteaArray(journal.map(({ plaintext }) => plaintext))}
    ) WITH ORDINALITY AS j (hash, wa_message_id, stanza, plaintext, position)
    ORDER BY j.position
    ON CONFLICT (instance_id, ciphertext_hash) DO NOTHING
  )`
}

function sendingPart(instanceId: InstanceId, sending: readonly MessageId[]): SQL {
  return sql`sending AS (
    UPDATE messages SET status = 'sending', attempts = attempts + 1
    WHERE id = ANY (${textArray(sending)}) AND instance_id = ${instanceId} AND status IN ('queued', 'sending')
      AND (expires_at IS NULL OR expires_at > clock_timestamp()) AND EXISTS (SELECT FROM keyed)
    RETURNING id
  )`
}

function unnested(keys: readonly { type: string; id: string }[]): SQL {
  return sql`unnest(${textArray(keys.map(({ type }) => type))}, ${textArray(keys.map(({ id }) => id))}) AS w (type, id)`
}

function textArray(values: readonly (string | null)[]): SQL {
  return sql`${sql.param(values)}::text[]`
}

function byteaArray(values: readonly Uint8Array[]): SQL {
  return sql`${sql.param(values)}::bytea[]`
}
