import { useState } from 'react'
import { requestFleetPairingCodeContract } from '#contracts/http/fleet-pairing.ts'
import type { PairingCodeView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { Secret } from '#dashboard/components/Secret.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { SubmitButton } from '#dashboard/components/SubmitButton.tsx'
import { useInstanceChanges } from '#dashboard/features/instances/api/change-instance.ts'
import { readPhoneNumber } from '#dashboard/lib/read-phone-number.ts'
import { useForm } from '#dashboard/lib/use-form.ts'

/** A code to type on the phone of that number. */
export function PairingCodeForm({ instanceId }: { instanceId: InstanceId }) {
  const [code, setCode] = useState<PairingCodeView>()
  const { requestCode } = useInstanceChanges(instanceId)
  const form = useForm({
    schema: requestFleetPairingCodeContract.body,
    read: (fields) => ({ phone_number: readPhoneNumber(fields.text('phone_number')) }),
    async send(body) {
      setCode(undefined)
      const { data } = await requestCode(body)
      setCode(data)
    },
  })
  return (
    <form onSubmit={form.onSubmit} noValidate className="max-w-md space-y-4">
      <TextField
        name="phone_number"
        label="Phone number"
        type="tel"
        placeholder="+5511999990001"
        hint="Of the phone that is linked, with its country code."
        error={form.errors['phone_number']}
      />
      <FailureNote failure={form.failure} />
      <SubmitButton form={form}>Get a code</SubmitButton>
      {code !== undefined && (
        <div role="status" className="space-y-2">
          <p>On the phone choose “Link with phone number instead”, and type:</p>
          <Secret label="Pairing code" value={code.code} />
          <p className="text-xs text-muted">
            Good until <Time value={code.expires_at} />.
          </p>
        </div>
      )}
    </form>
  )
}
