import { z } from 'zod'

/** The request header of everything that acts once per key. */
export const idempotentHeadersSchema = z.object({
  'idempotency-key': z
    .string()
    .min(1, 'must not be empty')
    .max(255, 'must have at most 255 characters')
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .optional()
    .meta({
      description: 'The same key with the same request acts once, however often it is sent.',
      examples: ['order-4711'],
    }),
})

/** The header of answers that repeat an earlier one. */
export const replayedHeadersSchema = z.object({
  'idempotent-replayed': z.literal('true').optional().describe('The answer repeats that of the first request.'),
})

/** What a repetition says in place of a secret. */
export const secretShownSchema = z
  .literal(false)
  .optional()
  .describe('Only in the repetition of a request with an `Idempotency-Key`: the secret is not shown again.')
