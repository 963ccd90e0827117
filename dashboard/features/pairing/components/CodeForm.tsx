import { requestGuestCodeContract } from '#contracts/http/pairing.ts'
import { TextField } from '#dashboard/components/Field.tsx'
import { SubmitButton } from '#dashboard/components/SubmitButton.tsx'
import { requestCode } from '#dashboard/features/pairing/api/request-code.ts'
import { useTexts } from '#dashboard/features/pairing/language.ts'
import { useForm } from '#dashboard/lib/use-form.ts'
import { CodeFailure } from './CodeFailure.tsx'
import type { MadeCode } from './WaysToLink.tsx'

/** Asks for the number of the phone on which the code will be typed. */
export function CodeForm({ token, onCode }: { token: string; onCode: (code: MadeCode) => void }) {
  const texts = useTexts()
  const form = useForm({
    schema: requestGuestCodeContract.body,
    read: (fields) => ({ phone_number: asDialled(fields.text('phone_number')) }),
    async send({ phone_number: phoneNumber }) {
      onCode({ ...(await requestCode(token, phoneNumber)), phoneNumber })
    },
  })
  return (
    <form onSubmit={form.onSubmit} noValidate className="w-full space-y-4">
      <TextField
        name="phone_number"
        type="tel"
        autoComplete="tel"
        autoFocus
        label={texts.number}
        hint={texts.numberHint}
        error={form.errors['phone_number'] === undefined ? undefined : texts.numberWrong}
      />
      <CodeFailure failure={form.failure} />
      <SubmitButton form={form} className="w-full">
        {texts.getCode}
      </SubmitButton>
    </form>
  )
}

/** As people write numbers: with spaces, dots, dashes and brackets, and 00 for +. */
function asDialled(text: string): string {
  return text.replaceAll(/[\s().\-/]/g, '').replace(/^00/, '+')
}
