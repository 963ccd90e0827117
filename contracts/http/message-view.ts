import { z } from 'zod'
import { exampleMessage } from '#contracts/examples.ts'
import { idSchema } from '#contracts/ids.ts'
import { inboundContentSchema } from '#contracts/message-content.ts'
import { messageFailureSchema, messageStatusSchema } from '#contracts/message-status.ts'

/**
 * A message as customers see it, in answers and events. `from` and `to` are E.164 numbers where WhatsApp told us the
 * number, else the address that it gave (such as `95...@lid`). Times are null until they happened.
 */
export const messageViewSchema = z
  .object({
    id: idSchema('message'),
    instance_id: idSchema('instance'),
    direction: z.enum(['outbound', 'inbound']),
    from: z.string().nullable(),
    to: z.string().nullable(),
    chat: z.string().describe('The other side of the conversation.'),
    status: messageStatusSchema,
    error: z.object({ code: messageFailureSchema, message: z.string() }).nullable(),
    wa_message_id: z.string().describe('The id that WhatsApp knows it by.'),
    context: z.object({ message_id: idSchema('message') }).nullable(),
    created_at: z.iso.datetime(),
    sent_at: z.iso.datetime().nullable(),
    delivered_at: z.iso.datetime().nullable(),
    read_at: z.iso.datetime().nullable(),
    expires_at: z.iso.datetime().nullable(),
  })
  .and(inboundContentSchema)
  .meta({
    id: 'Message',
    description:
      'Times are null until they happened. `from` and `to` are E.164 numbers where WhatsApp told the number, else the address that it gave.',
    examples: [exampleMessage],
  })
export type MessageView = z.infer<typeof messageViewSchema>
