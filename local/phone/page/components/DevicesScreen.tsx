import { Laptop } from 'lucide-react'
import { Button } from '#dashboard/components/Button.tsx'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { formatMoment } from '#dashboard/lib/format.ts'
import { unlink, usePhoneChange, type PhoneView } from '#local/phone/page/api/phones.ts'
import type { Place } from './PhoneFrame.tsx'
import { ScreenBar } from './ScreenBar.tsx'

/** Instances are linked devices of a phone: here they are linked, and logged out. */
export function DevicesScreen({ phone, go }: { phone: PhoneView; go: (place: Place) => void }) {
  const removal = usePhoneChange((deviceId: number) => unlink(phone.phone_number, deviceId))
  return (
    <>
      <ScreenBar title="Linked devices" back={() => go({ at: 'chats' })} />
      <div className="border-b border-line p-4">
        <Button kind="primary" className="w-full" onClick={() => go({ at: 'link' })}>
          Link a device
        </Button>
      </div>
      <div className="px-4 pt-3">
        <FailureNote failure={removal.error instanceof CallFailed ? removal.error : undefined} />
      </div>
      <ul aria-label="Linked devices" className="flex-1 overflow-y-auto">
        {phone.devices.map(({ device_id: deviceId, platform, linked_at_ms: linkedAtMs }) => (
          <li key={deviceId} className="flex items-center gap-3 px-4 py-3">
            <Laptop aria-hidden className="size-5 shrink-0 text-muted" />
            <span className="min-w-0 flex-1">
              <bdi className="block font-medium">{platform}</bdi>
              <span className="text-xs text-muted">linked {formatMoment(new Date(linkedAtMs).toISOString())}</span>
            </span>
            <Button aria-label={`Log out ${platform}`} onClick={() => removal.mutate(deviceId)}>
              Log out
            </Button>
          </li>
        ))}
        {phone.devices.length === 0 && <li className="px-6 py-12 text-center text-muted">No device is linked.</li>}
      </ul>
    </>
  )
}
