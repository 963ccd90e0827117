import { Time } from './Time.tsx'

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** What a record holds beside its columns, as names and values. */
export function Details({ details }: { details: Record<string, unknown> }) {
  const entries = Object.entries(details)
  if (entries.length === 0) return <span className="text-muted">None</span>
  return (
    <dl className="max-w-80 min-w-52 text-xs">
      {entries.map(([name, value]) => (
        <div key={name} className="flex gap-1.5">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 [overflow-wrap:anywhere]">
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Moments in the person's zone, as everywhere. */
function Value({ value }: { value: unknown }) {
  if (typeof value !== 'string') return <bdi>{JSON.stringify(value)}</bdi>
  return moment.test(value) && !Number.isNaN(Date.parse(value)) ? <Time value={value} /> : <bdi>{value}</bdi>
}
