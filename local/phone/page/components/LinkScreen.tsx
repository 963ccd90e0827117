import { ScanLine } from 'lucide-react'
import { z } from 'zod'
import { Button } from '#dashboard/components/Button.tsx'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { useForm } from '#dashboard/lib/use-form.ts'
import { enterCode, scan, usePhoneChange, useScreens, type PhoneView } from '#local/phone/page/api/phones.ts'
import type { Place } from './PhoneFrame.tsx'
import { ScreenBar } from './ScreenBar.tsx'

const typed = z.object({ code: z.string().min(8, 'must have 8 characters').max(20, 'must have 8 characters') })

/** The camera sees the QR code of each instance that shows one; beside it the code that one types. */
export function LinkScreen({ phone, go }: { phone: PhoneView; go: (place: Place) => void }) {
  const { phone_number: number } = phone
  const linked = () => go({ at: 'devices' })
  const code = usePhoneChange((text: string) => enterCode(number, text))
  const form = useForm({
    schema: typed,
    read: (fields) => ({ code: fields.text('code').trim() }),
    async send({ code: text }) {
      await code.mutateAsync(text)
      linked()
    },
  })
  return (
    <>
      <ScreenBar title="Link a device" back={linked} />
      <div className="flex-1 space-y-6 overflow-y-auto p-4">
        <Camera number={number} linked={linked} />
        <form onSubmit={form.onSubmit} noValidate className="space-y-3 border-t border-line pt-4">
          <h3 className="font-semibold">Link with phone number instead</h3>
          <TextField
            name="code"
            label="Code"
            hint={`The 8 characters that were made for ${number}.`}
            className="font-mono uppercase"
            error={form.errors['code']}
          />
          <FailureNote failure={form.failure} />
          <Button type="submit" busy={form.busy} className="w-full">
            Link by code
          </Button>
        </form>
      </div>
    </>
  )
}

function Camera({ number, linked }: { number: string; linked: () => void }) {
  const screens = useScreens()
  const scanning = usePhoneChange((instanceId: string) => scan(number, instanceId).then(linked))
  const failure = scanning.error ?? screens.error
  return (
    <section className="space-y-3">
      <h3 className="font-semibold">QR codes in sight</h3>
      <FailureNote failure={failure instanceof CallFailed ? failure : undefined} />
      <ul aria-label="QR codes in sight" className="space-y-2">
        {screens.data?.map(({ instance_id: id, instance_name: name, customer_name: customer }) => (
          <li key={id} className="flex items-center gap-3 rounded-lg border border-line p-3">
            <span className="min-w-0 flex-1">
              <bdi className="block truncate font-medium">{name}</bdi>
              <bdi className="block truncate text-xs text-muted">{customer}</bdi>
            </span>
            <Button
              kind="primary"
              aria-label={`Scan ${name}`}
              busy={scanning.isPending && scanning.variables === id}
              onClick={() => scanning.mutate(id)}
            >
              <ScanLine aria-hidden /> Scan
            </Button>
          </li>
        ))}
        {screens.data?.length === 0 && (
          <li className="rounded-lg bg-sunken px-4 py-6 text-center text-muted">
            No instance shows a code now. Create or start one, and its code appears here.
          </li>
        )}
      </ul>
    </section>
  )
}
