import { CloudAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { adviceFor } from '#dashboard/lib/api/advice-for.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { Button } from './Button.tsx'

/** In place of what could not be loaded: why, and what to do. */
export function ErrorState({ error, retry, children }: { error: unknown; retry?: () => void; children?: ReactNode }) {
  const failure = error instanceof CallFailed ? error : undefined
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-4 py-12 text-center">
      <CloudAlert aria-hidden className="size-8 text-muted" />
      <div className="max-w-md">
        <p className="font-medium">{failure?.message ?? 'This part of the page failed.'}</p>
        <p className="mt-1 text-muted">
          {failure === undefined ? 'A new version may have been published: reload the page.' : adviceFor(failure)}
        </p>
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        {retry !== undefined && failure?.code !== 'NOT_FOUND' && failure?.code !== 'FORBIDDEN' && (
          <Button onClick={retry}>Try again</Button>
        )}
        {failure === undefined && <Button onClick={() => location.reload()}>Reload</Button>}
        {children}
      </div>
    </div>
  )
}
