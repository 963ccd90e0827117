import { ApiError } from '#contracts/errors.ts'
import type { DaySpan } from '#core/ports/usage.ts'

const dayMs = 86_400_000
/** How many days are shown unless somebody says from when on. */
const usualDays = 30

/** `YYYY-MM-DD` of the moment in UTC. */
export function dayUtc(moment: Date): string {
  return moment.toISOString().slice(0, 10)
}

/** So many days, of which today is the last. */
export function lastDays(days: number, now: Date): DaySpan {
  return { from: dayBefore(dayUtc(now), days - 1), to: dayUtc(now) }
}

/** The days that are asked for: until today and thirty of them unless said otherwise. Throws VALIDATION_ERROR. */
export function daySpan(asked: Partial<DaySpan>, now: Date, mostDays: number): DaySpan {
  const to = asked.to ?? dayUtc(now)
  const from = asked.from ?? dayBefore(to, usualDays - 1)
  if (from > to) throw invalid('must not be after `to`')
  if (from < dayBefore(to, mostDays - 1)) throw invalid(`must be at most ${mostDays} days up to \`to\``)
  return { from, to }
}

export function nextDay(day: string): string {
  return dayBefore(day, -1)
}

function dayBefore(day: string, days: number): string {
  const moment = new Date(`${day}T00:00:00Z`).getTime() - days * dayMs
  // Before the first day that both languages write alike there is nothing to find.
  return dayUtc(new Date(Math.max(moment, Date.parse('0001-01-01T00:00:00Z'))))
}

function invalid(problem: string): ApiError {
  return new ApiError('VALIDATION_ERROR', 'The request is not valid.', { details: { from: problem } })
}
