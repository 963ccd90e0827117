const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
const precise = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' })
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const clocks = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })
const daysAndClocks = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})
const shares = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 2 })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

export function formatNumber(value: number): string {
  return numbers.format(value)
}

/** 0.0005 is "0.05%". */
export function formatShare(share: number): string {
  return shares.format(share)
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB']

/** 41_200 is "41.2 kB". */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), byteUnits.length - 1)
  return `${tenths.format(bytes / 1_000 ** power)} ${byteUnits[power]}`
}

/** "480 ms", "1.2 s", "5 min". */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${tenths.format(ms)} ms`
  return ms < 60_000 ? `${tenths.format(ms / 1_000)} s` : `${tenths.format(ms / 60_000)} min`
}

/** The time of day in the person's zone. */
export function formatClock(iso: string): string {
  return clocks.format(new Date(iso))
}

/** The same with its day, for some days around now. */
export function formatDayAndClock(iso: string): string {
  return daysAndClocks.format(new Date(iso))
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
