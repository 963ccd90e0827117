import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { followFleetPairingContract } from '#contracts/http/fleet-pairing.ts'
import { qrViewSchema, type QrView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { pairingEndSchema, type PairingEnd } from '#contracts/pairing-end.ts'
import { callEvents } from '#dashboard/lib/api/call-events.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'

interface LiveQr {
  /** The code to scan now. */
  qr?: QrView
  /** Why no more codes come. */
  end?: PairingEnd
  failure?: CallFailed
}

/** The codes of an instance as they come, for as long as the component is there. `again` asks for more after the end. */
export function useLiveQr(instanceId: InstanceId): LiveQr & { again: () => void } {
  const queryClient = useQueryClient()
  const [live, setLive] = useState<LiveQr>({})
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    const watch = new AbortController()
    const tell = (next: LiveQr) => {
      if (!watch.signal.aborted) setLive(next)
    }
    const follow = async () => {
      const path = followFleetPairingContract.path.replace(':instance_id', instanceId)
      for await (const { event, data } of callEvents(path, watch.signal)) {
        // What else the page shows of it may have changed with each event.
        void queryClient.invalidateQueries({ queryKey: ['instances'] })
        if (event === 'end') return tell({ end: pairingEndSchema.parse(data).reason })
        if (event === 'qr') tell({ qr: qrViewSchema.parse(data) })
      }
      tell({ failure: new CallFailed('NO_CONNECTION', 'The stream of codes broke off.') })
    }
    tell({})
    follow().catch((error: unknown) => tell({ failure: asFailure(error) }))
    return () => watch.abort()
  }, [instanceId, attempt, queryClient])
  return { ...live, again: () => setAttempt(attempt + 1) }
}

function asFailure(error: unknown): CallFailed {
  if (error instanceof CallFailed) return error
  return new CallFailed('UNEXPECTED_ANSWER', 'The service answered something that this page does not understand.', {
    cause: error,
  })
}
