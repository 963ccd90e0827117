import { sql } from 'drizzle-orm'
import type { ServerId } from '#contracts/ids.ts'
import type { AuditEntry } from '#core/ports/audit-log.ts'
import type { EnrollingWorker, EnrollmentOutcome } from '#core/ports/server-registry.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { auditOfChanged } from './audit-sql.ts'

type TokenRow = { server_id: ServerId; name: string; url: string; used: boolean; over: boolean; enrolled: boolean }

/** The row of the token is locked first: the second of two that come with it reads that it was used. */
export async function enrollWorker(
  db: EdgeDatabase,
  tokenHash: string,
  { publicKey, version, cpuCores, ramGb }: EnrollingWorker,
  audit: Omit<AuditEntry, 'target'>,
): Promise<EnrollmentOutcome> {
  const [known] = (
    await db.execute<{ server_id: ServerId }>(sql`
      SELECT server_id FROM server_enrollments WHERE token_hash = ${tokenHash}`)
  ).rows
  if (known === undefined) return 'unknown'
  const { rows } = await db.execute<TokenRow>(sql`
    WITH token AS MATERIALIZED (
      SELECT server_id, used_at IS NOT NULL AS used, expires_at <= clock_timestamp() AS over
      FROM server_enrollments WHERE token_hash = ${tokenHash} FOR NO KEY UPDATE
    ), changed AS (
      UPDATE servers s
      SET public_key = ${publicKey}, worker_version = ${version}, enrolled_at = clock_timestamp(),
        cpu_cores = coalesce(s.cpu_cores, ${cpuCores}), ram_gb = coalesce(s.ram_gb, ${ramGb}),
        status = CASE s.status WHEN 'provisioning' THEN 'active' ELSE s.status END
      FROM token
      WHERE s.id = token.server_id AND s.deleted_at IS NULL AND NOT token.used AND NOT token.over
      RETURNING s.id
    ), used_up AS (
      UPDATE server_enrollments e SET used_at = clock_timestamp() FROM changed WHERE e.server_id = changed.id
    ), ${auditOfChanged({ ...audit, target: known.server_id })}
    SELECT token.*, s.name, s.url, EXISTS (SELECT FROM changed) AS enrolled
    FROM token JOIN servers s ON s.id = token.server_id AND s.deleted_at IS NULL`)
  const [row] = rows
  if (row === undefined) return 'unknown'
  if (row.enrolled) return { serverId: row.server_id, name: row.name, url: row.url }
  return row.used ? 'used' : 'expired'
}
