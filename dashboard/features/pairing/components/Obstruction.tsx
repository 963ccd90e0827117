import { CloudOff } from 'lucide-react'
import type { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { useTexts } from '#dashboard/features/pairing/language.ts'
import type { Obstacle } from '#dashboard/features/pairing/texts/texts.ts'

/** What is waited for, while the page tries by itself. */
export function Obstruction({ obstacle, failure }: { obstacle: Obstacle; failure: CallFailed | undefined }) {
  const texts = useTexts()
  const isLimit = failure?.code === 'RATE_LIMIT_EXCEEDED'
  return (
    <p role="status" className="flex items-start gap-2 border-b border-line bg-warn-soft px-4 py-3 text-warn sm:px-6">
      <CloudOff aria-hidden className="mt-0.5 size-4 shrink-0" />
      {isLimit ? texts.wait(failure.retryAfterSeconds ?? 1) : texts.obstacles[obstacle]}
    </p>
  )
}
