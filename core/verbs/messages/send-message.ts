import { ApiError } from '#contracts/errors.ts'
import type { MessageView } from '#contracts/http/message-view.ts'
import { newId, type InstanceId, type MessageId } from '#contracts/ids.ts'
import type { OutboundContent } from '#contracts/message-content.ts'
import type { Acceptance, Message, NewMessage } from '#core/ports/messages.ts'
import { messageExpiry } from '#core/rules/message-expiry.ts'
import { notFound } from '#core/rules/not-found.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import { requestHash, type RequestIdentity } from '#core/rules/request-hash.ts'
import { requireStanding } from '#core/rules/require-standing.ts'
import { sameBytes } from '#core/rules/same-bytes.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { noteStanding } from '#core/verbs/keys/note-standing.ts'
import { hintOutbox } from './hint-outbox.ts'
import { hasLeft, waitForMessage } from './wait-for-message.ts'

export interface SendMessageInput {
  instanceId: InstanceId
  /** E.164. */
  to: string
  content: OutboundContent
  contextMessageId?: MessageId | undefined
  /** When to give up; 24 hours from now if not told. */
  expiresAt?: Date | undefined
  ifDisconnected: 'queue' | 'reject'
  idempotencyKey?: string | undefined
  /** What the idempotency key stands for. */
  request: RequestIdentity
  /** How long the answer may wait for WhatsApp to have the message; 0 = not at all. */
  waitSeconds: number
}

export interface SentMessage {
  message: MessageView
  /** The idempotency key had this message already. */
  replayed: boolean
  /** The caller waited and WhatsApp has it. */
  sent: boolean
}

/**
 * Accepts a message and tells the worker, which would find it by itself otherwise. With a wait, answers as soon as
 * WhatsApp has it, it failed, or the time is over. Throws INVALID_API_KEY, ACCOUNT_SUSPENDED, FORBIDDEN (the key is looked
 * at inside the acceptance), NOT_FOUND, INSTANCE_NOT_CONNECTED, IDEMPOTENCY_MISMATCH and QUOTA_EXCEEDED.
 */
export async function sendMessage(
  app: Pick<
    App,
    'apiKeys' | 'messages' | 'instances' | 'provenKeys' | 'gateway' | 'clock' | 'background' | 'sharedHints'
  >,
  actor: Actor,
  input: SendMessageInput,
): Promise<SentMessage> {
  const hash = await requestHash(input.request)
  const inserted = await app.messages.insertOnce(
    actor.customerId,
    actor.keyId,
    newMessage(actor, input, hash, app.clock.now()),
  )
  if (inserted.outcome === 'quota-exceeded') throw quotaExceeded(app.clock.now())

  // The key first, so that a dead one learns nothing else.
  noteStanding(app, actor, requireStanding(inserted.acceptance.key, 'messages:send'))
  const { message, replayed, instance } = accepted(inserted.acceptance, input, hash)
  if (input.waitSeconds > 0) {
    const view = presentMessage(message, instance.phoneNumber)
    const seen = await waitForMessage(app, actor, { view, route: instance.route, waitSeconds: input.waitSeconds })
    return { message: seen, replayed, sent: hasLeft(seen.status) }
  }
  if (!replayed) hintOutbox(app, actor, instance.route, message.id)
  // A repetition gets the answer of the first request, whatever became of the message since.
  return { message: presentMessage(asAccepted(message), instance.phoneNumber), replayed, sent: false }
}

function asAccepted(message: Message): Message {
  return { ...message, status: 'queued', failure: null, sentAt: null, deliveredAt: null, readAt: null }
}

function newMessage({ address }: Actor, input: SendMessageInput, hash: Uint8Array, now: Date): NewMessage {
  return {
    id: newId('message'),
    instanceId: input.instanceId,
    chat: input.to,
    waMessageId: newWaMessageId(),
    content: input.content,
    contextMessageId: input.contextMessageId ?? null,
    idempotencyKey: input.idempotencyKey ?? null,
    requestHash: hash,
    expiry: messageExpiry(input.expiresAt, now),
    requireConnected: input.ifDisconnected === 'reject',
    calledFrom: address,
  }
}

/** What was accepted, or the reason why nothing was. */
function accepted(acceptance: Acceptance, input: SendMessageInput, hash: Uint8Array) {
  const { instance, message, contextFound } = acceptance
  if (message !== undefined && !sameBytes(message.requestHash, hash)) {
    throw new ApiError('IDEMPOTENCY_MISMATCH', 'This Idempotency-Key was used for another request.')
  }
  if (instance === undefined) throw notFound('instance')
  if (message !== undefined) return { ...message, instance }
  if (!contextFound) {
    throw new ApiError('NOT_FOUND', 'There is no such message.', {
      details: { 'context.message_id': 'is no message of this instance' },
    })
  }
  if (input.ifDisconnected === 'reject' && !instance.connected) {
    throw new ApiError('INSTANCE_NOT_CONNECTED', 'The instance is not connected to WhatsApp now.')
  }
  throw new Error('The store accepted no message and gave no reason.')
}

/** Until the UTC day is over. */
export function quotaExceeded(now: Date): ApiError {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1)
  return new ApiError('QUOTA_EXCEEDED', "The plan's messages for this UTC day are used up.", {
    retryAfterSeconds: Math.ceil((midnight - now.getTime()) / 1000),
  })
}
