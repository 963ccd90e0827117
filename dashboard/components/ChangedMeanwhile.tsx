import { UserPen } from 'lucide-react'
import { keepPrefix, type Conflict } from '#dashboard/lib/edit-texts.ts'

/** In a form: which fields somebody else changed while it was open, and which of both texts each is to keep. */
export function ChangedMeanwhile({
  conflicts,
  labels,
}: {
  conflicts: readonly Conflict[]
  /** Field > what people call it. */
  labels: Readonly<Record<string, string>>
}) {
  return (
    <div role="alert">
      {conflicts.length > 0 && (
        <div className="space-y-3 rounded-md bg-warn-soft p-3">
          <p className="flex gap-2 text-warn">
            <UserPen aria-hidden className="mt-0.5 size-4 shrink-0" />
            Somebody else changed this while you had it open; nothing of yours is saved yet. Choose what stays.
          </p>
          {conflicts.map(({ name, theirs, mine }) => (
            <fieldset key={`${name} ${theirs}`}>
              <legend className="text-sm font-medium">{labels[name] ?? name}</legend>
              <Choice name={name} value="mine" label="Yours" text={mine} />
              <Choice name={name} value="theirs" label="Theirs" text={theirs} />
            </fieldset>
          ))}
        </div>
      )}
    </div>
  )
}

function Choice({ name, value, label, text }: { name: string; value: 'mine' | 'theirs'; label: string; text: string }) {
  return (
    <label className="flex min-h-8 cursor-pointer items-start gap-2.5 py-1">
      <input
        type="radio"
        name={`${keepPrefix}${name}`}
        value={value}
        defaultChecked={value === 'mine'}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {label}: {text === '' ? <span className="text-muted">empty</span> : <bdi>{text}</bdi>}
      </span>
    </label>
  )
}
