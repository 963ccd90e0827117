import { and, desc, eq, getTableColumns, isNotNull, isNull, or, sql, type SQL } from 'drizzle-orm'
import type { AlertState } from '#contracts/alerts.ts'
import { newId, type AlertId } from '#contracts/ids.ts'
import type { AlertFilter, Alerts } from '#core/ports/alerts.ts'
import type { AuditEntry } from '#core/ports/audit-log.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { alerts } from '#db/schema/alerts.ts'
import { readAlertFacts } from './alert-facts.ts'
import { insertAudit } from './audit-sql.ts'
import { tableRows } from './table-rows.ts'

const { openedToldAt, resolvedToldAt, triedAt, ...columns } = getTableColumns(alerts)
const now = sql`clock_timestamp()`
const isUntold = or(isNull(openedToldAt), and(isNotNull(alerts.resolvedAt), isNull(resolvedToldAt)))

export function createAlerts(db: EdgeDatabase): Alerts {
  /** Changes it if it is to be changed, with the entry of the audit log, and tells what it is then. */
  async function change(id: AlertId, set: SQL, isDue: SQL, audit: AuditEntry) {
    const [, [alert]] = await db.batch([
      db.execute(sql`
        WITH changed AS (UPDATE alerts SET ${set} WHERE id = ${id} AND ${isDue} RETURNING id)
        ${insertAudit(audit)} WHERE EXISTS (SELECT FROM changed)`),
      db.select(columns).from(alerts).where(eq(alerts.id, id)),
    ])
    return alert
  }

  return guardStore<Alerts>({
    factsAcrossCustomers: () => readAlertFacts(db),

    async settle(causes, quietMs) {
      const rows = causes.map((cause) => ({ ...cause, id: newId('alert') }))
      const { rows: counts } = await db.execute<{ opened: number; resolved: number }>(sql`
        WITH causes AS (
          SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
            AS c (id text, kind text, subject text, "customerId" text, details jsonb)
        ),
        seen AS (
          INSERT INTO alerts AS a (id, kind, subject, customer_id, details)
          SELECT id, kind, subject, "customerId", details FROM causes ORDER BY kind, subject
          ON CONFLICT (kind, subject) WHERE resolved_at IS NULL
            DO UPDATE SET seen_at = clock_timestamp(), details = excluded.details
          RETURNING a.id
        ),
        resolved AS (
          UPDATE alerts a SET resolved_at = clock_timestamp()
          WHERE resolved_at IS NULL AND seen_at <= clock_timestamp() - ${quietMs} * interval '1 millisecond'
            AND NOT EXISTS (SELECT FROM causes c WHERE c.kind = a.kind AND c.subject = a.subject)
          RETURNING 1
        )
        SELECT (SELECT count(*)::int FROM seen JOIN causes USING (id)) AS opened,
          (SELECT count(*)::int FROM resolved) AS resolved`)
      return counts[0] ?? { opened: 0, resolved: 0 }
    },

    async list(filter, page) {
      const found = await db
        .select({ ...columns, total: sql<number>`count(*) OVER ()::integer` })
        .from(alerts)
        .where(matches(filter))
        .orderBy(desc(alerts.openedAt), desc(alerts.id))
        .limit(page.perPage)
        .offset((page.page - 1) * page.perPage)
      return tableRows(found, page, () => db.$count(alerts, matches(filter)))
    },

    acknowledge: (id, audit) =>
      change(
        id,
        sql`acknowledged_at = clock_timestamp(), acknowledged_by = ${audit.adminId}`,
        sql`acknowledged_at IS NULL AND resolved_at IS NULL`,
        audit,
      ),

    resolve: (id, audit) =>
      change(id, sql`resolved_at = clock_timestamp(), resolved_by = ${audit.adminId}`, sql`resolved_at IS NULL`, audit),

    async untold(limit) {
      const rows = await db
        .select({ alert: columns, openedToldAt, resolvedToldAt })
        .from(alerts)
        .where(isUntold)
        .orderBy(sql`${triedAt} NULLS FIRST`, alerts.openedAt)
        .limit(limit)
      return rows.map(({ alert, ...told }) => ({
        alert,
        due: [
          ...(told.openedToldAt === null ? (['opened'] as const) : []),
          ...(alert.resolvedAt !== null && told.resolvedToldAt === null ? (['resolved'] as const) : []),
        ],
      }))
    },

    async markTold(id, notice) {
      const told = { opened: 'openedToldAt', resolved: 'resolvedToldAt' } as const
      await db
        .update(alerts)
        .set({ [told[notice]]: now })
        .where(eq(alerts.id, id))
    },

    async markTried(id) {
      await db.update(alerts).set({ triedAt: now }).where(eq(alerts.id, id))
    },

    async dropResolvedNotices() {
      const { rowCount } = await db
        .update(alerts)
        .set({ openedToldAt: now, resolvedToldAt: now })
        .where(and(isUntold, isNotNull(alerts.resolvedAt)))
      return rowCount ?? 0
    },
  })
}

const stateIs: Record<AlertState, SQL | undefined> = {
  open: and(isNull(alerts.acknowledgedAt), isNull(alerts.resolvedAt)),
  acknowledged: and(isNotNull(alerts.acknowledgedAt), isNull(alerts.resolvedAt)),
  resolved: isNotNull(alerts.resolvedAt),
}

function matches({ state, kind, subject, customerId }: AlertFilter): SQL | undefined {
  return and(
    state === undefined ? undefined : stateIs[state],
    kind === undefined ? undefined : eq(alerts.kind, kind),
    subject === undefined ? undefined : eq(alerts.subject, subject),
    customerId === undefined ? undefined : eq(alerts.customerId, customerId),
  )
}
