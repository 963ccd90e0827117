import { Check } from 'lucide-react'
import type { Scene } from '#dashboard/features/pairing/describe-pairing.ts'
import { useTexts } from '#dashboard/features/pairing/language.ts'

/** How far it is: a code, the connection, done. Nothing of that when it failed. */
export function ProgressMarks({ scene }: { scene: Scene }) {
  const { steps } = useTexts()
  if (scene.is === 'over' && scene.outcome !== 'linked') return null
  const at = scene.is === 'over' ? 3 : scene.is === 'connecting' ? 1 : 0
  return (
    <ol className="flex items-center gap-2 border-b border-line px-4 py-3 text-xs sm:gap-3 sm:px-6 sm:text-sm">
      {[steps.code, steps.connecting, steps.linked].map((name, index) => (
        <li
          key={name}
          aria-current={index === at ? 'step' : undefined}
          className={`flex items-center gap-2 not-first:flex-1 ${index <= at ? 'font-medium text-ink' : 'text-muted'}`}
        >
          {index > 0 && <span aria-hidden className={`h-px flex-1 ${index <= at ? 'bg-accent' : 'bg-line'}`} />}
          <span
            aria-hidden
            className={`flex size-6 shrink-0 items-center justify-center rounded-full text-xs font-semibold ${index <= at ? 'bg-accent text-on-accent' : 'border border-line-strong text-muted'}`}
          >
            {index < at ? <Check className="size-3.5" /> : index + 1}
          </span>
          {name}
        </li>
      ))}
    </ol>
  )
}
