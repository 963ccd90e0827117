import { useState } from 'react'
import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import { sendTestMessageContract } from '#contracts/http/fleet-messages.ts'
import type { MessageId } from '#contracts/ids.ts'
import { Card } from '#dashboard/components/Card.tsx'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { SubmitButton } from '#dashboard/components/SubmitButton.tsx'
import { useInstanceChanges } from '#dashboard/features/instances/api/change-instance.ts'
import { readPhoneNumber } from '#dashboard/lib/read-phone-number.ts'
import { useForm } from '#dashboard/lib/use-form.ts'
import { MessageClimb } from './MessageClimb.tsx'

/** Writes to a phone and shows how far the message comes. */
export function TestMessageCard({ instance }: { instance: FleetInstanceView }) {
  const [sent, setSent] = useState<MessageId>()
  const { sendTest } = useInstanceChanges(instance.id)
  const form = useForm({
    schema: sendTestMessageContract.body,
    read: (fields) => ({ to: readPhoneNumber(fields.text('to')), text: fields.text('text') }),
    async send(body) {
      const { data } = await sendTest(body)
      setSent(data.id)
    },
  })
  return (
    <Card title="Test message" hint="It counts as a message of the customer, and is in the audit log.">
      <form onSubmit={form.onSubmit} noValidate className="grid gap-4 sm:grid-cols-[16rem_minmax(0,1fr)]">
        <TextField
          name="to"
          label="To"
          type="tel"
          placeholder="+5511999990002"
          hint="A phone of yours, with its country code."
          error={form.errors['to']}
        />
        <TextField name="text" label="Text" defaultValue="A test by Wharf" error={form.errors['text']} />
        <div className="space-y-4 sm:col-span-2">
          <FailureNote failure={form.failure} />
          <SubmitButton form={form}>Send</SubmitButton>
          {sent !== undefined && <MessageClimb key={sent} instanceId={instance.id} messageId={sent} />}
        </div>
      </form>
    </Card>
  )
}
