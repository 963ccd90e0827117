import type { ReactNode } from 'react'

/** Names and values; null is shown as unknown. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="grid min-w-0 grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-6 gap-y-3">
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="[overflow-wrap:anywhere]">{value ?? <span className="text-muted">Unknown</span>}</dd>
        </div>
      ))}
    </dl>
  )
}
