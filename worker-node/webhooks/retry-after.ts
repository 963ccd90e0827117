/** Milliseconds that a Retry-After header asks for, given in seconds or as a date; undefined when it says neither. */
export function parseRetryAfter(header: string | string[] | undefined, now: Date): number | undefined {
  if (typeof header !== 'string') return undefined
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1_000
  // An HTTP date begins with the day's name; Date.parse alone takes much more for a date.
  const date = /^[A-Z]/.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime())
}
