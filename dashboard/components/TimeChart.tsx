import { useState, type KeyboardEvent, type PointerEvent } from 'react'

export interface Line {
  name: string
  /** One per moment; null where there is nothing to tell, which is a gap. */
  values: readonly (number | null)[]
  tone?: 'bad'
}

const width = 1000
const height = 100
const strokes = ['stroke-accent', 'stroke-second']
const swatches = ['bg-accent', 'bg-second']

/**
 * Lines over time, oldest first. Pointer and arrow keys choose a moment, whose figures stand above the lines and are told
 * to screen readers; unchosen it is the last one.
 */
export function TimeChart({
  label,
  moments,
  formatMoment,
  format,
  lines,
  empty = 'No message ended in this time.',
}: {
  label: string
  moments: readonly string[]
  formatMoment: (iso: string) => string
  format: (value: number) => string
  lines: readonly Line[]
  /** Said where there is nothing to tell at all. */
  empty?: string
}) {
  const [chosen, setChosen] = useState<number>()
  const last = moments.length - 1
  const index = Math.min(chosen ?? last, last)
  const known = lines.flatMap(({ values }) => values.filter((value) => value !== null))
  const top = roundUp(Math.max(...known, 0))
  const x = (at: number) => (last === 0 ? 0 : (at / last) * width)
  const y = (value: number) => height - (value / top) * height
  const told = (values: Line['values']) => {
    const value = values[index] ?? null
    return value === null ? 'none' : format(value)
  }
  const moment = formatMoment(moments[index] ?? '')

  const follow = ({ currentTarget, clientX }: PointerEvent) => {
    const { left, width: wide } = currentTarget.getBoundingClientRect()
    setChosen(clamp(Math.round(((clientX - left) / wide) * last), last))
  }
  const step = (event: KeyboardEvent) => {
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: last }[event.key]
    if (to === undefined) return
    event.preventDefault()
    setChosen(clamp(to, last))
  }

  return (
    <div className="min-w-0">
      <p aria-hidden className="mb-3 flex flex-wrap justify-between gap-x-4 text-xs text-muted">
        <span className="flex flex-wrap gap-x-4">
          {lines.map(({ name, values, tone }, at) => (
            <span key={name} className="flex items-center gap-1.5">
              <span className={`h-0.5 w-3 rounded-full ${tone === 'bad' ? 'bg-bad' : swatches[at]}`} />
              {name} <span className="font-medium text-ink tabular-nums">{told(values)}</span>
            </span>
          ))}
        </span>
        <span className="tabular-nums">{moment}</span>
      </p>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-xs text-muted tabular-nums">
        <div aria-hidden className="-my-2 flex flex-col justify-between text-right">
          <span>{format(top)}</span>
          <span>{format(top / 2)}</span>
          <span>{format(0)}</span>
        </div>
        <div
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={last}
          aria-valuenow={index}
          aria-valuetext={`${moment}: ${lines.map(({ name, values }) => `${name} ${told(values)}`).join(', ')}`}
          onPointerMove={follow}
          onPointerLeave={() => setChosen(undefined)}
          onKeyDown={step}
          onBlur={() => setChosen(undefined)}
          className="h-36 touch-pan-y"
        >
          <svg
            aria-hidden
            viewBox={`0 0 ${width} ${height}`}
            preserveAspectRatio="none"
            className="size-full overflow-visible [&_*]:[vector-effect:non-scaling-stroke]"
          >
            {[0, height / 2, height].map((at) => (
              <line key={at} x1="0" x2={width} y1={at} y2={at} className="stroke-line" />
            ))}
            {chosen !== undefined && (
              <line x1={x(index)} x2={x(index)} y1="0" y2={height} className="stroke-line-strong" />
            )}
            {lines.map(({ name, values, tone }, at) => (
              <path
                key={name}
                d={pathOf(values, x, y)}
                className={`fill-none ${tone === 'bad' ? 'stroke-bad' : strokes[at]}`}
                strokeWidth="1.75"
                strokeLinejoin="round"
                strokeLinecap="round"
              />
            ))}
          </svg>
        </div>
        <span />
        <div aria-hidden className="mt-2 flex justify-between">
          {[0, Math.floor(last / 2), last].map((at) => (
            <span key={at}>{formatMoment(moments[at] ?? '')}</span>
          ))}
        </div>
      </div>
      {known.length === 0 && <p className="mt-2 text-muted">{empty}</p>}
    </div>
  )
}

/** A value alone between gaps is a dot: a line of no length with round ends. */
function pathOf(values: Line['values'], x: (at: number) => number, y: (value: number) => number): string {
  let d = ''
  let open = false
  for (const [at, value] of values.entries()) {
    if (value !== null) d += `${open ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(2)}${open ? '' : 'h0'}`
    open = value !== null
  }
  return d
}

function clamp(at: number, last: number): number {
  return Math.min(Math.max(at, 0), last)
}

/** The next of 1, 2, 4, 5, 10, ... in its power of ten, so that half of it reads well too. */
function roundUp(value: number): number {
  if (value === 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 4, 5, 10].find((step) => step * power >= value) ?? 10) * power
}
