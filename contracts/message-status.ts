import { z } from 'zod'

/**
 * Outbound: `queued > sending > sent` (WhatsApp's server has it) `> delivered > read`, or one of the final `failed`,
 * `expired`, `cancelled`. Inbound messages are `received`. A status never goes back.
 */
export const messageStatuses = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'failed',
  'expired',
  'cancelled',
  'received',
] as const
export type MessageStatus = (typeof messageStatuses)[number]
export const messageStatusSchema = z.enum(messageStatuses).meta({
  id: 'MessageStatus',
  description:
    'Outbound: queued, sending, sent (WhatsApp has it), delivered, read; or ended failed, expired, cancelled. Inbound: received.',
})

/** Why a message ended `failed`, with the sentence that the API shows beside the code. */
export const messageFailures = {
  NOT_ON_WHATSAPP: 'The recipient has no WhatsApp account.',
  DELIVERY_UNKNOWN: 'It was sent, but WhatsApp did not confirm it before it expired.',
  RECIPIENT_RESTRICTED: 'WhatsApp does not let this number write to this recipient now.',
  REFUSED_BY_WHATSAPP: 'WhatsApp refused the message.',
  CONTENT_INVALID: 'The message could not be encoded for WhatsApp.',
} as const
export type MessageFailure = keyof typeof messageFailures
export const messageFailureSchema = z
  .enum(Object.keys(messageFailures) as [MessageFailure, ...MessageFailure[]])
  .meta({ id: 'MessageFailure' })
