import { formatAgo, formatMoment, formatPrecisely } from '#dashboard/lib/format.ts'

/** A moment in the person's zone; its tooltip names the zone. */
export function Time({ value, ago = false }: { value: string; ago?: boolean }) {
  return (
    <time dateTime={value} title={formatPrecisely(value)} className="whitespace-nowrap tabular-nums">
      {ago ? formatAgo(value) : formatMoment(value)}
    </time>
  )
}
