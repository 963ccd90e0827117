import { useState } from 'react'
import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import type { InstanceState } from '#contracts/instance-states.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { Card } from '#dashboard/components/Card.tsx'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { useInstanceChanges } from '#dashboard/features/instances/api/change-instance.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { LiveQr } from './LiveQr.tsx'
import { PairingCodeForm } from './PairingCodeForm.tsx'

type Way = 'qr' | 'code'
const needsStart: readonly InstanceState[] = ['created', 'stopped', 'logged_out', 'failed']

/** Links a phone from here. Whoever sees a code can link one: nothing is shown unasked. */
export function PairingCard({ instance }: { instance: FleetInstanceView }) {
  const [way, setWay] = useState<Way>()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<CallFailed>()
  const { start } = useInstanceChanges(instance.id)

  const show = async (next: Way) => {
    setFailure(undefined)
    setBusy(true)
    try {
      if (instance.desired === 'stopped' || needsStart.includes(instance.state)) await start()
      setWay(next)
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Card
      title="Link a phone"
      hint="WhatsApp on the phone: Linked devices, Link a device. Each code that you see is in the audit log."
    >
      <div className="space-y-4">
        <div className="flex flex-wrap gap-2">
          <Button busy={busy} aria-pressed={way === 'qr'} onClick={() => void show('qr')}>
            Show a QR code
          </Button>
          <Button busy={busy} aria-pressed={way === 'code'} onClick={() => void show('code')}>
            Use a code by phone number
          </Button>
        </div>
        <FailureNote failure={failure} />
        {way === 'qr' && <LiveQr instanceId={instance.id} />}
        {way === 'code' && <PairingCodeForm instanceId={instance.id} />}
      </div>
    </Card>
  )
}
