import { and, asc, desc, eq, isNull, or, sql, type SQL } from 'drizzle-orm'
import type { CustomerId, ServerId } from '#contracts/ids.ts'
import type { CustomerAccounts, CustomerFilter } from '#core/ports/customer-accounts.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { apiKeys } from '#db/schema/api-keys.ts'
import { customers } from '#db/schema/customers.ts'
import { instances } from '#db/schema/instances.ts'
import { auditOfChanged } from './audit-sql.ts'
import { beginsWith, nameOrder } from './begins-with.ts'
import { keyColumns } from './customer-keys.ts'
import { placement, todayUtc } from './customers.ts'
import { instanceColumns } from './instance-columns.ts'
import { removalStatements } from './removal-sql.ts'
import { tableRows } from './table-rows.ts'

/** How many instances are shown beside their customer. */
const shownInstances = 100

export function createCustomerAccounts(db: EdgeDatabase): CustomerAccounts {
  const liveInstances = and(eq(instances.customerId, customers.id), isNull(instances.deletedAt))
  const accountColumns = {
    id: customers.id,
    name: customers.name,
    plan: customers.plan,
    limitOverrides: customers.limitOverrides,
    status: customers.status,
    ...placement,
    messagesToday: sql<number>`coalesce((SELECT u.messages FROM usage_days u
      WHERE u.customer_id = ${customers.id} AND u.day = ${todayUtc}), 0)`,
    instances: sql<number>`(SELECT count(*)::integer FROM ${instances} WHERE ${liveInstances})`,
    createdAt: customers.createdAt,
  }
  const selectAccount = (id: CustomerId) => db.select(accountColumns).from(customers).where(live(id))

  return guardStore<CustomerAccounts>({
    async create({ id, name, plan, region, assignedServerId }, { keyId, ...key }, audit) {
      await db.batch([
        db.execute(sql`
          WITH changed AS (
            INSERT INTO customers (id, name, plan, region, assigned_server_id)
            VALUES (${id}, ${name}, ${plan}, ${region}, ${assignedServerId}) RETURNING id
          ), ${auditOfChanged(audit)}
          SELECT id FROM changed`),
        db.insert(apiKeys).values({ ...key, id: keyId, customerId: id, scopes: [...key.scopes] }),
      ])
    },

    async list(filter, page) {
      const { by, descending } = filter.sort
      const column = by === 'name' ? nameOrder(customers.name) : customers.createdAt
      const ordered = descending ? desc : asc
      // Counted beside the page and not over it: so the page comes from an index and ends after its rows.
      const total = sql<number>`(SELECT count(*)::integer FROM ${customers} WHERE ${matches(filter)})`
      const found = await db
        .select({ ...accountColumns, total })
        .from(customers)
        .where(matches(filter))
        .orderBy(ordered(column), ordered(customers.id))
        .limit(page.perPage)
        .offset((page.page - 1) * page.perPage)
      return tableRows(found, page, () => db.$count(customers, matches(filter)))
    },

    async details(id) {
      const [[customer], shown, keys] = await db.batch([
        selectAccount(id),
        db
          .select(instanceColumns)
          .from(instances)
          .where(and(eq(instances.customerId, id), isNull(instances.deletedAt)))
          .orderBy(desc(instances.createdAt), desc(instances.id))
          .limit(shownInstances),
        db
          .select(keyColumns)
          .from(apiKeys)
          .where(and(eq(apiKeys.customerId, id), isNull(apiKeys.revokedAt)))
          .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id)),
      ])
      return customer && { customer, instances: shown, apiKeys: keys }
    },

    async instances(id, page) {
      const ofCustomer = and(eq(instances.customerId, id), isNull(instances.deletedAt))
      const [known, found] = await db.batch([
        db.select({ id: customers.id }).from(customers).where(live(id)),
        db
          .select({ ...instanceColumns, total: sql<number>`count(*) OVER ()::integer` })
          .from(instances)
          .where(ofCustomer)
          .orderBy(desc(instances.createdAt), desc(instances.id))
          .limit(page.perPage)
          .offset((page.page - 1) * page.perPage),
      ])
      return known.length === 0 ? undefined : tableRows(found, page, () => db.$count(instances, ofCustomer))
    },

    async update(id, { name, plan, limitOverrides, region, assignedServerId }, audit) {
      const overrides = limitOverrides === undefined ? null : JSON.stringify(limitOverrides)
      const [, [account]] = await db.batch([
        db.execute(sql`
          WITH changed AS (
            UPDATE customers
            SET name = coalesce(${name ?? null}::text, name), plan = coalesce(${plan ?? null}::text, plan),
              limit_overrides = coalesce(${overrides}::jsonb, limit_overrides),
              region = ${region === undefined ? sql`region` : sql`${region}::text`},
              assigned_server_id = ${
                assignedServerId === undefined ? sql`assigned_server_id` : sql`${assignedServerId}::text`
              }
            WHERE id = ${id} AND deleted_at IS NULL
            RETURNING id
          ), ${auditOfChanged(audit)}
          SELECT id FROM changed`),
        selectAccount(id),
      ])
      return account
    },

    async setStatus(id, status, audit) {
      const [, [account]] = await db.batch([
        db.execute(sql`
          WITH changed AS (
            UPDATE customers SET status = ${status}
            WHERE id = ${id} AND deleted_at IS NULL AND status <> ${status}
            RETURNING id
          ), ${auditOfChanged(audit)}
          SELECT id FROM changed`),
        selectAccount(id),
      ])
      return account
    },

    async remove(id, audit) {
      const { fence, remove, erase } = removalStatements(sql`i.customer_id = ${id}
        AND EXISTS (SELECT FROM customers gone WHERE gone.id = ${id} AND gone.deleted_at IS NOT NULL)`)
      const [removed] = await db.batch([
        db.execute(sql`
          WITH changed AS (
            UPDATE customers SET deleted_at = clock_timestamp() WHERE id = ${id} AND deleted_at IS NULL RETURNING id
          ), ${auditOfChanged(audit)}
          SELECT id FROM changed`),
        db.execute(sql`
          UPDATE api_keys k SET revoked_at = clock_timestamp() FROM customers gone
          WHERE k.customer_id = ${id} AND k.revoked_at IS NULL AND gone.id = ${id} AND gone.deleted_at IS NOT NULL`),
        db.execute(fence),
        db.execute(remove),
        db.execute(erase[0]),
        db.execute(erase[1]),
        db.execute(erase[2]),
      ])
      return removed.rows.length === 1
    },

    async workersOf(id) {
      const { rows } = await db.execute<{ id: ServerId; url: string; incarnation: string }>(sql`
        SELECT DISTINCT s.id, s.url, s.incarnation
        FROM instances i
        JOIN instance_leases l ON l.instance_id = i.id
        JOIN servers s ON s.id = l.server_id OR s.incarnation = l.owner_incarnation
        WHERE i.customer_id = ${id} AND s.deleted_at IS NULL
          AND s.incarnation IS NOT NULL AND s.lease_expires_at > clock_timestamp()
        ORDER BY s.id`)
      return rows
    },
  })
}

function live(id: CustomerId) {
  return and(eq(customers.id, id), isNull(customers.deletedAt))
}

function matches({ status, plan, q }: CustomerFilter): SQL | undefined {
  return and(
    isNull(customers.deletedAt),
    status === undefined ? undefined : eq(customers.status, status),
    plan === undefined ? undefined : eq(customers.plan, plan),
    q === undefined ? undefined : or(sql`${customers.id} = ${q}`, beginsWith(customers.name, q)),
  )
}
