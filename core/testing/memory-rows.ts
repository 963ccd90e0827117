import type { AlertKind } from '#contracts/alerts.ts'
import type { EventType } from '#contracts/events.ts'
import type {
  AdminId,
  AdminSessionId,
  AlertId,
  ApiKeyId,
  AuditEntryId,
  CustomerId,
  EventId,
  InstanceId,
  MessageId,
  ServerId,
  WebhookId,
} from '#contracts/ids.ts'
import type { DesiredStatus, InstanceState, StateReason } from '#contracts/instance-states.ts'
import type { MessageContent, MessageType } from '#contracts/message-content.ts'
import type { MessageFailure, MessageStatus } from '#contracts/message-status.ts'
import type { LimitOverrides, Plan, PlanLimits } from '#contracts/plans.ts'
import type { Effect } from '#core/ports/idempotency.ts'
import type { ServerHealth, ServerStatus } from '#core/ports/servers.ts'
import type { AdminRole } from '#contracts/roles.ts'
import type { DeliveryStatus } from '#core/ports/webhook-deliveries.ts'
import type { DisabledReason, UrlCheck } from '#core/ports/webhooks.ts'
import type { CheckReason, ServerGrade } from '#contracts/server-checks.ts'
import type { Scope } from '#contracts/scopes.ts'

/** The rows of the database as the fakes keep them: the same names and types as in db/schema (a test compares them). */
export interface MemoryRows {
  plans: { name: Plan } & PlanLimits
  customers: {
    id: CustomerId
    name: string
    plan: Plan
    limitOverrides: LimitOverrides
    status: 'active' | 'suspended'
    createdAt: Date
    deletedAt: Date | null
    region: string | null
    assignedServerId: ServerId | null
  }
  apiKeys: {
    id: ApiKeyId
    customerId: CustomerId
    publicId: string
    secretHash: string
    name: string
    scopes: Scope[]
    defaultInstanceId: InstanceId | null
    createdAt: Date
    expiresAt: Date | null
    revokedAt: Date | null
    lastUsedAt: Date | null
    allowedAddresses: string[] | null
  }
  usageDays: { customerId: CustomerId; day: string; messages: number; quota: number | null }
  requestDays: { customerId: CustomerId; day: string; requests: number; bytesIn: number; bytesOut: number }
  messageDays: {
    customerId: CustomerId
    day: string
    serverId: ServerId
    sent: number
    received: number
    failed: number
    mediaSent: number
    mediaReceived: number
  }
  servers: {
    id: ServerId
    name: string
    url: string
    region: string
    status: ServerStatus
    maxCapacity: number
    incarnation: string | null
    leaseExpiresAt: Date | null
    stopping: boolean
    health: ServerHealth
    drainStartedAt: Date | null
    drainInstances: number | null
    ipAddress: string | null
    provider: string | null
    cpuCores: number | null
    ramGb: number | null
    costPerMonth: number | null
    statusReason: string | null
    publicKey: string | null
    workerVersion: string | null
    enrolledAt: Date | null
    createdAt: Date
    deletedAt: Date | null
  }
  serverChecks: {
    serverId: ServerId
    grade: ServerGrade
    reason: CheckReason | null
    tookMs: number
    checkedAt: Date
    since: Date
  }
  serverMinutes: ServerMetricsRow
  serverHours: ServerMetricsRow
  serverEnrollments: { serverId: ServerId; tokenHash: string; expiresAt: Date; usedAt: Date | null }
  instances: {
    id: InstanceId
    customerId: CustomerId
    name: string
    desired: DesiredStatus
    state: InstanceState
    reason: StateReason | null
    stateChangedAt: Date
    phoneNumber: string | null
    lid: string | null
    newChatsPerMinute: number | null
    newChatsHeldUntil: Date | null
    slowedUntil: Date | null
    createdAt: Date
    deletedAt: Date | null
  }
  instanceLeases: { instanceId: InstanceId; serverId: ServerId; epoch: number; ownerIncarnation: string | null }
  instanceCounters: { instanceId: InstanceId; eventSequence: number }
  sessionCredentials: {
    instanceId: InstanceId
    keyRingId: string
    wrappedDataKey: Uint8Array
    credentials: Uint8Array | null
    updatedAt: Date
  }
  sessionKeys: { instanceId: InstanceId; type: string; id: string; value: Uint8Array }
  inboundJournal: {
    instanceId: InstanceId
    ciphertextHash: Uint8Array
    seq: number
    waMessageId: string | null
    stanza: Record<string, string>
    plaintext: Uint8Array
    epoch: number
    receivedAt: Date
    projectedAt: Date | null
    undecodableBy: string | null
  }
  contactNumbers: { instanceId: InstanceId; lid: string; phoneNumber: string; learnedAt: Date }
  undecryptableMessages: {
    instanceId: InstanceId
    waMessageId: string
    chat: string
    sender: string
    messageId: MessageId
    failedAt: Date
    resolvedAt: Date | null
  }
  messages: {
    id: MessageId
    seq: number
    customerId: CustomerId
    instanceId: InstanceId
    direction: 'outbound' | 'inbound'
    chat: string
    sender: string
    waMessageId: string
    type: MessageType
    content: MessageContent
    contextMessageId: MessageId | null
    status: MessageStatus
    failure: MessageFailure | null
    idempotencyKey: string | null
    requestHash: Uint8Array | null
    attempts: number
    notBefore: Date | null
    expiresAt: Date | null
    createdAt: Date
    sentAt: Date | null
    deliveredAt: Date | null
    readAt: Date | null
  }
  events: {
    id: EventId
    customerId: CustomerId
    instanceId: InstanceId | null
    sequence: number | null
    type: EventType
    data: Record<string, unknown>
    occurredAt: Date
    xid: string
  }
  webhookEndpoints: {
    id: WebhookId
    customerId: CustomerId
    url: string
    description: string | null
    events: string[]
    instanceId: InstanceId | null
    keyRingId: string
    secret: Uint8Array
    previousKeyRingId: string | null
    previousSecret: Uint8Array | null
    previousSecretUntil: Date | null
    status: 'enabled' | 'disabled'
    disabledReason: DisabledReason | null
    createdAt: Date
    deletedAt: Date | null
    failingSince: Date | null
    urlCheck: UrlCheck
  }
  deliveries: {
    eventId: EventId
    endpointId: WebhookId
    seq: number
    customerId: CustomerId
    lane: string
    status: DeliveryStatus
    attempts: number
    attemptsBefore: number
    nextAttemptAt: Date
    claimToken: string | null
    claimedBy: string | null
    claimedUntil: Date | null
    finishedAt: Date | null
  }
  deliveryAttempts: {
    eventId: EventId
    endpointId: WebhookId
    attempt: number
    attemptedAt: Date
    durationMs: number
    status: number | null
    error: string | null
    response: string | null
  }
  idempotentRequests: {
    customerId: CustomerId
    key: string
    requestHash: Uint8Array
    claimToken: string
    claimedUntil: Date
    status: number | null
    body: unknown
    timesActed: number
    effect: Effect | null
    createdAt: Date
  }
  admins: {
    id: AdminId
    email: string
    name: string
    role: AdminRole
    passwordHash: string
    totpKeyRingId: string | null
    totpSecret: Uint8Array | null
    totpConfirmedAt: Date | null
    totpUsedStep: number | null
    recoveryCodeHashes: string[]
    failedLogIns: number
    lockedUntil: Date | null
    createdAt: Date
    disabledAt: Date | null
  }
  adminSessions: {
    id: AdminSessionId
    adminId: AdminId
    tokenHash: string
    previousTokenHash: string | null
    rotatedAt: Date
    expiresAt: Date
    revokedAt: Date | null
    revokedReason: string | null
    address: string | null
    userAgent: string | null
    createdAt: Date
  }
  auditLogs: {
    id: AuditEntryId
    occurredAt: Date
    adminId: AdminId | null
    action: string
    target: string | null
    customerId: CustomerId | null
    address: string | null
    requestId: string
    details: Record<string, unknown>
  }
  alerts: {
    id: AlertId
    kind: AlertKind
    subject: string
    customerId: CustomerId | null
    details: Record<string, unknown>
    openedAt: Date
    seenAt: Date
    acknowledgedAt: Date | null
    acknowledgedBy: AdminId | null
    resolvedAt: Date | null
    resolvedBy: AdminId | null
    openedToldAt: Date | null
    resolvedToldAt: Date | null
    triedAt: Date | null
  }
  minuteStats: { minute: Date; sent: number; received: number; failed: number; latency: number[] }
}

