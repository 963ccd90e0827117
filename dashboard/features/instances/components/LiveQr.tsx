import type { QrView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { PairingEnd } from '#contracts/pairing-end.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { QrPicture } from '#dashboard/components/QrPicture.tsx'
import { useLiveQr } from '#dashboard/features/instances/api/use-live-qr.ts'
import { useSecondsUntil } from '#dashboard/lib/use-seconds-until.ts'

const ends: Record<PairingEnd, string> = {
  paired: 'The phone is linked.',
  failed: 'No phone was linked; the reason stands above. Show a code again to start anew.',
  stopped: 'The instance was stopped meanwhile.',
  timeout: 'Nobody scanned a code for five minutes.',
}

/** The code to scan, a new one each time WhatsApp gives one, until a phone is linked. */
export function LiveQr({ instanceId }: { instanceId: InstanceId }) {
  const { qr, end, failure, again } = useLiveQr(instanceId)
  if (failure !== undefined || end !== undefined) {
    return (
      <div className="space-y-3">
        <FailureNote failure={failure} />
        {end !== undefined && <p role="status">{ends[end]}</p>}
        {end !== 'paired' && end !== 'failed' && <Button onClick={again}>Try again</Button>}
      </div>
    )
  }
  if (qr === undefined) {
    return (
      <p role="status" className="animate-appear text-muted">
        Waiting for a code …
      </p>
    )
  }
  return <Code qr={qr} />
}

function Code({ qr }: { qr: QrView }) {
  const seconds = useSecondsUntil(qr.expires_at)
  return (
    <figure className="w-fit max-w-full">
      <QrPicture
        text={qr.qr}
        label="QR code to scan with WhatsApp"
        className="w-64 max-w-full rounded-md border border-line"
      />
      <figcaption className="mt-2 text-center text-xs text-muted tabular-nums">
        {seconds === undefined ? 'The code renews itself' : `New code in ${seconds} s`}
      </figcaption>
    </figure>
  )
}
