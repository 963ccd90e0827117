import { useId } from 'react'
import { planNames, plans, type Plan } from '#contracts/plans.ts'
import { formatNumber, formatWord } from '#dashboard/lib/format.ts'

const figure = (value: number | null) => (value === null ? 'unlimited' : formatNumber(value))

/** The plans with what each allows, since that is what one chooses by. */
export function PlanField({ chosen, error }: { chosen: Plan; error?: string | undefined }) {
  const errorId = useId()
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">Plan</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {planNames.map((plan) => (
          <label
            key={plan}
            className="flex cursor-pointer items-start gap-2.5 rounded-md border border-line p-2.5 has-checked:border-accent has-checked:bg-accent-soft"
          >
            <input
              type="radio"
              name="plan"
              value={plan}
              defaultChecked={plan === chosen}
              aria-invalid={error !== undefined}
              aria-describedby={error === undefined ? undefined : errorId}
              className="mt-0.5 size-4 accent-accent"
            />
            <span>
              <span className="block font-medium">{formatWord(plan)}</span>
              <span className="block text-xs text-muted">Messages a day: {figure(plans[plan].messagesPerDay)}</span>
              <span className="block text-xs text-muted">Instances: {figure(plans[plan].instances)}</span>
            </span>
          </label>
        ))}
      </div>
      {error !== undefined && (
        <p id={errorId} className="mt-1 text-sm text-bad">
          Plan {error}.
        </p>
      )}
    </fieldset>
  )
}
