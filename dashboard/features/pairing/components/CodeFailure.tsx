import { TriangleAlert } from 'lucide-react'
import type { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { useTexts } from '#dashboard/features/pairing/language.ts'

/** Why no code was made, and what to do. A wrong number is said at its field. */
export function CodeFailure({ failure }: { failure: CallFailed | undefined }) {
  const texts = useTexts()
  if (failure === undefined || failure.code === 'VALIDATION_ERROR') return <div role="alert" />
  const said = {
    INSTANCE_NOT_PAIRING: texts.codeNotYet,
    PAIRING_REFUSED: texts.codeRefused,
    NO_CONNECTION: texts.obstacles.offline,
    RATE_LIMIT_EXCEEDED: texts.wait(failure.retryAfterSeconds ?? 1),
  }
  return (
    <div role="alert" className="flex gap-2 rounded-md bg-bad-soft px-3 py-2 text-bad">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <p>{failure.code in said ? said[failure.code as keyof typeof said] : texts.codeFailed}</p>
    </div>
  )
}
