import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import type { CustomerId, InstanceId, ServerId } from '#contracts/ids.ts'
import type { DesiredStatus, InstanceState, StateReason } from '#contracts/instance-states.ts'
import { moment } from './column-types.ts'
import { customers } from './customers.ts'
import { servers } from './servers.ts'

export const instances = pgTable(
  'instances',
  {
    id: text('id').$type<InstanceId>().primaryKey(),
    customerId: text('customer_id')
      .$type<CustomerId>()
      .notNull()
      .references(() => customers.id),
    name: text('name').notNull(),
    desired: text('desired').$type<DesiredStatus>().notNull().default('running'),
    state: text('state').$type<InstanceState>().notNull().default('created'),
    reason: text('reason').$type<StateReason>(),
    stateChangedAt: moment('state_changed_at').notNull().defaultNow(),
    phoneNumber: text('phone_number'),
    lid: text('lid'),
    newChatsPerMinute: integer('new_chats_per_minute'),
    newChatsHeldUntil: moment('new_chats_held_until'),
    slowedUntil: moment('slowed_until'),
    createdAt: moment('created_at').notNull().defaultNow(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    check('instances_desired_check', sql`${table.desired} IN ('running', 'stopped')`),
    check('instances_new_chats_per_minute_check', sql`${table.newChatsPerMinute} > 0`),
    index('instances_customer_id_idx')
      .on(table.customerId, table.createdAt.desc(), table.id.desc())
      .where(sql`${table.deletedAt} IS NULL`),
    index('instances_created_at_idx')
      .on(table.createdAt.desc(), table.id.desc())
      .where(sql`${table.deletedAt} IS NULL`),
    index('instances_state_idx')
      .on(table.state, table.createdAt.desc(), table.id.desc())
      .where(sql`${table.deletedAt} IS NULL`),
    index('instances_name_idx')
      .on(sql`lower(${table.name}) COLLATE "C"`, table.id)
      .where(sql`${table.deletedAt} IS NULL`),
    index('instances_phone_number_idx')
      .on(table.phoneNumber)
      .where(sql`${table.deletedAt} IS NULL`),
    index('instances_logged_out_idx')
      .on(table.stateChangedAt)
      .where(sql`${table.state} = 'logged_out'`),
    index('instances_banned_idx')
      .on(table.stateChangedAt)
      .where(sql`${table.state} = 'banned'`),
    index('instances_deleted_at_idx')
      .on(table.deletedAt)
      .where(sql`${table.deletedAt} IS NOT NULL`),
  ],
)

/** Who may run an instance. Changes only when ownership does; sessions' writes lock it FOR SHARE under its epoch. */
export const instanceLeases = pgTable(
  'instance_leases',
  {
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .primaryKey()
      .references(() => instances.id),
    serverId: text('server_id')
      .$type<ServerId>()
      .notNull()
      .references(() => servers.id),
    epoch: bigint('epoch', { mode: 'number' }).notNull().default(0),
    ownerIncarnation: text('owner_incarnation'),
  },
  (table) => [
    index('instance_leases_server_id_idx').on(table.serverId),
    index('instance_leases_owner_incarnation_idx')
      .on(table.ownerIncarnation)
      .where(sql`${table.ownerIncarnation} IS NOT NULL`),
  ],
)

/** Apart from `instance_leases`, because it is updated in transactions that hold that row FOR SHARE. */
export const instanceCounters = pgTable('instance_counters', {
  instanceId: text('instance_id')
    .$type<InstanceId>()
    .primaryKey()
    .references(() => instances.id),
  eventSequence: bigint('event_sequence', { mode: 'number' }).notNull().default(0),
})
