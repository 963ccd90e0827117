import { z } from 'zod'

/** NUL can stand in no PostgreSQL text, and nobody types it: refused everywhere with the same words. */
const withoutNul = (value: string) => !value.includes('\u0000')
const nulMessage = 'must not contain the NUL character'

/** Half of a surrogate pair is no character: it can be encoded neither in UTF-8 nor in PostgreSQL's jsonb. */
const wellFormed = (value: string) => !/\p{Cs}/u.test(value)
const wellFormedMessage = 'must not contain half of a surrogate pair'

/** Single-line text for people: trimmed, 1 to `max` characters, no control characters. */
export function nameSchema(max = 100) {
  return z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters')
    .refine(wellFormed, wellFormedMessage)
}

/** Free text of 1 to `max` characters (UTF-16 units, as WhatsApp's clients count). */
export function textSchema(max: number) {
  return z
    .string()
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .refine(withoutNul, nulMessage)
    .refine(wellFormed, wellFormedMessage)
}

/** An E.164 phone number: `+`, a country code that does not begin with 0, 7 to 15 digits in all. */
export const phoneNumberSchema = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number in E.164 form, such as +5511999990002')
  .meta({ id: 'PhoneNumber', description: 'E.164.', examples: ['+5511999990002'] })
export type PhoneNumber = z.infer<typeof phoneNumberSchema>

/** There is no year 0 in PostgreSQL, and a zone's offset can lead into the year 10000, which nobody writes alike. */
function isOfFourDigitYear(text: string): boolean {
  const year = new Date(text).getUTCFullYear()
  return year >= 1 && year <= 9999
}

/** A moment in RFC 3339, in any zone. */
export const timestampSchema = z.iso
  .datetime({ offset: true, error: 'must be a moment in RFC 3339, such as 2026-01-31T12:00:00Z' })
  .refine(isOfFourDigitYear, 'must be in the years 1 to 9999 of UTC')

/** A day, `YYYY-MM-DD`. */
export const daySchema = z.iso
  .date('must be a day, such as 2026-01-31')
  .refine(isOfFourDigitYear, 'must be in the years 1 to 9999')

/** A whole number from 1 to `max`, as text of a query. */
function countSchema(max: number) {
  return z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(max, `must be at most ${max}`)
}

/** `limit` and `cursor` of every cursor list. */
export const cursorQuerySchema = z.strictObject({
  limit: countSchema(100).default(20).describe('How many at most.'),
  cursor: textSchema(200).optional().describe('`meta.next_cursor` of the page before.'),
})
export type CursorQuery = z.infer<typeof cursorQuerySchema>

/** `page` and `limit` of every table. */
export const tableQuerySchema = z.strictObject({
  page: countSchema(100_000).default(1).describe('Counts from 1.'),
  limit: countSchema(100).default(20).describe('Rows of a page.'),
})
export type TableQuery = z.infer<typeof tableQuerySchema>

/** An e-mail address, in lower case: two spellings of one address are one admin. */
export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'must have at most 254 characters')
  .pipe(z.email('must be an e-mail address'))
  .meta({ examples: ['ana@example.com'] })
