import { formatNumber } from '#dashboard/lib/format.ts'

/** How much of a limit is used, as figures and a bar. */
export function Meter({
  label,
  used,
  limit,
  compact = false,
  tone = 'limit',
}: {
  label: string
  used: number
  limit: number | null
  compact?: boolean
  /** `good`: the fuller the better. */
  tone?: 'limit' | 'good'
}) {
  const share = limit === null || limit === 0 ? 0 : Math.min(used / limit, 1)
  const colour = tone === 'good' ? 'bg-accent' : share >= 1 ? 'bg-bad-strong' : share >= 0.8 ? 'bg-warn' : 'bg-accent'
  const text = `${formatNumber(used)} of ${limit === null ? 'unlimited' : formatNumber(limit)}`
  return (
    <div className={compact ? 'min-w-28' : ''}>
      <div className="flex items-baseline justify-between gap-3">
        {!compact && <span className="text-muted">{label}</span>}
        <span className="whitespace-nowrap tabular-nums">{text}</span>
      </div>
      {limit !== null && (
        <div
          role="meter"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={limit}
          aria-valuenow={Math.min(used, limit)}
          aria-valuetext={text}
          className={`overflow-hidden rounded-full bg-line ${compact ? 'mt-1 h-1' : 'mt-1.5 h-2'}`}
        >
          <div className={`h-full rounded-full ${colour}`} style={{ width: `${share * 100}%` }} />
        </div>
      )}
    </div>
  )
}
