import { Plus } from 'lucide-react'
import { z } from 'zod'
import { Button } from '#dashboard/components/Button.tsx'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { useForm } from '#dashboard/lib/use-form.ts'
import { makePhone, type PhoneView } from '#local/phone/page/api/phones.ts'

const newPhone = z.object({ name: z.string().max(100, 'must have at most 100 characters') })

export function PhoneList({
  phones,
  chosen,
  choose,
}: {
  phones: PhoneView[]
  chosen: PhoneView | undefined
  choose: (number: string) => void
}) {
  const form = useForm({
    schema: newPhone,
    read: (fields) => ({ name: fields.text('name').trim() }),
    send: async ({ name }) => choose((await makePhone(name)).phone_number),
  })
  return (
    <>
      <ul aria-label="Phones" className="max-h-[40vh] space-y-1 overflow-y-auto">
        {phones.map((phone) => (
          <li key={phone.phone_number}>
            <button
              type="button"
              aria-current={phone === chosen}
              onClick={() => choose(phone.phone_number)}
              className="w-full rounded-md px-3 py-2 text-left hover:bg-sunken aria-[current=true]:bg-accent-soft aria-[current=true]:text-accent-strong"
            >
              <bdi className="block font-medium">{phone.name}</bdi>
              <span className="text-xs text-muted">{phone.phone_number}</span>
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={form.onSubmit} noValidate className="space-y-3">
        <TextField name="name" label="Name of a new phone" error={form.errors['name']} />
        <FailureNote failure={form.failure} />
        <Button type="submit" busy={form.busy} className="w-full">
          <Plus aria-hidden /> New phone
        </Button>
      </form>
    </>
  )
}
