import type { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { adviceFor } from '#dashboard/lib/api/advice-for.ts'
import { useSecondsLeft } from '#dashboard/lib/use-seconds-left.ts'

/** What a person can do about it; where it is a wait, how long still. The count is not read out each second. */
export function Advice({ failure, repeats = false }: { failure: CallFailed; repeats?: boolean }) {
  const left = useSecondsLeft(failure.retryAt)
  if (failure.retryAt === undefined) return adviceFor(failure)
  if (left === 0) return repeats ? 'Trying again …' : 'You can try again now.'
  return (
    <>
      {repeats ? 'It is tried again by itself in' : 'You can try again in'}{' '}
      <span role="timer" className="tabular-nums">
        {formatWait(left)}
      </span>
      .
    </>
  )
}

function formatWait(seconds: number): string {
  if (seconds < 90) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
  return `${Math.ceil(seconds / 60)} minutes`
}
