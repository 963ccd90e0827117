import { and, asc, desc, eq, isNull, or, sql, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { InstanceState, StateReason } from '#contracts/instance-states.ts'
import type { FleetInstanceFilter, FleetInstances } from '#core/ports/fleet-instances.ts'
import { pageOf, readCursor } from '#core/rules/cursor.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { customers } from '#db/schema/customers.ts'
import { events } from '#db/schema/events.ts'
import { instanceLeases, instances } from '#db/schema/instances.ts'
import { servers } from '#db/schema/servers.ts'
import { beginsWith, nameOrder } from './begins-with.ts'
import { instanceColumns } from './instance-columns.ts'
import { tableRows } from './table-rows.ts'

const holders = alias(servers, 'holders')
/** Of one run there is one server. */
const holds = and(
  eq(holders.incarnation, instanceLeases.ownerIncarnation),
  sql`${holders.leaseExpiresAt} > clock_timestamp()`,
)
const columns = {
  instance: instanceColumns,
  customerName: customers.name,
  placedOn: { id: servers.id, name: servers.name },
  heldBy: { id: holders.id, name: holders.name },
}

const stateChangeColumns = {
  id: events.id,
  state: sql<InstanceState>`${events.data} ->> 'state'`,
  reason: sql<StateReason | null>`${events.data} ->> 'reason'`,
  occurredAt: events.occurredAt,
}

export function createFleetInstances(db: EdgeDatabase): FleetInstances {
  /** The `total` of all pages stands in each row, counted beside the page and not over it: so the page comes from an index. */
  const select = (where: SQL | undefined, total: SQL<number>) =>
    db
      .select({ ...columns, total })
      .from(instances)
      .innerJoin(customers, eq(customers.id, instances.customerId))
      .innerJoin(instanceLeases, eq(instanceLeases.instanceId, instances.id))
      .innerJoin(servers, eq(servers.id, instanceLeases.serverId))
      .leftJoin(holders, holds)
      .where(and(isNull(instances.deletedAt), where))

  return guardStore<FleetInstances>({
    async listAcrossCustomers(filter, page) {
      const ordered = filter.sort.descending ? desc : asc
      const column = filter.sort.by === 'name' ? nameOrder(instances.name) : instances.createdAt
      const found = await select(matches(filter), count(filter))
        .orderBy(ordered(column), ordered(instances.id))
        .limit(page.perPage)
        .offset((page.page - 1) * page.perPage)
      return tableRows(found, page, async () => {
        const counted = await db.execute<{ total: number }>(sql`SELECT ${count(filter)} AS total`)
        return counted.rows[0]?.total ?? 0
      })
    },

    async getAcrossCustomers(id) {
      const found = await select(eq(instances.id, id), sql<number>`1`)
      return found.map(({ total: _total, ...instance }) => instance)[0]
    },

    async stateChanges(id, { limit, cursor }) {
      const list = `state-changes/${id}`
      const after = cursor === undefined ? undefined : readCursor(list, cursor)
      const [[instance], rows] = await db.batch([
        db
          .select({ id: instances.id })
          .from(instances)
          .where(and(eq(instances.id, id), isNull(instances.deletedAt))),
        db
          .select(stateChangeColumns)
          .from(events)
          .where(
            and(
              eq(events.instanceId, id),
              // As the index says it: of a parameter the planner would not know.
              sql`${events.type} = 'instance.state_changed'`,
              after === undefined
                ? undefined
                : sql`${events.sequence} < (
                    SELECT last.sequence FROM ${events} AS last WHERE last.id = ${after} AND last.instance_id = ${id})`,
            ),
          )
          .orderBy(desc(events.sequence))
          .limit(limit + 1),
      ])
      return instance === undefined ? undefined : pageOf(list, limit, rows)
    },

    async placements(customerId) {
      const found = await db
        .select({ instanceId: instances.id, serverId: instanceLeases.serverId })
        .from(customers)
        .leftJoin(instances, and(eq(instances.customerId, customers.id), isNull(instances.deletedAt)))
        .leftJoin(instanceLeases, eq(instanceLeases.instanceId, instances.id))
        .where(and(eq(customers.id, customerId), isNull(customers.deletedAt)))
        .orderBy(instances.id)
      if (found.length === 0) return undefined
      return found.flatMap(({ instanceId, serverId }) =>
        instanceId === null || serverId === null ? [] : [{ instanceId, serverId }],
      )
    },
  })
}

function count(filter: FleetInstanceFilter): SQL<number> {
  return sql<number>`(
    SELECT count(*)::integer FROM ${instances}
    JOIN ${instanceLeases} ON ${instanceLeases.instanceId} = ${instances.id}
    LEFT JOIN ${servers} AS holders ON ${holds}
    WHERE ${and(isNull(instances.deletedAt), matches(filter))})`
}

function matches({ state, serverId, customerId, q }: FleetInstanceFilter): SQL | undefined {
  return and(
    state === undefined ? undefined : eq(instances.state, state),
    customerId === undefined ? undefined : eq(instances.customerId, customerId),
    serverId === undefined ? undefined : or(eq(instanceLeases.serverId, serverId), eq(holders.id, serverId)),
    q === undefined
      ? undefined
      : or(sql`${instances.id} = ${q}`, eq(instances.phoneNumber, q), beginsWith(instances.name, q)),
  )
}
