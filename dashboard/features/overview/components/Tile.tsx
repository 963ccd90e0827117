import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

export type TileTone = 'plain' | 'warn' | 'bad'

const tones: Record<TileTone, string> = { plain: 'text-ink', warn: 'text-warn', bad: 'text-bad' }

/** One figure with what it is of; the way to more of it where there is a page. */
export function Tile({
  label,
  value,
  hint,
  tone = 'plain',
  to,
}: {
  label: string
  value: string
  hint: ReactNode
  tone?: TileTone
  to?: '/customers' | '/servers' | '/instances' | '/alerts'
}) {
  const frame = 'block rounded-lg border border-line bg-surface px-4 py-3'
  const content = (
    <dl>
      <dt className="text-xs text-muted">{label}</dt>
      <dd className={`mt-0.5 text-2xl font-semibold tracking-tight tabular-nums ${tones[tone]}`}>{value}</dd>
      <dd className="mt-0.5 text-xs text-muted">{hint}</dd>
    </dl>
  )
  return to === undefined ? (
    <div className={frame}>{content}</div>
  ) : (
    <Link to={to} className={`${frame} hover:border-line-strong`}>
      {content}
    </Link>
  )
}
