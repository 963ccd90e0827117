import { z } from 'zod'

/** Why an instance sends less for a while, with the sentence that events show beside the code. */
export const sendingLimitReasons = {
  'wa-restricted':
    'WhatsApp refused a message because this number may not write to new contacts now. First messages to new chats wait; chats in which messages were exchanged go on.',
  'wa-too-fast': 'WhatsApp refused a message because this number sends too fast. All messages leave slower.',
} as const
export type SendingLimitReason = keyof typeof sendingLimitReasons
export const sendingLimitReasonSchema = z
  .enum(Object.keys(sendingLimitReasons) as [SendingLimitReason, ...SendingLimitReason[]])
  .meta({ id: 'SendingLimitReason' })

/** What a limit does until it ends. */
export const sendingLimitEffects = { 'wa-restricted': 'new-chats-held', 'wa-too-fast': 'sending-slowed' } as const

/** First messages to new chats per minute that a customer can choose for an instance. */
export const newChatsPerMinute = { least: 1, most: 120, default: 60 } as const
