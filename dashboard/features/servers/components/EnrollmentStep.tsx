import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import type { EnrollmentView } from '#contracts/http/enrollment.ts'
import type { ServerView } from '#contracts/http/servers.ts'
import type { ServerId } from '#contracts/ids.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { Secret } from '#dashboard/components/Secret.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { useServerChanges } from '#dashboard/features/servers/api/change-server.ts'
import { useServer } from '#dashboard/features/servers/api/use-server.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'

/** The command with its token, shown this once, and what has become of it so far. */
export function EnrollmentStep({
  serverId,
  first,
  enrolledBefore,
}: {
  serverId: ServerId
  first: EnrollmentView
  /** When it had enrolled before: what counts is that it does so again. */
  enrolledBefore: string | null
}) {
  const [enrollment, setEnrollment] = useState(first)
  const [failure, setFailure] = useState<CallFailed>()
  const [busy, setBusy] = useState(false)
  const { renewEnrollment } = useServerChanges()
  const { data: server, error } = useServer(serverId)
  const expired = useExpired(enrollment.expires_at)

  const renew = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      const { data } = await renewEnrollment(serverId)
      setEnrollment(data)
    } catch (caught) {
      if (!(caught instanceof CallFailed)) throw caught
      setFailure(caught)
    } finally {
      setBusy(false)
    }
  }
  const enrolled = server !== undefined && server.enrolled_at !== enrolledBefore
  return (
    <div className="space-y-4">
      <Secret label="Enrollment command" value={enrollment.command} />
      {!enrolled && (
        <p className="text-xs text-muted">
          The token in it works once and until <Time value={enrollment.expires_at} />. It is shown this once.
        </p>
      )}
      <div role="status">
        <Step {...{ server, error, enrolled, expired }} />
      </div>
      <FailureNote failure={failure} />
      {!enrolled && (expired || error === null) && (
        <Button kind={expired ? 'primary' : 'plain'} busy={busy} onClick={() => void renew()}>
          New token
        </Button>
      )}
    </div>
  )
}

function Step({
  server,
  error,
  enrolled,
  expired,
}: {
  server: ServerView | undefined
  error: Error | null
  enrolled: boolean
  expired: boolean
}) {
  if (error !== null) return <Failed>{error.message}</Failed>
  if (enrolled && server?.lease.live === true) {
    return (
      <p className="flex items-center gap-2 text-good">
        <CircleCheck aria-hidden className="size-5 shrink-0" />
        {server.status === 'active'
          ? 'Its worker is there: the server is active and takes instances.'
          : `Its worker is there; the server is ${server.status} and takes instances when you activate it.`}
      </p>
    )
  }
  if (enrolled) return <Waiting>Its worker has enrolled; waiting for it to take up its work …</Waiting>
  if (expired) return <Failed>The token has expired before a worker used it. Make a new one.</Failed>
  if (server?.status === 'error' || server?.status === 'inactive') {
    return (
      <Failed>{server.status_reason ?? `The server is ${server.status}; activate it when its worker runs.`}</Failed>
    )
  }
  return <Waiting>Waiting for the worker …</Waiting>
}

function Waiting({ children }: { children: ReactNode }) {
  return (
    <p className="flex items-center gap-2">
      <span
        aria-hidden
        className="size-4 shrink-0 animate-spin rounded-full border-2 border-accent border-t-transparent"
      />
      {children}
    </p>
  )
}

function Failed({ children }: { children: ReactNode }) {
  return (
    <p className="flex items-center gap-2 text-bad">
      <TriangleAlert aria-hidden className="size-5 shrink-0" />
      {children}
    </p>
  )
}

/** Becomes true when that moment has passed. */
function useExpired(at: string): boolean {
  const [expired, setExpired] = useState(false)
  useEffect(() => {
    const left = Date.parse(at) - Date.now()
    setExpired(left <= 0)
    if (left <= 0) return
    const timer = setTimeout(() => setExpired(true), left)
    return () => clearTimeout(timer)
  }, [at])
  return expired
}
