import { useEffect, useState } from 'react'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import type { PairingProgress } from './pairing-progress.ts'
import { watchPairing } from './watch-pairing.ts'

const unknown: PairingProgress = { view: undefined, qr: undefined, failure: undefined, over: false }

/** The pairing of a link as it goes. `begin` starts it anew after it was over. */
export function usePairing(token: string): PairingProgress & { begin: () => void } {
  const [progress, setProgress] = useState(unknown)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    const watch = new AbortController()
    const { signal } = watch
    const tell = (change: Partial<PairingProgress>) => {
      if (!signal.aborted) setProgress((before) => ({ ...before, ...change }))
    }
    tell({ over: false, failure: undefined })
    watchPairing(token, { start: attempt > 0, signal, tell }).catch((error: unknown) => {
      tell({ over: true, qr: undefined, failure: asFailure(error) })
    })
    return () => watch.abort()
  }, [token, attempt])
  return { ...progress, begin: () => setAttempt(attempt + 1) }
}

/** What this page's own code did not expect, such as an event that does not fit its contract. */
function asFailure(error: unknown): CallFailed {
  return new CallFailed('UNEXPECTED_ANSWER', 'The service answered something that this page does not understand.', {
    cause: error,
  })
}
