import { z } from 'zod'
import { textSchema } from './fields.ts'

/** Longest text that WhatsApp's own clients send in one message, in characters. */
export const maxTextLength = 4096

export const textContentSchema = z.strictObject({
  type: z.literal('text'),
  text: z.strictObject({ body: textSchema(maxTextLength).meta({ examples: ['Hello'] }) }),
})

/** Words for a `type` that there is not; what else is wrong is said as of any field. */
export function unknownTypeError({ code }: { code: string }): string | undefined {
  return code === 'invalid_union' ? 'must be one of: text' : undefined
}

/** What a customer can send. Media, locations, polls and the rest become further members of this union. */
export const outboundContentSchema = z.discriminatedUnion('type', [textContentSchema], { error: unknownTypeError })
export type OutboundContent = z.infer<typeof outboundContentSchema>

/** What can arrive: what we can name, or `unsupported` with WhatsApp's own name of it. */
export const inboundContentSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('text'), text: z.object({ body: z.string().meta({ examples: ['Hello'] }) }) }),
    z.object({
      type: z.literal('unsupported'),
      unsupported: z.object({ kind: z.string().describe("WhatsApp's own name of it.") }),
    }),
  ])
  .meta({ id: 'MessageContent', description: 'What we can name, or `unsupported`.' })
export type InboundContent = z.infer<typeof inboundContentSchema>

export type MessageContent = OutboundContent | InboundContent
export type MessageType = MessageContent['type']
