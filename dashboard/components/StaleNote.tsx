import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { Advice } from './Advice.tsx'

/** Over what is shown although it could not be loaded anew. */
export function StaleNote({ error }: { error: Error | null }) {
  if (error === null) return null
  return (
    <p role="alert" className="bg-warn-soft px-4 py-2 text-warn">
      {error.message} What stands here is older.{' '}
      {error instanceof CallFailed && error.retryAt !== undefined && <Advice failure={error} repeats />}
    </p>
  )
}
