import type { ApiKeyId, CustomerId, InstanceId, MessageId } from '#contracts/ids.ts'
import type { MessageContent, OutboundContent } from '#contracts/message-content.ts'
import type { MessageFailure, MessageStatus } from '#contracts/message-status.ts'
import type { KeyStanding } from './api-keys.ts'
import type { AuditEntry } from './audit-log.ts'
import type { Page, Route } from './instances.ts'

export interface Message {
  id: MessageId
  customerId: CustomerId
  instanceId: InstanceId
  direction: 'outbound' | 'inbound'
  /** E.164 where the number is known, else WhatsApp's address. */
  chat: string
  /** `self` for what the instance's own account wrote. */
  sender: string
  waMessageId: string
  content: MessageContent
  contextMessageId: MessageId | null
  status: MessageStatus
  failure: MessageFailure | null
  createdAt: Date
  sentAt: Date | null
  deliveredAt: Date | null
  readAt: Date | null
  expiresAt: Date | null
}

/** `sender` of every message that the instance's own account wrote, by whichever of its devices. */
export const selfSender = 'self'

export interface NewMessage {
  id: MessageId
  instanceId: InstanceId
  chat: string
  waMessageId: string
  content: OutboundContent
  contextMessageId: MessageId | null
  /** Stands for the message for `keptForMs` (core/ports/idempotency.ts). */
  idempotencyKey: string | null
  /** SHA-256 of what the request asks for; the same idempotency key with another hash is a mismatch. */
  requestHash: Uint8Array
  /** Milliseconds from now, by the database's clock, or a moment. */
  expiry: { afterMs: number } | { at: Date }
  /** Insert only when the instance is connected now. */
  requireConnected: boolean
  /** Insert only when the key may be used from this address; null if nobody knows it. */
  calledFrom: string | null
}

/**
 * What the one round trip of acceptance found. `message` is set when it was inserted now (`replayed: false`) or when the
 * idempotency key already had one (`replayed: true`, with that request's hash).
 */
export interface Acceptance {
  key: KeyStanding | undefined
  instance: { connected: boolean; phoneNumber: string | null; route: Route } | undefined
  /** False when `contextMessageId` is given and is no message of this instance. */
  contextFound: boolean
  message: { message: Message; replayed: boolean; requestHash: Uint8Array } | undefined
}

export type InsertOutcome = { outcome: 'ok'; acceptance: Acceptance } | { outcome: 'quota-exceeded' }

/** A customer's messages, for the edge. */
export interface Messages {
  /**
   * Accepts a message in one transaction and one round trip: idempotency, quota, whether key (with the scope
   * `messages:send`, and from where it is used), customer and instance are live, the insert, and the route to the worker. Nothing is inserted unless
   * all of them allow it.
   */
  insertOnce(customerId: CustomerId, keyId: ApiKeyId, message: NewMessage): Promise<InsertOutcome>
  /**
   * The same for an admin: no key is asked for, `key` tells how the customer stands, and the entry is written if the
   * message is.
   */
  insertForAdmin(customerId: CustomerId, audit: AuditEntry, message: NewMessage): Promise<InsertOutcome>
  get(customerId: CustomerId, id: MessageId): Promise<Message | undefined>
  /**
   * A queued message becomes `cancelled`, with event `message.failed` and its deliveries in the same transaction; in any
   * other status nothing changes. The message as it then is; undefined when the customer has no such message.
   */
  cancel(customerId: CustomerId, id: MessageId): Promise<Message | undefined>
  /** Newest first; undefined when the instance is not this customer's. */
  list(
    customerId: CustomerId,
    instanceId: InstanceId,
    query: {
      limit: number
      cursor?: string
      direction?: 'outbound' | 'inbound'
      status?: MessageStatus
      chat?: string
    },
  ): Promise<Page<Message> | undefined>
}
