import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { CustomerId, InstanceId } from '#contracts/ids.ts'
import type { Instances } from '#core/ports/instances.ts'
import { pageOf, readCursor } from '#core/rules/cursor.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { apiKeys } from '#db/schema/api-keys.ts'
import { instanceLeases, instances } from '#db/schema/instances.ts'
import { servers } from '#db/schema/servers.ts'
import { createInstance } from './create-instance.ts'
import { instanceColumns } from './instance-columns.ts'
import { removeInstance } from './remove-instance.ts'
import { routeColumns, routedServer } from './route-columns.ts'

export function createInstances(db: EdgeDatabase): Instances {
  return guardStore<Instances>({
    create: (customerId, instance, once) => createInstance(db, customerId, instance, once),
    remove: (customerId, id) => removeInstance(db, customerId, id),

    async get(customerId, id) {
      const [instance] = await db.select(instanceColumns).from(instances).where(live(customerId, id))
      return instance
    },

    async list(customerId, { limit, cursor, state }) {
      const list = `instances/${customerId}`
      const after = cursor === undefined ? undefined : readCursor(list, cursor)
      const rows = await db
        .select(instanceColumns)
        .from(instances)
        .where(
          and(
            eq(instances.customerId, customerId),
            isNull(instances.deletedAt),
            state === undefined ? undefined : eq(instances.state, state),
            after === undefined ? undefined : olderThan(customerId, after),
          ),
        )
        .orderBy(desc(instances.createdAt), desc(instances.id))
        .limit(limit + 1)
      return pageOf(list, limit, rows)
    },

    async update(customerId, id, { name, newChatsPerMinute }) {
      // What is undefined stays; naming the name as well keeps the statement from changing nothing at all.
      const [instance] = await db
        .update(instances)
        .set({ name: name ?? sql`${instances.name}`, newChatsPerMinute })
        .where(live(customerId, id))
        .returning(instanceColumns)
      return instance
    },

    async setDesired(customerId, id, desired) {
      const [instance] = await db
        .update(instances)
        .set({ desired })
        .where(live(customerId, id))
        .returning(instanceColumns)
      return instance
    },

    async route(customerId, id) {
      const [route] = await db
        .select(routeColumns)
        .from(instances)
        .innerJoin(instanceLeases, eq(instanceLeases.instanceId, instances.id))
        .innerJoin(servers, sql`${servers.id} = ${routedServer}`)
        .where(live(customerId, id))
      return route
    },

    async defaultFor(customerId, keyId) {
      const ofKey = db
        .select({ id: apiKeys.defaultInstanceId })
        .from(apiKeys)
        .where(and(sql`${apiKeys.id} = ${keyId}`, eq(apiKeys.customerId, customerId)))
      const found = await db
        .select({ id: instances.id, isDefault: sql<boolean>`coalesce(${instances.id} = (${ofKey}), false)` })
        .from(instances)
        .where(and(eq(instances.customerId, customerId), isNull(instances.deletedAt)))
        .orderBy(sql`2 DESC`)
        .limit(2)
      const [first] = found
      return first?.isDefault === true || found.length === 1 ? first?.id : undefined
    },
  })
}

function live(customerId: CustomerId, id: InstanceId) {
  return and(eq(instances.id, id), eq(instances.customerId, customerId), isNull(instances.deletedAt))
}

/** The instance of the cursor is looked up, deleted or not, because its time has more digits than a Date holds. */
function olderThan(customerId: CustomerId, id: string) {
  return sql`(${instances.createdAt}, ${instances.id}) < (
    SELECT last.created_at, last.id FROM ${instances} AS last
    WHERE last.id = ${id} AND last.customer_id = ${customerId})`
}