interface ServerMetricsRow {
  serverId: ServerId
  at: Date
  cpu: number | null
  memory: number | null
  disk: number | null
  networkIn: number | null
  networkOut: number | null
  eventLoopLagMs: number | null
  sessions: number | null
  sent: number
  received: number
  failed: number
  latency: number[] | null
}

export type TableName = keyof MemoryRows

/** Columns that the database fills in when an insert leaves them out, beside those that may be null. */
interface Defaulted {
  plans: never
  customers: 'limitOverrides' | 'status' | 'createdAt'
  apiKeys: 'createdAt'
  usageDays: 'messages'
  requestDays: never
  messageDays: never
  servers: 'status' | 'stopping' | 'health' | 'createdAt'
  serverChecks: never
  serverMinutes: 'sent' | 'received' | 'failed'
  serverHours: 'sent' | 'received' | 'failed'
  serverEnrollments: never
  instances: 'desired' | 'state' | 'stateChangedAt' | 'createdAt'
  instanceLeases: 'epoch'
  instanceCounters: 'eventSequence'
  sessionCredentials: 'updatedAt'
  sessionKeys: never
  inboundJournal: 'seq' | 'receivedAt'
  contactNumbers: 'learnedAt'
  undecryptableMessages: never
  messages: 'seq' | 'attempts' | 'createdAt'
  events: 'occurredAt' | 'xid'
  webhookEndpoints: 'status' | 'createdAt' | 'urlCheck'
  deliveries: 'seq' | 'status' | 'attempts' | 'attemptsBefore' | 'nextAttemptAt'
  deliveryAttempts: 'attemptedAt'
  idempotentRequests: 'timesActed' | 'createdAt'
  admins: 'recoveryCodeHashes' | 'failedLogIns' | 'createdAt'
  adminSessions: 'rotatedAt' | 'createdAt'
  auditLogs: 'occurredAt' | 'details'
  alerts: 'openedAt' | 'seenAt'
  minuteStats: never
}

type NullableKeys<Row> = { [K in keyof Row]: null extends Row[K] ? K : never }[keyof Row]
type OptionalKeys<T extends TableName> = NullableKeys<MemoryRows[T]> | (Defaulted[T] & keyof MemoryRows[T])

/** A row as it is inserted: what the database fills in, and what may be null, can be left out. */
export type NewRow<T extends TableName> = Omit<MemoryRows[T], OptionalKeys<T>> &
  Partial<Pick<MemoryRows[T], OptionalKeys<T>>>
