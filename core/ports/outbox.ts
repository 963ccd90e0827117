import type { InstanceId, MessageId } from '#contracts/ids.ts'
import type { MessageFailure } from '#contracts/message-status.ts'
import type { Message } from './messages.ts'
import type { Fence } from './session-leases.ts'

/** A message that can leave now: the oldest unfinished one of its chat. */
export interface OutboxEntry {
  message: Message
  /** Ciphertexts made so far; 0 = never attempted. */
  attempts: number
  /** WhatsApp's id and sender of the message that this one quotes. */
  quoted: { waMessageId: string; sender: string; body: string } | undefined
}

/** What WhatsApp tells about a message that the instance sent. */
export interface Receipt {
  waMessageIds: readonly string[]
  status: 'delivered' | 'read'
}

/** Outbound messages, for the worker. Every change goes with its event and deliveries in one transaction. */
export interface Outbox {
  /**
   * The head of each chat of these instances, oldest first: status queued or sending, `not_before` passed, not expired.
   * One query for all instances.
   */
  heads(instanceIds: readonly InstanceId[], limit: number): Promise<OutboxEntry[]>
  get(instanceId: InstanceId, id: MessageId): Promise<Message | undefined>
  /** For retry receipts: what was sent under this id. */
  findByWaMessageId(instanceId: InstanceId, waMessageId: string): Promise<Message | undefined>
  /** WhatsApp's server has it: `sent`, event `message.sent`. Undefined when it was final already. Throws FencedOut. */
  markSent(fence: Fence, id: MessageId): Promise<Message | undefined>
  /** Final failure with event `message.failed`. Undefined when it was final already. Throws FencedOut. */
  markFailed(fence: Fence, id: MessageId, failure: MessageFailure): Promise<Message | undefined>
  /**
   * Moves forward only; unknown ids are ignored. Events `message.delivered` and `message.read`, after `message.sent` when
   * the receipt came before the ack was written. Throws FencedOut.
   */
  applyReceipt(fence: Fence, receipt: Receipt): Promise<void>
  /**
   * Ends what is past its `expires_at`: never attempted > `expired`, attempted > `failed` with DELIVERY_UNKNOWN, each
   * with event `message.failed`. Any process may do it. Returns how many ended, at most `limit`.
   */
  expireDueAcrossCustomers(limit: number): Promise<number>
}
