import { newId, type AdminId, type ApiKeyId, type CustomerId, type InstanceId, type ServerId } from '#contracts/ids.ts'
import { scopes } from '#contracts/scopes.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows, NewRow, TableName } from './memory-rows.ts'

/** Puts rows straight into a database and reads them back, past all stores: how conformance suites arrange and look. */
export interface Seed {
  insert<T extends TableName>(table: T, values: NewRow<T>): Promise<MemoryRows[T]>
  /** The rows whose columns equal `where` (none: all), in no particular order. */
  rows<T extends TableName>(table: T, where?: Partial<MemoryRows[T]>): Promise<MemoryRows[T][]>
  update<T extends TableName>(table: T, where: Partial<MemoryRows[T]>, values: Partial<MemoryRows[T]>): Promise<void>
}

export function createMemorySeed(database: MemoryDatabase): Seed {
  const rowsOf = <T extends TableName>(table: T, where: Partial<MemoryRows[T]>) => {
    const rows: MemoryRows[T][] = database.tables[table]
    const wanted = Object.entries(where)
    return rows.filter((row) => wanted.every(([column, value]) => isSame(row[column as keyof MemoryRows[T]], value)))
  }
  return {
    async insert(table, values) {
      return { ...database.insert(table, values) }
    },
    async rows(table, where = {}) {
      return rowsOf(table, where).map((row) => ({ ...row }))
    },
    async update(table, where, values) {
      for (const row of rowsOf(table, where)) Object.assign(row, values)
    },
  }
}

/** As a database compares: moments by their time. */
function isSame(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b
}

/** An active customer; plan `enterprise` unless told, so that no limit is met by accident. */
export async function seedCustomer(seed: Seed, values: Partial<MemoryRows['customers']> = {}): Promise<CustomerId> {
  const { id } = await seed.insert('customers', {
    id: newId('customer'),
    name: 'Seeded customer',
    plan: 'enterprise',
    ...values,
  })
  return id
}

/** A live key of the customer with every scope. */
export async function seedApiKey(
  seed: Seed,
  customerId: CustomerId,
  values: Partial<MemoryRows['apiKeys']> = {},
): Promise<ApiKeyId> {
  const id = values.id ?? newId('apiKey')
  await seed.insert('apiKeys', {
    id,
    customerId,
    publicId: id.slice(-8),
    secretHash: 'no bcrypt hash',
    name: 'Seeded key',
    scopes: [...scopes],
    ...values,
  })
  return id
}

/** An active server with room for 100 instances, whose worker run `run-1` holds the lease for the next minute. */
export async function seedServer(seed: Seed, values: Partial<MemoryRows['servers']> = {}): Promise<ServerId> {
  const id = values.id ?? newId('server')
  await seed.insert('servers', {
    id,
    name: id,
    url: `https://${id}.example`,
    region: 'eu',
    status: 'active',
    maxCapacity: 100,
    incarnation: 'run-1',
    leaseExpiresAt: new Date(Date.now() + 60_000),
    ...values,
  })
  return id
}

/** A connected instance of the customer on the server, with its counter and its lease: owned by `run-1` under epoch 1. */
export async function seedInstance(
  seed: Seed,
  owner: { customerId: CustomerId; serverId: ServerId },
  values: Partial<MemoryRows['instances']> = {},
  lease: Partial<MemoryRows['instanceLeases']> = {},
): Promise<InstanceId> {
  const { id } = await seed.insert('instances', {
    id: newId('instance'),
    customerId: owner.customerId,
    name: 'Seeded instance',
    state: 'connected',
    phoneNumber: '+5511999990001',
    ...values,
  })
  await seed.insert('instanceLeases', {
    instanceId: id,
    serverId: owner.serverId,
    epoch: 1,
    ownerIncarnation: 'run-1',
    ...lease,
  })
  await seed.insert('instanceCounters', { instanceId: id })
  return id
}

/** A super_admin unless told otherwise, whose password hash fits nothing. */
export async function seedAdmin(seed: Seed, values: Partial<MemoryRows['admins']> = {}): Promise<AdminId> {
  const id = values.id ?? newId('admin')
  await seed.insert('admins', {
    id,
    email: `${id}@example.com`,
    name: 'Seeded admin',
    role: 'super_admin',
    passwordHash: 'no bcrypt hash',
    ...values,
  })
  return id
}
