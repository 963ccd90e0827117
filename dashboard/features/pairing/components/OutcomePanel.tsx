import { CircleCheck, CircleX, Clock, type LucideIcon } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Button } from '#dashboard/components/Button.tsx'
import { useTexts } from '#dashboard/features/pairing/language.ts'
import type { Outcome } from '#dashboard/features/pairing/texts/texts.ts'

const looks: Partial<Record<Outcome, [icon: LucideIcon, colour: string]>> = {
  linked: [CircleCheck, 'text-good'],
  expired: [Clock, 'text-muted'],
}

/** How it ended and what to do; read aloud when it appears. */
export function OutcomePanel({ outcome, begin }: { outcome: Outcome; begin?: () => void }) {
  const texts = useTexts()
  const { title, advice } = texts.outcomes[outcome]
  const [Icon, colour] = looks[outcome] ?? [CircleX, 'text-bad']
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [outcome])
  return (
    <div className="flex flex-col items-center gap-5 px-4 py-14 text-center">
      <Icon aria-hidden className={`size-14 ${colour}`} strokeWidth={1.5} />
      <div className="max-w-md">
        <h2 ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
          {title}
        </h2>
        <p className="mt-1.5 text-muted">{advice}</p>
      </div>
      {begin !== undefined && (
        <Button kind="primary" onClick={begin}>
          {outcome === 'expired' || outcome === 'loggedOut' ? texts.getNewCode : texts.tryAgain}
        </Button>
      )}
    </div>
  )
}
