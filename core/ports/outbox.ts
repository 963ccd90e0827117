import type { InstanceId, MessageId } from '#contracts/ids.ts'
import type { MessageFailure } from '#contracts/message-status.ts'
import type { SendingLimitReason } from '#contracts/sending-limits.ts'
import type { Pace } from '#core/rules/pacing.ts'
import type { Message } from './messages.ts'
import type { Fence } from './session-leases.ts'

/** A message that can leave now: the oldest unfinished one of its chat. */
export interface OutboxEntry {
  message: Message
  /** Ciphertexts made so far; 0 = never attempted. */
  attempts: number
  /** WhatsApp's id and sender of the message that this one quotes. */
  quoted: { waMessageId: string; sender: string; body: string } | undefined
  /** Never attempted, and to a chat in which the instance has neither sent nor received anything. */
  newChat: boolean
  /** Of the instance, as it is now. */
  pace: Pace
}

/** One look at the outbox of an instance: at its chats after this one. */
export interface OutboxLook {
  instanceId: InstanceId
  /** Empty: from the first chat on. */
  after: string
}

export interface OutboxHeads {
  /** Oldest first. */
  entries: OutboxEntry[]
  /** The chat after which the next look goes on, for instances with chats that this one did not come to. */
  next: Map<InstanceId, string>
}

/** What WhatsApp tells about a message that the instance sent. */
export interface Receipt {
  waMessageIds: readonly string[]
  status: 'delivered' | 'read'
}

/** Outbound messages, for the worker. Every change goes with its event and deliveries in one transaction. */
export interface Outbox {
  /**
   * The heads that can leave now: the oldest unfinished message of a chat (queued or sending) whose `not_before` has passed,
   * that is not expired, that no hold on new chats keeps back, and that is not among the `busy`. Each look comes to at most
   * `chats` chats, in their order, however many wait, so that its cost never follows the length of a queue; the chats of the
   * `hinted` messages are looked at besides. One query for all instances.
   */
  heads(
    looks: readonly OutboxLook[],
    options: { chats: number; hinted?: readonly MessageId[]; busy?: readonly MessageId[] },
  ): Promise<OutboxHeads>
  get(instanceId: InstanceId, id: MessageId): Promise<Message | undefined>
  /** For retry receipts: what was sent under this id. */
  findByWaMessageId(instanceId: InstanceId, waMessageId: string): Promise<Message | undefined>
  /** WhatsApp's server has it: `sent`, event `message.sent`. Undefined when it was final already. Throws FencedOut. */
  markSent(fence: Fence, id: MessageId): Promise<Message | undefined>
  /** Final failure with event `message.failed`. Undefined when it was final already. Throws FencedOut. */
  markFailed(fence: Fence, id: MessageId, failure: MessageFailure): Promise<Message | undefined>
  /**
   * WhatsApp limits the account: remembers until when, with the event `instance.sending_limited`. A limit that would end
   * within minutes of the one there is changes nothing. Throws FencedOut.
   */
  limitSending(fence: Fence, reason: SendingLimitReason): Promise<void>
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
