import { z } from 'zod'
import { eventSchema, eventTypeSchema } from '#contracts/events.ts'
import { textSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { defineContract } from './contract.ts'

/** Longest that a request for events is held until there is one, in seconds. */
export const maxEventWaitSeconds = 30

/** Event types, separated by commas. */
const typesSchema = z
  .string()
  .max(1000, 'must have at most 1000 characters')
  .transform((text) => text.split(','))
  .pipe(z.array(eventTypeSchema, { error: 'must be event types, separated by commas' }))
  .meta({ type: 'string', examples: ['message.received,message.failed'] })

const wholeNumber = z.coerce.number('must be a number').int('must be a whole number')

export const listEventsContract = defineContract({
  id: 'listEvents',
  group: 'Events',
  method: 'GET',
  path: '/api/v1/events',
  summary: 'Read the event log, oldest first; as a stream with `Accept: text/event-stream`',
  query: z.strictObject({
    after: textSchema(200)
      .optional()
      .describe('`meta.next_cursor` of the answer before, or `latest`: only what happens from now on.'),
    limit: wholeNumber
      .min(1, 'must be at least 1')
      .max(100, 'must be at most 100')
      .default(20)
      .describe('How many at most; a stream takes as many at a time.'),
    types: typesSchema.optional().describe('Only events of these types, separated by commas.'),
    instance_id: idSchema('instance').optional().describe('Only events of this instance.'),
    wait: wholeNumber
      .min(0, 'must be at least 0')
      .max(maxEventWaitSeconds, `must be at most ${maxEventWaitSeconds}`)
      .default(0)
      .describe('Seconds to wait for an event when there is none yet. A stream always waits.'),
  }),
  headers: z.object({
    accept: z.string().max(1000, 'must have at most 1000 characters').optional(),
    'last-event-id': textSchema(200)
      .optional()
      .describe('Where a stream goes on; browsers send it by themselves. It goes before `after`.'),
  }),
  responses: {
    200: z.object({
      success: z.literal(true),
      data: z.array(eventSchema),
      meta: z.object({
        next_cursor: z.string().describe('Pass it as `after`, also when there was no event.'),
        has_more: z.boolean().describe('More events are there already.'),
      }),
    }),
  },
  otherMedia: { 'text/event-stream': z.string() },
  errors: [],
})
