import { phoneNumberSchema } from '#contracts/fields.ts'
import { z } from 'zod'
import { Button } from '#dashboard/components/Button.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { useForm } from '#dashboard/lib/use-form.ts'
import type { PhoneView } from '#local/phone/page/api/phones.ts'
import type { Place } from './PhoneFrame.tsx'
import { ScreenBar } from './ScreenBar.tsx'

const wanted = z.object({ number: phoneNumberSchema })

/** With another virtual phone, or with a number. */
export function NewChatScreen({
  phone,
  phones,
  go,
}: {
  phone: PhoneView
  phones: PhoneView[]
  go: (place: Place) => void
}) {
  const form = useForm({
    schema: wanted,
    read: (fields) => ({ number: fields.text('number').trim() }),
    send: async ({ number }) => go({ at: 'chat', jid: `${number.slice(1)}@s.whatsapp.net` }),
  })
  return (
    <>
      <ScreenBar title="New chat" back={() => go({ at: 'chats' })} />
      <form onSubmit={form.onSubmit} noValidate className="space-y-3 border-b border-line p-4">
        <TextField name="number" type="tel" label="Number" error={form.errors['number']} />
        <Button type="submit" kind="primary" className="w-full">
          Open the chat
        </Button>
      </form>
      <ul aria-label="Contacts" className="flex-1 overflow-y-auto py-2">
        {phones
          .filter(({ jid }) => jid !== phone.jid)
          .map(({ jid, name, phone_number: number }) => (
            <li key={jid}>
              <button
                type="button"
                onClick={() => go({ at: 'chat', jid })}
                className="w-full px-4 py-2 text-left hover:bg-sunken"
              >
                <bdi className="block font-medium">{name}</bdi>
                <span className="text-xs text-muted">{number}</span>
              </button>
            </li>
          ))}
      </ul>
    </>
  )
}
