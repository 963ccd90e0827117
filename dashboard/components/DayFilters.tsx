import { Button } from './Button.tsx'
import { FilterText } from './Filters.tsx'

const orNothing = (day: string) => (day === '' ? undefined : day)

/** The first and the last day that are shown, and the way back to what is shown without filters. */
export function DayFilters({
  from,
  to,
  filtered,
  onChange,
  onRemove,
}: {
  from: string | undefined
  to: string | undefined
  /** Whether there is any filter to remove. */
  filtered: boolean
  onChange: (days: { from?: string | undefined; to?: string | undefined }) => void
  onRemove: () => void
}) {
  return (
    <>
      <FilterText label="From" type="date" value={from ?? ''} onChange={(day) => onChange({ from: orNothing(day) })} />
      <FilterText label="To" type="date" value={to ?? ''} onChange={(day) => onChange({ to: orNothing(day) })} />
      {filtered && (
        <Button kind="quiet" onClick={onRemove}>
          Remove the filters
        </Button>
      )}
    </>
  )
}
