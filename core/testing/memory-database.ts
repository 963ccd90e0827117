import { plans, type Plan } from '#contracts/plans.ts'
import type { MemoryRows, NewRow, TableName } from './memory-rows.ts'

/**
 * The rows that all fakes of the stores share, so that one fake sees what another wrote. A fake does its whole work
 * between two awaits, which makes each of its methods one transaction.
 */
export interface MemoryDatabase {
  /** The rows themselves, in order of insertion: fakes search and change them in place. */
  tables: { [T in TableName]: MemoryRows[T][] }
  /** Adds a row with the database's defaults where the values leave something out. */
  insert<T extends TableName>(table: T, values: NewRow<T>): MemoryRows[T]
  /** Deletes the rows that match; returns how many there were. */
  remove<T extends TableName>(table: T, matches: (row: MemoryRows[T]) => boolean): number
  /** The database's clock. */
  now: () => Date
}

const noServerMetrics = {
  cpu: null,
  memory: null,
  disk: null,
  networkIn: null,
  networkOut: null,
  eventLoopLagMs: null,
  sessions: null,
  sent: 0,
  received: 0,
  failed: 0,
  latency: null,
}

/** `now` stands for the database's clock: tests that need to move time pass their own. */
export function createMemoryDatabase(now: () => Date = () => new Date()): MemoryDatabase {
  const tables = emptyTables()
  let sequence = 0

  const defaults: { [T in TableName]: () => Partial<MemoryRows[T]> } = {
    plans: () => ({
      requestsPerMinute: null,
      requestsPerHour: null,
      requestsPerDay: null,
      messagesPerDay: null,
      instances: null,
    }),
    customers: () => ({
      limitOverrides: {},
      region: null,
      assignedServerId: null,
      status: 'active',
      createdAt: now(),
      deletedAt: null,
    }),
    apiKeys: () => ({
      defaultInstanceId: null,
      createdAt: now(),
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
      allowedAddresses: null,
    }),
    usageDays: () => ({ messages: 0, quota: null }),
    requestDays: () => ({}),
    messageDays: () => ({}),
    servers: () => ({
      status: 'provisioning',
      incarnation: null,
      leaseExpiresAt: null,
      stopping: false,
      health: 'healthy',
      drainStartedAt: null,
      drainInstances: null,
      ipAddress: null,
      provider: null,
      cpuCores: null,
      ramGb: null,
      costPerMonth: null,
      statusReason: null,
      publicKey: null,
      workerVersion: null,
      enrolledAt: null,
      createdAt: now(),
      deletedAt: null,
    }),
    serverChecks: () => ({ reason: null }),
    serverMinutes: () => noServerMetrics,
    serverHours: () => noServerMetrics,
    serverEnrollments: () => ({ usedAt: null }),
    instances: () => ({
      desired: 'running',
      state: 'created',
      reason: null,
      stateChangedAt: now(),
      phoneNumber: null,
      lid: null,
      newChatsPerMinute: null,
      newChatsHeldUntil: null,
      slowedUntil: null,
      createdAt: now(),
      deletedAt: null,
    }),
    instanceLeases: () => ({ epoch: 0, ownerIncarnation: null }),
    instanceCounters: () => ({ eventSequence: 0 }),
    sessionCredentials: () => ({ credentials: null, updatedAt: now() }),
    sessionKeys: () => ({}),
    inboundJournal: () => ({
      seq: ++sequence,
      waMessageId: null,
      receivedAt: now(),
      projectedAt: null,
      undecodableBy: null,
    }),
    contactNumbers: () => ({ learnedAt: now() }),
    undecryptableMessages: () => ({ resolvedAt: null }),
    messages: () => ({
      seq: ++sequence,
      contextMessageId: null,
      failure: null,
      idempotencyKey: null,
      requestHash: null,
      attempts: 0,
      notBefore: null,
      expiresAt: null,
      createdAt: now(),
      sentAt: null,
      deliveredAt: null,
      readAt: null,
    }),
    events: () => ({ instanceId: null, sequence: null, occurredAt: now(), xid: String(++sequence) }),
    webhookEndpoints: () => ({
      description: null,
      instanceId: null,
      previousKeyRingId: null,
      previousSecret: null,
      previousSecretUntil: null,
      status: 'enabled',
      disabledReason: null,
      createdAt: now(),
      deletedAt: null,
      failingSince: null,
      urlCheck: 'unverified',
    }),
    deliveries: () => ({
      seq: ++sequence,
      status: 'pending',
      attempts: 0,
      attemptsBefore: 0,
      nextAttemptAt: now(),
      claimToken: null,
      claimedBy: null,
      claimedUntil: null,
      finishedAt: null,
    }),
    deliveryAttempts: () => ({ attemptedAt: now(), status: null, error: null, response: null }),
    idempotentRequests: () => ({ status: null, body: null, timesActed: 0, effect: null, createdAt: now() }),
    admins: () => ({
      totpKeyRingId: null,
      totpSecret: null,
      totpConfirmedAt: null,
      totpUsedStep: null,
      recoveryCodeHashes: [],
      failedLogIns: 0,
      lockedUntil: null,
      createdAt: now(),
      disabledAt: null,
    }),
    adminSessions: () => ({
      previousTokenHash: null,
      rotatedAt: now(),
      revokedAt: null,
      revokedReason: null,
      address: null,
      userAgent: null,
      createdAt: now(),
    }),
    auditLogs: () => ({
      occurredAt: now(),
      adminId: null,
      target: null,
      customerId: null,
      address: null,
      details: {},
    }),
    alerts: () => ({
      customerId: null,
      openedAt: now(),
      seenAt: now(),
      acknowledgedAt: null,
      acknowledgedBy: null,
      resolvedAt: null,
      resolvedBy: null,
      openedToldAt: null,
      resolvedToldAt: null,
      triedAt: null,
    }),
    minuteStats: () => ({}),
  }

  const database: MemoryDatabase = {
    tables,
    now,
    insert<T extends TableName>(table: T, values: NewRow<T>) {
      const row = { ...defaults[table](), ...values } as MemoryRows[T]
      tables[table].push(row)
      return row
    },
    remove<T extends TableName>(table: T, matches: (row: MemoryRows[T]) => boolean) {
      const rows: MemoryRows[T][] = tables[table]
      const kept = rows.filter((row) => !matches(row))
      const removed = rows.length - kept.length
      rows.splice(0, rows.length, ...kept)
      return removed
    },
  }
  for (const name of Object.keys(plans) as Plan[]) database.insert('plans', { name, ...plans[name] })
  return database
}

function emptyTables(): MemoryDatabase['tables'] {
  return {
    plans: [],
    customers: [],
    apiKeys: [],
    usageDays: [],
    requestDays: [],
    messageDays: [],
    servers: [],
    serverChecks: [],
    serverMinutes: [],
    serverHours: [],
    serverEnrollments: [],
    instances: [],
    instanceLeases: [],
    instanceCounters: [],
    sessionCredentials: [],
    sessionKeys: [],
    inboundJournal: [],
    contactNumbers: [],
    undecryptableMessages: [],
    messages: [],
    events: [],
    webhookEndpoints: [],
    deliveries: [],
    deliveryAttempts: [],
    idempotentRequests: [],
    admins: [],
    adminSessions: [],
    auditLogs: [],
    alerts: [],
    minuteStats: [],
  }
}
