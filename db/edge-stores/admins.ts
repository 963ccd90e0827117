import { desc, eq, sql, type SQL } from 'drizzle-orm'
import type { AdminId } from '#contracts/ids.ts'
import type { AdminCredentials, Admins } from '#core/ports/admins.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import type { KeyRing } from '#db/crypto/key-ring.ts'
import { openText, sealText } from '#db/crypto/sealed-text.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { admins } from '#db/schema/admins.ts'
import { auditOfChanged } from './audit-sql.ts'
import { insertAdmin } from './insert-admin.ts'
import { setAdminPassword } from './set-admin-password.ts'
import { tableRows } from './table-rows.ts'
import { updateAdmin } from './update-admin.ts'

/** What lists show of an admin. */
export const adminColumns = {
  id: admins.id,
  email: admins.email,
  name: admins.name,
  role: admins.role,
  totpEnabled: sql<boolean>`${admins.totpConfirmedAt} IS NOT NULL`,
  recoveryCodesLeft: sql<number>`cardinality(${admins.recoveryCodeHashes})`,
  createdAt: admins.createdAt,
  disabledAt: admins.disabledAt,
}

/** `keyRing` seals the secrets of authenticator apps: the edge alone has it. */
export function createAdmins(db: EdgeDatabase, keyRing: KeyRing): Admins {
  async function findOne(condition: SQL): Promise<AdminCredentials | undefined> {
    const [row] = await db
      .select({
        ...adminColumns,
        passwordHash: admins.passwordHash,
        locked: sql<boolean>`coalesce(${admins.lockedUntil} > clock_timestamp(), false)`,
        totpKeyRingId: admins.totpKeyRingId,
        sealed: admins.totpSecret,
      })
      .from(admins)
      .where(condition)
    if (row === undefined) return undefined
    const { totpKeyRingId, sealed, ...admin } = row
    const totpSecret = admin.totpEnabled ? await openTotp(admin.id, totpKeyRingId, sealed) : undefined
    return { ...admin, totpSecret }
  }

  async function openTotp(id: AdminId, keyRingId: string | null, sealed: Uint8Array | null) {
    return keyRingId === null || sealed === null ? undefined : openText(keyRing, id, { keyRingId, sealed })
  }

  const changes = async (statement: SQL): Promise<boolean> => (await db.execute(statement)).rows.length > 0

  return guardStore<Admins>({
    create: (admin, audit) => changes(insertAdmin(admin, audit)),

    findByEmail: (email) => findOne(eq(admins.email, email)),
    get: (id) => findOne(eq(admins.id, id)),

    async list(page) {
      const found = await db
        .select({ ...adminColumns, total: sql<number>`count(*) OVER ()::integer` })
        .from(admins)
        .orderBy(desc(admins.createdAt), desc(admins.id))
        .limit(page.perPage)
        .offset((page.page - 1) * page.perPage)
      return tableRows(found, page, () => db.$count(admins))
    },

    update: (id, values, audit) => updateAdmin(db, id, values, audit),
    setPassword: (id, password, audit) => setAdminPassword(db, id, password, audit),

    async recordFailedLogIn(id, { lockAfter, lockMs }, audit) {
      await changes(sql`
        WITH changed AS (
          UPDATE admins
          SET failed_log_ins = CASE WHEN failed_log_ins + 1 >= ${lockAfter} THEN 0 ELSE failed_log_ins + 1 END,
            locked_until = CASE WHEN failed_log_ins + 1 >= ${lockAfter}
              THEN clock_timestamp() + ${lockMs} * interval '1 millisecond' ELSE locked_until END
          WHERE id = ${id}
          RETURNING id
        ), ${auditOfChanged(audit)}
        SELECT id FROM changed`)
    },

    async proposeTotp(id, secret) {
      const { keyRingId, sealed } = await sealText(keyRing, id, secret)
      return changes(sql`
        UPDATE admins
        SET totp_key_ring_id = ${keyRingId}, totp_secret = ${sql.param(sealed, admins.totpSecret)}
        WHERE id = ${id} AND totp_confirmed_at IS NULL
        RETURNING id`)
    },

    async proposedTotp(id) {
      const [row] = await db
        .select({ keyRingId: admins.totpKeyRingId, sealed: admins.totpSecret, confirmedAt: admins.totpConfirmedAt })
        .from(admins)
        .where(eq(admins.id, id))
      return row?.confirmedAt === null ? openTotp(id, row.keyRingId, row.sealed) : undefined
    },

    confirmTotp: (id, hashes, audit) =>
      changes(sql`
        WITH changed AS (
          UPDATE admins
          SET totp_confirmed_at = clock_timestamp(), totp_used_step = NULL,
            recovery_code_hashes = ${sql.param(hashes, admins.recoveryCodeHashes)}
          WHERE id = ${id} AND totp_secret IS NOT NULL AND totp_confirmed_at IS NULL
          RETURNING id
        ), ${auditOfChanged(audit)}
        SELECT id FROM changed`),

    removeTotp: (id, audit) =>
      changes(sql`
        WITH changed AS (
          UPDATE admins
          SET totp_key_ring_id = NULL, totp_secret = NULL, totp_confirmed_at = NULL, totp_used_step = NULL,
            recovery_code_hashes = '{}'
          WHERE id = ${id} AND totp_confirmed_at IS NOT NULL
          RETURNING id
        ), ${auditOfChanged(audit)}
        SELECT id FROM changed`),

    useTotpStep: (id, step) =>
      changes(sql`
        UPDATE admins SET totp_used_step = ${step}
        WHERE id = ${id} AND (totp_used_step IS NULL OR totp_used_step < ${step})
        RETURNING id`),

    useRecoveryCode: (id, hash) =>
      changes(sql`
        UPDATE admins SET recovery_code_hashes = array_remove(recovery_code_hashes, ${hash})
        WHERE id = ${id} AND recovery_code_hashes @> ARRAY[${hash}::text]
        RETURNING id`),
  })
}
