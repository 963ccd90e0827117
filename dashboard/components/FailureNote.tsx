import { TriangleAlert } from 'lucide-react'
import type { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { Advice } from './Advice.tsx'

/** What went wrong with a form or a change, beside it. */
export function FailureNote({ failure }: { failure: CallFailed | undefined }) {
  return (
    <div role="alert">
      {failure !== undefined && (
        <div className="flex gap-2 rounded-md bg-bad-soft px-3 py-2 text-sm text-bad">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <p>
            {failure.message} <Advice failure={failure} />
          </p>
        </div>
      )}
    </div>
  )
}
