const numbers = new Intl.NumberFormat('en')
const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
const precise = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' })
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

export function formatNumber(value: number): string {
  return numbers.format(value)
}

/** In the person's zone. */
export function formatMoment(iso: string): string {
  return moments.format(new Date(iso))
}

/** In the person's zone, with its name. */
export function formatPrecisely(iso: string): string {
  return precise.format(new Date(iso))
}

/** A UTC day as plans count them: `2026-01-31` is "31 Jan" wherever the person is. */
export function formatDay(day: string): string {
  return days.format(new Date(`${day}T00:00:00Z`))
}

const steps: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** "3 hours ago". */
export function formatAgo(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1000
  const step = steps.find(([, size]) => Math.abs(seconds) >= size)
  return step === undefined ? 'just now' : relative.format(Math.trunc(seconds / step[1]), step[0])
}

/** `super_admin` is "Super admin". */
export function formatWord(word: string): string {
  const spaced = word.replaceAll(/[_-]/g, ' ')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
