import { CloudAlert } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { millisecondsToWait } from '#dashboard/lib/poll.ts'
import { Advice } from './Advice.tsx'
import { Button } from './Button.tsx'

/** In place of what could not be loaded: why, and what to do. Where the service said when to come back, it is tried then. */
export function ErrorState({ error, retry, children }: { error: unknown; retry?: () => void; children?: ReactNode }) {
  const failure = error instanceof CallFailed ? error : undefined
  const repeats = retry !== undefined && failure?.retryAt !== undefined
  useRetryWhenOver(error, retry)
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-4 py-12 text-center">
      <CloudAlert aria-hidden className="size-8 text-muted" />
      <div className="max-w-md">
        <p className="font-medium">{failure?.message ?? 'This part of the page failed.'}</p>
        <p className="mt-1 text-muted">
          {failure === undefined ? (
            'A new version may have been published: reload the page.'
          ) : (
            <Advice failure={failure} repeats={repeats} />
          )}
        </p>
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        {retry !== undefined && !repeats && failure?.code !== 'NOT_FOUND' && failure?.code !== 'FORBIDDEN' && (
          <Button onClick={retry}>Try again</Button>
        )}
        {failure === undefined && <Button onClick={() => location.reload()}>Reload</Button>}
        {children}
      </div>
    </div>
  )
}

function useRetryWhenOver(error: unknown, retry: (() => void) | undefined): void {
  const latest = useRef(retry)
  useEffect(() => {
    latest.current = retry
  })
  useEffect(() => {
    const ms = millisecondsToWait(error)
    if (ms === 0) return
    const timer = setTimeout(() => latest.current?.(), ms)
    return () => clearTimeout(timer)
  }, [error])
}
