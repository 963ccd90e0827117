import { useId } from 'react'
import { formatDay, formatNumber } from '#dashboard/lib/format.ts'

interface Day {
  day: string
  value: number
}

const height = 120
const step = 10
const gap = 2

/** Bars of days, oldest first, with the limit as a line where it is near. The same figures stand in a table for who cannot see it. */
export function DayChart({ label, days, limit }: { label: string; days: readonly Day[]; limit: number | null }) {
  const id = useId()
  const most = Math.max(...days.map(({ value }) => value), 1)
  // A limit far above all bars would press them flat: then it is said in words only.
  const showsLimit = limit !== null && limit <= most * 4
  const top = showsLimit ? Math.max(most, limit) : most
  const y = (value: number) => height - (value / top) * (height - 6)
  const width = days.length * step
  const total = days.reduce((sum, { value }) => sum + value, 0)
  return (
    <figure aria-labelledby={id} className="min-w-0">
      <figcaption id={id} className="mb-2 flex flex-wrap justify-between gap-x-4 text-xs text-muted">
        <span>{label}</span>
        <span className="tabular-nums">
          {formatNumber(total)} in {days.length} days, at most {formatNumber(top === most && total === 0 ? 0 : most)} a
          day
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className="h-32 w-full" aria-hidden>
        <line x1="0" x2={width} y1={height} y2={height} className="stroke-line" vectorEffect="non-scaling-stroke" />
        {days.map(({ day, value }, index) => (
          <g key={day}>
            <title>{`${formatDay(day)}: ${formatNumber(value)}`}</title>
            <rect x={index * step} width={step} y="0" height={height} className="fill-transparent hover:fill-sunken" />
            {value > 0 && (
              <rect
                x={index * step + gap / 2}
                width={step - gap}
                y={y(value)}
                height={height - y(value)}
                className="pointer-events-none fill-accent"
              />
            )}
          </g>
        ))}
        {showsLimit && (
          <line
            x1="0"
            x2={width}
            y1={y(limit)}
            y2={y(limit)}
            className="stroke-bad"
            strokeDasharray="4 4"
            vectorEffect="non-scaling-stroke"
          />
        )}
      </svg>
      <div aria-hidden className="mt-1 flex justify-between text-xs text-muted">
        <span>{formatDay(days[0]?.day ?? '')}</span>
        <span>Today</span>
      </div>
      <table className="sr-only">
        <caption>{label}</caption>
        <tbody>
          {days.map(({ day, value }) => (
            <tr key={day}>
              <th scope="row">{formatDay(day)}</th>
              <td>{formatNumber(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}
